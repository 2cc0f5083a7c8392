package web_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"weir/graph"
	"weir/marketplace"
)

// still has a page jump instead of glide to what is clicked, so that a click doesn't miss it.
const still = `(document.documentElement.style.scrollBehavior = "auto")`

// TestRequest_AtMostFourClicks finds a product by words, asks for it and sends, with at most four clicks; the rest is typed.
func TestRequest_AtMostFourClicks(t *testing.T) {
	ctx, heard := browser(t)
	w := newShop(t)
	server := w.serve()
	signInAs(t, ctx, server.URL, "dana")
	clicks := 0
	click := func(selector string) {
		clicks++
		do(t, ctx, chromedp.Click(selector))
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/products?q=customer"))
	click(`main a[href^="/products/customer-360"]`)
	holds(t, ctx, `location.pathname === "/products/customer-360"`)
	click(`main a[href^="/requests/new"]`)
	holds(t, ctx, `document.querySelector("#ask") && document.querySelector("#verdict")`)
	holds(t, ctx, still)
	do(t, ctx, script(`document.querySelector("#f-purpose").focus()`), chromedp.KeyEvent("Camp"))
	holds(t, ctx, `document.querySelector("#f-purpose").value === "campaign"`)
	holds(t, ctx, `!document.querySelector("#verdict").textContent.includes("Choose what it is for")`)
	do(t, ctx, script(`document.querySelector("#f-why").focus()`), chromedp.KeyEvent("Plan the spring campaign."))
	click(`input[name^="terms-"]`)
	holds(t, ctx, `document.querySelector('input[name^="terms-"]').checked`)
	click(`#ask .steps button:not([hidden]):not([formaction])`)
	holds(t, ctx, `location.pathname.startsWith("/requests/req_")`)
	if clicks > 4 {
		t.Errorf("it took %d clicks", clicks)
	}
	holds(t, ctx, `document.querySelector("main").textContent.includes("Plan the spring campaign.")`)
	if texts := heard.take(); len(texts) > 0 {
		t.Errorf("the browser says %q", texts)
	}
}

// TestRequest_PreviewFollowsTheForm changes the form: what would come of it changes beside it, and nothing typed is lost.
func TestRequest_PreviewFollowsTheForm(t *testing.T) {
	ctx, heard := browser(t)
	w := newShop(t)
	server := w.serve()
	signInAs(t, ctx, server.URL, "dana")
	do(t, ctx, chromedp.Navigate(server.URL+newAsk(w.product)))
	holds(t, ctx, still)
	do(t, ctx, script(`document.querySelector("#f-why").focus()`), chromedp.KeyEvent("Half a sent"))
	do(t, ctx, chromedp.Click(`input[name=access][value=read]`))
	holds(t, ctx, `document.querySelector("#verdict").textContent.includes("Cleo Winter")`)
	holds(t, ctx, `document.activeElement.name === "access" && document.activeElement.value === "read"`)
	email := `input[name^="columns-"]:checked`
	do(t, ctx, chromedp.Click(email))
	holds(t, ctx, `!document.querySelector("#verdict").textContent.includes("Cleo Winter") && document.querySelector("#ask-items").textContent.includes("3 of 4 columns")`)
	holds(t, ctx, `document.activeElement.name.startsWith("columns-") && !document.activeElement.checked && document.querySelector("#f-why").value === "Half a sent"`)
	if texts := heard.take(); len(texts) > 0 {
		t.Errorf("the browser says %q", texts)
	}
}

// requestPages are addresses that show each kind of page, with what dana asked for.
func (w *shop) requestPages() map[string]string {
	w.t.Helper()
	ask := func(in marketplace.Ask) marketplace.RequestView {
		in.Purpose, in.Why = "campaign", "Plan the spring win-back campaign: size of each churn band by postcode area, to decide where stores take part."
		req, err := w.market.Submit(w.acting("dana"), in)
		must(w.t, err)
		return req
	}
	waits := ask(marketplace.Ask{Access: "read", Days: 30, Items: []marketplace.AskItem{{Target: w.product, Terms: 1}}})
	granted := ask(marketplace.Ask{Access: "metadata", Days: 90, For: w.ids["growth"], Items: []marketplace.AskItem{{Target: deskPlain}, {Target: deskMart}}})
	asked := ask(marketplace.Ask{Access: "masked", Days: 7, Items: []marketplace.AskItem{{Target: deskPlain}}})
	_, err := w.market.Decide(w.acting("tom"), marketplace.Decide{Item: asked.Items[0].ID, Verdict: marketplace.AskBack, Reason: "Which stores take part?"})
	must(w.t, err)
	draft, err := w.market.SaveDraft(w.acting("dana"), marketplace.Ask{Access: "export", Days: 45, Items: []marketplace.AskItem{{Target: w.product}, {Target: deskPlain}}})
	must(w.t, err)
	page := func(id graph.ID) string { return "/requests/" + string(id) }
	return map[string]string{
		"ask": newAsk(w.product), "ask-basket": "/requests/new?draft=" + string(draft.ID), "ask-nothing": "/requests/new",
		"requests": "/requests", "requests-drafts": "/requests?state=draft", "requests-none": "/requests?q=zebra",
		"request": page(waits.ID), "request-granted": page(granted.ID), "request-question": page(asked.ID),
	}
}

// TestRequestPagesInTheBrowser opens each page on a phone and on a wide screen, by day and by night. WEIR_SCREENSHOTS names a
// folder for pictures of them.
func TestRequestPagesInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	w := newShop(t)
	pages := w.requestPages()
	server := w.serve()
	axe := readAxe(t)
	signInAs(t, ctx, server.URL, "dana")
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1280} {
			do(t, ctx, screen(width, theme)...)
			for name, address := range pages {
				do(t, ctx, chromedp.Navigate(server.URL+address))
				checkLook(t, ctx, heard, name+", "+theme, width)
				checkAxe(t, ctx, axe, name+", "+theme)
				if dir := os.Getenv("WEIR_SCREENSHOTS"); dir != "" {
					picture(t, ctx, filepath.Join(dir, name+"-"+theme+map[int64]string{390: "-phone", 1280: ""}[width]+".png"))
				}
			}
		}
	}
}
