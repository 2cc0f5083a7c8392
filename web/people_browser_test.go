package web_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"weir/authz"
	"weir/graph"
	"weir/identity"
)

// furnish gives the town what its pages show: a team with members, accounts, tokens, a stand-in, somebody disabled.
func (v *town) furnish() map[string]string {
	v.t.Helper()
	op := authz.With(v.t.Context(), authz.Operator)
	bo, err := v.identity.PrincipalOf(op, v.ids["bo"])
	must(v.t, err)
	team, err := v.identity.CreateTeam(op, identity.NewTeam{Name: "data-security", Title: "Data security", Description: "Decides about what is personal, with the works council."})
	must(v.t, err)
	desk, err := v.identity.Find(op, "desk", 1)
	must(v.t, err)
	account, err := v.identity.CreateAccount(op, identity.NewAccount{Name: "airflow-production", Type: authz.Account, Owner: v.ids["bo"], Purpose: "Reports each run of the nightly loads"})
	must(v.t, err)
	agent, err := v.identity.CreateAccount(op, identity.NewAccount{Name: "forecast-helper", Type: authz.Agent, Owner: v.ids["ann"], Purpose: "Answers questions about the forecast"})
	must(v.t, err)
	for _, id := range []graph.ID{v.ids["bo"], desk[0].ID, agent.ID} {
		must(v.t, v.identity.AddMember(op, team.ID, id))
	}
	must(v.t, v.rights.GrantRole(op, authz.RoleChange{Subject: team.ID, Role: authz.Approver, Domain: authz.Everywhere}))
	must(v.t, v.rights.GrantRole(op, authz.RoleChange{Subject: account.ID, Role: authz.Platform, Domain: authz.Everywhere}))
	_, _, err = v.identity.CreateToken(op, identity.NewToken{Principal: account.ID, Name: "scheduler", Scopes: []string{authz.ScopeLineage}, Namespaces: []string{"airflow-eu", "spark-batch"}})
	must(v.t, err)
	_, err = v.identity.NameStandIn(authz.With(op, bo), identity.NewStandIn{To: v.ids["ann"], Until: noon.AddDate(0, 0, 10), Reason: "Holiday by the sea"})
	must(v.t, err)
	must(v.t, v.identity.DisableUser(op, v.ids["cy"]))
	return map[string]string{
		"settings": "/settings", "sessions": "/settings/sessions", "tokens": "/settings/tokens", "stand-ins": "/settings/stand-ins",
		"why": "/settings/why", "why-not": "/settings/why?kind=asset&action=edit&domain=unassigned&who=bo", "why-may": "/settings/why?kind=role&action=manage",
		"people": "/people", "people-found": "/people?q=zzz", "person": "/people/" + string(v.ids["bo"]), "person-new": "/people/new",
		"teams": "/teams", "team": "/teams/" + string(team.ID), "team-new": "/teams/new", "accounts": "/accounts",
		"account": "/accounts/" + string(account.ID), "account-new": "/accounts/new", "account-edit": "/accounts/" + string(account.ID) + "/edit", "policy": "/policy", "policy-edit": "/policy/edit",
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// signInBrowser signs the administrator in.
func signInBrowser(t *testing.T, ctx context.Context, server string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(server+"/sign-in"), chromedp.SetValue("input[name=login]", "ann"), chromedp.SetValue("input[name=password]", townPassword),
		chromedp.Click("form[action='/sign-in'] button"))
	holds(t, ctx, `location.pathname === "/"`)
}

// TestPeoplePagesInTheBrowser opens each page on a phone and on a wide screen, by day and by night, as TestPagesInTheBrowser
// does for the catalog. WEIR_SCREENSHOTS names a folder for pictures of them.
func TestPeoplePagesInTheBrowser(t *testing.T) {
	ctx, heard := browser(t)
	v := newTown(t)
	pages := v.furnish()
	server := v.serve()
	axe := readAxe(t)
	signInBrowser(t, ctx, server.URL)
	heard.take()
	dir := os.Getenv("WEIR_SCREENSHOTS")
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{390, 1280} {
			do(t, ctx, screen(width, theme)...)
			look := func(name string) {
				checkLook(t, ctx, heard, name+", "+theme, width)
				checkAxe(t, ctx, axe, name+", "+theme)
				if dir != "" {
					picture(t, ctx, filepath.Join(dir, name+"-"+theme+map[int64]string{390: "-phone", 1280: ""}[width]+".png"))
				}
			}
			for name, address := range pages {
				do(t, ctx, chromedp.Navigate(server.URL+address))
				look(name)
			}
			do(t, ctx, chromedp.Navigate(server.URL+"/policy/edit"), chromedp.Click(`input[value="`+stewardEdits+`"]`), chromedp.Click(".form-acts .btn"))
			holds(t, ctx, `document.querySelector("h1").textContent.includes("Who gains")`)
			look("policy-preview")
			do(t, ctx, chromedp.Navigate(server.URL+"/settings/tokens"), chromedp.SetValue("#f-name", "From the browser, "+theme), chromedp.Click("input[value='catalog:read']"), chromedp.Click(".form-acts .btn"))
			holds(t, ctx, `document.querySelector("#token-text")`)
			look("token-made")
		}
	}
}

// checkLook fails where the browser complains or the page is wider than the screen.
func checkLook(t *testing.T, ctx context.Context, heard *complaints, name string, width int64) {
	t.Helper()
	for _, text := range heard.take() {
		t.Errorf("%s, %d: %s", name, width, text)
	}
	if wide := asks[int](t, ctx, "document.documentElement.scrollWidth - innerWidth"); wide > 0 {
		t.Errorf("%s, %d: scrolls %d pixels sideways", name, width, wide)
	}
}

func picture(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	height := asks[int64](t, ctx, "Math.min(2400, Math.max(800, document.documentElement.scrollHeight))")
	width := asks[int64](t, ctx, "innerWidth")
	do(t, ctx, chromedp.EmulateViewport(width, height))
	raw, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	must(t, err)
	small, err := withPalette(raw)
	must(t, err)
	must(t, os.WriteFile(file, small, 0o600))
	do(t, ctx, chromedp.EmulateViewport(width, 900))
}

// TestWhyIsAnAddress: what the rules say is asked and answered by addresses alone, so that it can be sent to somebody.
func TestWhyIsAnAddress(t *testing.T) {
	v := newTown(t)
	page := v.as("bo").page("/settings/why")
	form := find(page, "form", "action", "/settings/why")[0]
	if attr(form, "method") != "get" {
		t.Fatal("the question is not an address")
	}
	q := url.Values{"kind": {"asset"}, "action": {"view"}, "domain": {"*"}}
	says(t, v.as("bo").page("/settings/why?"+q.Encode()), "You may see open assets.")
}
