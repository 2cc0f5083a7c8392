package web_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestPagesInTheBrowser opens each page on a phone and on a wide screen, by day and by night: the policy refuses nothing,
// no script fails, nothing scrolls sideways. WEIR_AXE names axe.min.js, which then finds nothing either.
func TestPagesInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	_, server, pages := companySite(t)
	axe := readAxe(t)
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1440} {
			do(t, ctx, screen(width, theme)...)
			for name, address := range pages {
				do(t, ctx, chromedp.Navigate(server.URL+address))
				for _, text := range heard.take() {
					if name != "missing" || !strings.Contains(text, "404") {
						t.Errorf("%s, %s, %d: %s", name, theme, width, text)
					}
				}
				if wide := asks[int](t, ctx, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
					t.Errorf("%s, %s, %d: scrolls %d pixels sideways", name, theme, width, wide)
				}
				checkAxe(t, ctx, axe, name+", "+theme)
			}
		}
	}
}

func readAxe(t *testing.T) string {
	path := os.Getenv("WEIR_AXE")
	if path == "" {
		t.Log("accessibility is not looked at: WEIR_AXE names no axe.min.js")
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func checkAxe(t *testing.T, ctx context.Context, axe, name string) {
	t.Helper()
	if axe == "" {
		return
	}
	do(t, ctx, script(axe+"; undefined"))
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ["violations"]}).then(r =>
		r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(" | ")))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		t.Errorf("%s: %s", name, v)
	}
}

func TestKeysInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	_, server, pages := companySite(t)
	do(t, ctx, chromedp.Navigate(server.URL+"/"), chromedp.KeyEvent("/"))
	holds(t, ctx, `document.activeElement.name === "q"`)
	do(t, ctx, chromedp.KeyEvent("churn"+kb.Enter))
	holds(t, ctx, `location.pathname === "/search" && document.querySelectorAll(".hit").length > 0`)
	do(t, ctx, chromedp.Click("button[name=theme]"))
	holds(t, ctx, `document.documentElement.classList.contains("light")`)
	do(t, ctx, chromedp.Navigate(server.URL+pages["dataset"]))
	holds(t, ctx, `document.documentElement.classList.contains("light")`)
	if texts := heard.take(); len(texts) > 0 {
		t.Errorf("the browser complains: %q", texts)
	}
}

func TestLineageInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	_, server, pages := companySite(t)
	do(t, ctx, chromedp.Navigate(server.URL+pages["lineage"]), chromedp.WaitVisible(".lin-zoom"))
	holds(t, ctx, `document.querySelector("#time")`) // the time bar came by itself
	holds(t, ctx, `document.querySelectorAll('svg[data-picture] a[tabindex="0"]').length === 1`)
	do(t, ctx, script(`window.stays = true; document.querySelector("a.root").focus()`), chromedp.KeyEvent(kb.ArrowLeft))
	holds(t, ctx, `document.activeElement.dataset.node.startsWith("tf_")`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowLeft))
	holds(t, ctx, `document.activeElement.dataset.node.startsWith("ds_") && !document.activeElement.classList.contains("root")`)
	before := asks[int](t, ctx, `document.querySelectorAll("svg[data-picture] a[data-node]:not(.handle)").length`)
	do(t, ctx, script(`document.querySelector("a.handle").focus()`), chromedp.KeyEvent(kb.Enter))
	holds(t, ctx, `location.search.includes("open=") && window.stays === true`)
	if after := asks[int](t, ctx, `document.querySelectorAll("svg[data-picture] a[data-node]:not(.handle)").length`); after <= before {
		t.Errorf("%d boxes before unfolding, %d after", before, after)
	}
	do(t, ctx, chromedp.Click(`input[name=mode]`))
	holds(t, ctx, `location.search.includes("mode=columns") && document.querySelector("svg[data-picture] .row") && window.stays === true`)
	do(t, ctx, script(`history.back()`))
	holds(t, ctx, `!location.search.includes("mode=columns") && document.querySelectorAll("#lin").length === 1`)
	if texts := heard.take(); len(texts) > 0 {
		t.Errorf("the browser complains: %q", texts)
	}
}

// TestWithoutScript searches, opens a dataset, unfolds its lineage and describes it with scripts switched off.
func TestWithoutScript(t *testing.T) {
	ctx, _ := browser(t)
	w, server, _ := companySite(t)
	do(t, ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	do(t, ctx, chromedp.Navigate(server.URL+"/"), chromedp.SendKeys("input[name=q]", "customer 360"+kb.Enter))
	holds(t, ctx, `location.pathname === "/search"`)
	holds(t, ctx, `!document.documentElement.classList.contains("js")`)
	do(t, ctx, chromedp.Click(`input[name=kind][value=dataset]`), chromedp.Click(`.no-js`))
	holds(t, ctx, `location.search.includes("kind=dataset")`)
	do(t, ctx, chromedp.Click(`a[href="`+martURL+`"]`))
	holds(t, ctx, `document.querySelector("h1").textContent.includes("Customer 360")`)
	do(t, ctx, chromedp.Click(`.head-acts a`))
	holds(t, ctx, `document.querySelector("a.handle")`)
	do(t, ctx, chromedp.Navigate(server.URL+asks[string](t, ctx, `document.querySelector("a.handle").getAttribute("href")`)))
	holds(t, ctx, `location.search.includes("open=") && document.querySelectorAll("#lin").length === 1`)
	do(t, ctx, chromedp.Navigate(server.URL+martURL+"/edit"), chromedp.SetValue("#f-title", "Named without script"), chromedp.Click(".form-acts button"))
	holds(t, ctx, `document.querySelector("h1").textContent.includes("Named without script")`)
	if got := heading(w.ok(martURL)); got != "Named without script" {
		t.Errorf("the store has %q", got)
	}
}
