package web_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"weir/graph"
	"weir/marketplace"
)

// signInAs signs somebody in in the browser.
func signInAs(t *testing.T, ctx context.Context, server, login string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(server+"/sign-in"), chromedp.SetValue("input[name=login]", login), chromedp.SetValue("input[name=password]", townPassword),
		chromedp.Click("form[action='/sign-in'] button"))
	holds(t, ctx, `location.pathname === "/"`)
}

// Twenty requests are decided by keyboard alone: approved, approved for fewer days, asked about and rejected in turn. The page
// goes on with the next one after each.
func TestInboxInTheBrowser_TwentyByKeyboard(t *testing.T) {
	ctx, heard := browser(t)
	w := newDesk(t)
	ids := w.many(20)
	server := w.serve()
	signInAs(t, ctx, server.URL, "tom")
	do(t, ctx, chromedp.KeyEvent("g"), chromedp.KeyEvent("i"))
	holds(t, ctx, `location.pathname === "/inbox"`)
	do(t, ctx, chromedp.KeyEvent("j"))
	want := map[graph.ID]marketplace.ItemState{}
	for n, id := range ids {
		holds(t, ctx, fmt.Sprintf("location.pathname === '/inbox/%s'", id))
		switch n % 4 {
		case 0:
			want[id] = marketplace.Approved
			do(t, ctx, chromedp.KeyEvent("a"))
			holds(t, ctx, `document.activeElement.value === "approve"`)
			do(t, ctx, chromedp.KeyEvent(kb.Enter))
		case 1:
			want[id] = marketplace.Rejected
			do(t, ctx, chromedp.KeyEvent("d"), chromedp.KeyEvent("Ask for the masked one."), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
		case 2:
			want[id] = marketplace.NeedsInfo
			do(t, ctx, chromedp.KeyEvent("q"), chromedp.KeyEvent("What for?"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
		case 3:
			want[id] = marketplace.Approved
			do(t, ctx, chromedp.KeyEvent("l"), chromedp.KeyEvent(" ")) // leaves out the first column
			holds(t, ctx, `document.querySelector("[data-less-label]").textContent === "Approve 1 column for 30 days"`)
			do(t, ctx, chromedp.KeyEvent(kb.Enter))
		}
	}
	holds(t, ctx, `location.pathname === "/inbox" && document.querySelector(".list-note").textContent.includes("Nothing waits for you")`)
	for id, state := range want {
		if got := w.state(id); got != state {
			t.Errorf("%s is %s, want %s", id, got, state)
		}
	}
	if texts := heard.take(); len(texts) > 0 {
		t.Errorf("the browser complains: %q", texts)
	}
}

func TestInboxInTheBrowser_Keys(t *testing.T) {
	ctx, _ := browser(t)
	w := newDesk(t)
	ids := w.many(3)
	server := w.serve()
	signInAs(t, ctx, server.URL, "tom")
	at := func(n int) string { return fmt.Sprintf("location.pathname === '/inbox/%s'", ids[n]) }
	do(t, ctx, chromedp.Navigate(server.URL+"/inbox"), chromedp.KeyEvent("o"))
	holds(t, ctx, at(0))
	do(t, ctx, chromedp.KeyEvent("j"))
	holds(t, ctx, at(1))
	do(t, ctx, chromedp.KeyEvent("k"))
	holds(t, ctx, at(0))
	do(t, ctx, chromedp.KeyEvent("x"))
	holds(t, ctx, `document.querySelector("[data-picked]").textContent === "1 chosen" && document.querySelector(".bulk").checkVisibility()`)
	do(t, ctx, chromedp.KeyEvent("d"))
	holds(t, ctx, `document.activeElement.id === "f-reject"`)
	do(t, ctx, script(`document.activeElement.value = ""`), chromedp.KeyEvent("jx"))
	holds(t, ctx, `document.activeElement.value === "jx"`) // letters are letters in a field
	do(t, ctx, chromedp.KeyEvent(kb.Escape))
	holds(t, ctx, `!document.querySelector(".decide details[open]") && document.activeElement.dataset.key === "d"`)
	do(t, ctx, chromedp.KeyEvent("/"))
	holds(t, ctx, `document.activeElement.type === "search"`)
	do(t, ctx, script(`document.activeElement.blur()`), chromedp.KeyEvent("?"))
	holds(t, ctx, `document.getElementById("keys").matches(":popover-open") && document.getElementById("keys").textContent.includes("In the inbox")`)

	do(t, ctx, chromedp.Navigate(server.URL+"/inbox/"+string(ids[0])), chromedp.KeyEvent("?"), chromedp.Click("#keys button[name=keys]"))
	holds(t, ctx, `document.documentElement.dataset.keys === "off"`)
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.KeyEvent("d"))
	holds(t, ctx, at(0)+` && !document.querySelector(".decide details[open]")`)
}

// TestInboxPagesInTheBrowser looks at each page on a phone and on a wide screen, by day and by night. WEIR_SCREENSHOTS names a
// folder for pictures.
func TestInboxPagesInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	w := newDesk(t)
	must(t, marketplace.InstallTemplates(t.Context(), w.store, noon))
	ids := w.many(4)
	item := w.asks("ada", deskMart)
	less, err := w.market.Item(w.acting("tom"), ids[0])
	must(t, err)
	done, err := w.market.Decide(w.acting("tom"), marketplace.Decide{Item: ids[0], Version: less.Version, Seen: less.Facts, Verdict: marketplace.Approve, Days: 14, Reason: "Two weeks will do."})
	must(t, err)
	server := w.serve()
	axe := readAxe(t)
	signInAs(t, ctx, server.URL, "tom")
	heard.take()
	pages := map[string]string{
		"inbox": "/inbox", "inbox-item": "/inbox/" + string(item.ID), "inbox-decided": "/inbox/" + string(ids[1]) + "?decided=" + string(ids[0]),
		"inbox-none": "/inbox?q=zebra", "inbox-bulk": fmt.Sprintf("/inbox/bulk?do=reject&item=%s&item=%s&item=%s", item.ID, ids[0], ids[1]),
		"decision": "/decisions/" + string(done.Decisions[0].ID),
	}
	dir := os.Getenv("WEIR_SCREENSHOTS")
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1280} {
			do(t, ctx, screen(width, theme)...)
			for name, address := range pages {
				do(t, ctx, chromedp.Navigate(server.URL+address))
				holds(t, ctx, `document.fonts.status === "loaded"`)
				checkLook(t, ctx, heard, name+", "+theme, width)
				checkAxe(t, ctx, axe, name+", "+theme)
				if dir != "" {
					picture(t, ctx, filepath.Join(dir, name+"-"+theme+map[int64]string{390: "-phone", 1280: ""}[width]+".png"))
				}
			}
			do(t, ctx, chromedp.Navigate(server.URL+pages["inbox-item"]), script(`document.querySelector("[data-key=l]").click()`))
			checkLook(t, ctx, heard, "approve less, "+theme, width)
			checkAxe(t, ctx, axe, "approve less, "+theme)
			if dir != "" {
				picture(t, ctx, filepath.Join(dir, "inbox-less-"+theme+map[int64]string{390: "-phone", 1280: ""}[width]+".png"))
			}
		}
	}
}
