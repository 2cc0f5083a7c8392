package web_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAuditInTheBrowser looks at the pages of the log by day and by night, on a phone and on a wide screen, and has a proof
// checked. WEIR_SCREENSHOTS names a folder for pictures of them.
func TestAuditInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	v, _ := sealedTown(t)
	server, axe := v.serve(), readAxe(t)
	do(t, ctx, append(screen(1280, "light"), chromedp.Navigate(server.URL+"/sign-in?next=/audit"), chromedp.SetValue("input[name=login]", "cy"),
		chromedp.SetValue("input[name=password]", townPassword), chromedp.Click("form[action='/sign-in'] button"))...)
	holds(t, ctx, `location.pathname === "/audit"`)
	pages := map[string]string{
		"audit": "/audit", "audit-none": "/audit?action=audit.erase", "audit-entry": "/audit/entries/3?verify=1", "audit-checkpoints": "/audit/checkpoints",
	}
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1280} {
			do(t, ctx, screen(width, theme)...)
			for name, path := range pages {
				do(t, ctx, chromedp.Navigate(server.URL+path))
				checkLook(t, ctx, heard, name+", "+theme, width)
				checkAxe(t, ctx, axe, name+", "+theme)
				if dir := os.Getenv("WEIR_SCREENSHOTS"); dir != "" {
					picture(t, ctx, filepath.Join(dir, name+"-"+theme+map[int64]string{390: "-phone", 1280: ""}[width]+".png"))
				}
			}
		}
	}
	do(t, ctx, chromedp.Navigate(server.URL+"/audit/entries/3"), chromedp.Click("a[href$='verify=1']"))
	holds(t, ctx, `document.querySelector("[role=status]")?.textContent.includes("The proof holds")`)
}
