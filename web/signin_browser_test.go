package web_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"weir/identity/oidc"
	"weir/web"
)

// TestSignInInTheBrowser signs in, opens a page and signs out, and looks at the pages for those who are not signed in by
// day and by night, on a phone and on a wide screen. WEIR_SCREENSHOTS names a folder for pictures of them.
func TestSignInInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	provider, err := oidc.New(oidc.Options{Name: "Halden", Issuer: "http://127.0.0.1:1", ClientID: "weir", External: "http://127.0.0.1:8080"})
	must(t, err)
	var options *web.Options
	v := newTown(t, func(o *web.Options) { options = o })
	demo, withProvider, fresh := *options, *options, emptyTown(t)
	demo.People = []web.Somebody{{ID: v.ids["bo"], Name: "Bo Steward", Role: "Keeps the metadata right"}, {ID: v.ids["ann"], Name: "Ann Admin", Role: "Manages people, roles and rules"}}
	withProvider.Provider = provider
	v.handler = web.New(demo).Handler()
	server, welcome := v.serve(), fresh.serve()
	v.handler = web.New(withProvider).Handler()
	provided := v.serve()
	axe := readAxe(t)
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1280} {
			do(t, ctx, screen(width, theme)...)
			look := func(name string) {
				checkLook(t, ctx, heard, name+", "+theme, width)
				checkAxe(t, ctx, axe, name+", "+theme)
				if dir := os.Getenv("WEIR_SCREENSHOTS"); dir != "" {
					picture(t, ctx, filepath.Join(dir, name+"-"+theme+map[int64]string{390: "-phone", 1280: ""}[width]+".png"))
				}
			}
			do(t, ctx, chromedp.Navigate(server.URL+"/sign-in"))
			look("sign-in-demo")
			do(t, ctx, chromedp.Navigate(welcome.URL+"/"), chromedp.SetValue("#f-code", "wrong"), chromedp.SetValue("#f-name", "Ann"),
				chromedp.SetValue("#f-login", "ann"), chromedp.SetValue("#f-password", "short"), chromedp.Click("form .btn"))
			holds(t, ctx, `document.querySelector("[aria-invalid]") || document.querySelector("[role=alert]")`)
			heard.take() // the browser says that the form was refused
			look("welcome")
			do(t, ctx, chromedp.Navigate(provided.URL+"/sign-in"))
			look("sign-in")
			signedInAndOut(t, ctx, server.URL, look)
		}
	}
	if a := v.get("/domains"); a.status != http.StatusSeeOther {
		t.Errorf("status %d", a.status)
	}
}

// signedInAndOut goes where it may not be, is let in, proves again who it is, and leaves.
func signedInAndOut(t *testing.T, ctx context.Context, server string, look func(string)) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(server+"/domains"))
	holds(t, ctx, `location.pathname === "/sign-in" && location.search === "?next=%2Fdomains"`)
	do(t, ctx, chromedp.SetValue("input[name=login]", "bo"), chromedp.SetValue("input[name=password]", townPassword), chromedp.Click("form[action='/sign-in'] button"))
	holds(t, ctx, `location.pathname === "/domains"`)
	do(t, ctx, chromedp.Navigate(server+"/sign-in/again?next=/settings"))
	look("sign-in-again")
	do(t, ctx, chromedp.SetValue("input[name=password]", townPassword), chromedp.Click("form[action='/sign-in/again'] button"))
	holds(t, ctx, `location.pathname === "/settings"`)
	do(t, ctx, script(`document.querySelector("form[action='/sign-out']").requestSubmit()`))
	holds(t, ctx, `location.pathname === "/sign-in"`)
	do(t, ctx, chromedp.Navigate(server+"/domains"))
	holds(t, ctx, `location.pathname === "/sign-in"`)
	do(t, ctx, chromedp.Click("button[name=user]"))
	holds(t, ctx, `location.pathname === "/domains"`)
	do(t, ctx, script(`document.querySelector("form[action='/sign-out']").requestSubmit()`))
	holds(t, ctx, `location.pathname === "/sign-in"`)
}
