package web_test

import (
	"os"
	"path/filepath"
	"testing"

	"weir/views/link"

	"github.com/chromedp/chromedp"
)

// TestCorrectionsInTheBrowser opens the pages that correct lineage on a phone and on a wide screen, by day and by night.
// WEIR_SCREENSHOTS names a folder for pictures of them.
func TestCorrectionsInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	v := newTown(t)
	v.tellJSON(loadEvent("report"), named("tickets_copy", "tickets"), named("tickets_by_day_and_agent_with_a_rather_long_name_in_the_old_warehouse"))
	server := v.serve()
	axe := readAxe(t)
	signInBrowser(t, ctx, server.URL)
	heard.take()
	pages := map[string]string{
		"lineage-steps": link.DatasetTab(idNamed("report"), "report", link.Flow), "close": link.CloseEdge(tickets, "tickets", "", loadJob), "overview": ticketsURL,
		"same": link.Same(tickets, "tickets", ""), "same-found": link.Same(tickets, "tickets", "tickets"), "same-none": link.Same(tickets, "tickets", "zzz"),
		"same-no":  link.SamePair(tickets, "tickets", idNamed("tickets_copy"), tickets),
		"same-yes": link.SamePair(tickets, "tickets", tickets, idNamed("report")),
	}
	dir := os.Getenv("WEIR_SCREENSHOTS")
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1280} {
			do(t, ctx, screen(width, theme)...)
			for name, address := range pages {
				do(t, ctx, chromedp.Navigate(server.URL+address))
				checkLook(t, ctx, heard, name+", "+theme, width)
				checkAxe(t, ctx, axe, name+", "+theme)
				if dir != "" {
					picture(t, ctx, filepath.Join(dir, name+"-"+theme+map[int64]string{390: "-phone", 1280: ""}[width]+".png"))
				}
			}
		}
	}
}
