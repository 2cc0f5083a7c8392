package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/authz"
)

func TestProfile(t *testing.T) {
	v := newTown(t)
	bo := v.as("bo")
	form := formOf(t, bo.page("/settings"), "/settings")
	if form.Get("name") != "Bo Steward" || form.Get("email") != "bo@halden.example" {
		t.Fatalf("the form holds %v", form)
	}
	form.Set("name", "Bo Andersen")
	bo.post("/settings", form, http.StatusSeeOther)
	says(t, bo.page("/settings?saved=1"), "Saved.", "Bo Andersen", "Steward", "what has no domain")
	if got := v.lastAction("identity.user"); got != "identity.user-edit" {
		t.Errorf("the log says %q", got)
	}
	form.Set("name", strings.Repeat("long ", 200))
	form.Set("email", "kept@halden.example")
	page := parse(t, bo.post("/settings", form, http.StatusUnprocessableEntity).body)
	if again := formOf(t, page, "/settings"); again.Get("email") != "kept@halden.example" || len(find(page, "", "aria-invalid", "true")) != 1 {
		t.Errorf("what was typed is lost, or nothing is wrong: %v", again)
	}
}

func TestChangePassword(t *testing.T) {
	v := newTown(t)
	bo, elsewhere := v.as("bo"), v.as("bo")
	page := parse(t, bo.post("/settings/password", url.Values{"old": {"not this one, surely"}, "password": {"another quiet river gate"}}, http.StatusUnprocessableEntity).body)
	if len(find(page, "input", "aria-invalid", "true")) != 1 || strings.Contains(textOf(page), "not this one") {
		t.Error("the page doesn't say which password is wrong, or repeats it")
	}
	page = parse(t, bo.post("/settings/password", url.Values{"old": {townPassword}, "password": {"short"}}, http.StatusUnprocessableEntity).body)
	if len(find(page, "input", "id", "f-password")) != 1 || attr(find(page, "input", "id", "f-password")[0], "aria-invalid") != "true" {
		t.Error("a short password is not refused at its field")
	}
	v.now = v.now.Add(time.Second)
	bo.post("/settings/password", url.Values{"old": {townPassword}, "password": {"another quiet river gate"}}, http.StatusSeeOther)
	bo.page("/settings")
	if a := elsewhere.do(http.MethodGet, "/settings", nil); a.status != http.StatusSeeOther {
		t.Errorf("another session goes on: status %d", a.status)
	}
}

func TestSessions(t *testing.T) {
	v := newTown(t)
	one, two, three := v.as("bo"), v.as("bo"), v.as("bo")
	ids := find(one.page("/settings/sessions"), "input", "name", "id")
	if len(ids) != 3 { // two others, and all others
		t.Fatalf("%d sessions can be ended", len(ids))
	}
	one.post("/settings/sessions/revoke", url.Values{"id": {attr(ids[0], "value")}}, http.StatusSeeOther)
	if got := signedOut(two) + signedOut(three); got != 1 {
		t.Fatalf("%d of two are over", got)
	}
	one.post("/settings/sessions/revoke", url.Values{"id": {"others"}}, http.StatusSeeOther)
	if got := signedOut(two) + signedOut(three); got != 2 {
		t.Fatalf("%d of two are over", got)
	}
	if got := textOf(one.page("/settings/sessions")); !strings.Contains(got, "This one") || strings.Contains(got, "End all other") {
		t.Error(got)
	}
	one.post("/settings/sessions/revoke", url.Values{"id": {"ses_of_somebody_else"}}, http.StatusNotFound)
}

func signedOut(r *reader) int {
	if r.do(http.MethodGet, "/settings", nil).status == http.StatusSeeOther {
		return 1
	}
	return 0
}

func TestTokens(t *testing.T) {
	v := newTown(t)
	bo := v.as("bo")
	says(t, bo.page("/settings/tokens"), "There are no tokens", "Report OpenLineage events")
	form := url.Values{"name": {"Airflow"}, "scopes": {"catalog:read", "catalog:write"}, "expires": {"30"}, "namespaces": {"etl, mart"}}
	page := parse(t, bo.post("/settings/tokens", form, http.StatusOK).body)
	text := textOf(find(page, "", "id", "token-text")[0])
	if !strings.HasPrefix(text, "weir_") {
		t.Fatalf("the token is %q", text)
	}
	if got := textOf(bo.page("/settings/tokens")); strings.Contains(got, text) || !strings.Contains(got, "Airflow") || !strings.Contains(got, "etl, mart") {
		t.Errorf("the list says %s", got)
	}
	if a := v.send(http.MethodGet, "/settings/why", nil, bearer(text)); a.status != http.StatusOK && a.status != http.StatusForbidden {
		t.Errorf("the token doesn't work: status %d", a.status)
	}
	id := attr(find(bo.page("/settings/tokens"), "input", "name", "id")[0], "value")
	cy := v.as("cy")
	if a := cy.do(http.MethodPost, "/settings/tokens/revoke", url.Values{"id": {id}}); a.status != http.StatusNotFound && a.status != http.StatusForbidden {
		t.Errorf("somebody else's token: status %d", a.status)
	}
	bo.post("/settings/tokens/revoke", url.Values{"id": {id}}, http.StatusSeeOther)
	says(t, bo.page("/settings/tokens"), "taken back")
	if a := v.send(http.MethodGet, "/search", nil, bearer(text)); a.status != http.StatusUnauthorized {
		t.Errorf("a token that was taken back: status %d", a.status)
	}

	form = url.Values{"name": {"Kept as typed"}, "expires": {"90"}, "namespaces": {"kept"}}
	page = parse(t, bo.post("/settings/tokens", form, http.StatusUnprocessableEntity).body)
	if again := formOf(t, page, "/settings/tokens"); again.Get("name") != "Kept as typed" || again.Get("namespaces") != "kept" {
		t.Errorf("what was typed is lost: %v", again)
	}
	if len(find(page, "fieldset", "aria-invalid", "true")) != 1 {
		t.Error("the page doesn't say that scopes are missing")
	}
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

// TestSensitiveAsksAgain: who signed in some time ago does it again before a token is made, a role or a rule changed.
func TestSensitiveAsksAgain(t *testing.T) {
	v := newTown(t)
	ann := v.as("ann")
	v.now = v.now.Add(10 * time.Minute)
	page := ann.page("/settings/tokens")
	if len(find(page, "form", "action", "/settings/tokens")) > 0 || len(hrefs(page, "/sign-in/again")) != 1 {
		t.Error("the form for a token is there without signing in again")
	}
	bo := "/people/" + string(v.ids["bo"])
	if page := ann.page(bo); len(find(page, "form", "action", bo+"/roles")) > 0 || len(hrefs(page, "/sign-in/again?next=")) != 1 {
		t.Error("roles can be changed without signing in again")
	}
	for address, form := range map[string]url.Values{
		"/settings/tokens": {"name": {"x"}, "scopes": {"catalog:read"}, "expires": {"30"}},
		bo + "/roles":      {"do": {"give"}, "role": {"owner"}, "domain": {"*"}},
		bo + "/password":   {},
		"/policy/edit":     {"do": {"save"}, "edits": {"1"}},
	} {
		a := ann.post(address, form, http.StatusSeeOther)
		if !strings.HasPrefix(a.header.Get("Location"), "/sign-in/again") {
			t.Errorf("%s leads to %s", address, a.header.Get("Location"))
		}
	}
	if got := v.lastAction("role."); got != "role.grant" { // from when they were let in
		t.Errorf("the log says %q", got)
	}
}

func TestStandIns(t *testing.T) {
	v := newTown(t)
	bo := v.as("bo")
	says(t, bo.page("/settings/stand-ins"), "Nobody stands in for you", "You stand in for nobody")
	form := url.Values{"to": {"nobody-here"}, "since": {"2026-06-15"}, "until": {"soon"}, "reason": {"Holiday"}}
	page := parse(t, bo.post("/settings/stand-ins", form, http.StatusUnprocessableEntity).body)
	if len(find(page, "input", "aria-invalid", "true")) != 2 || formOf(t, page, "/settings/stand-ins").Get("reason") != "Holiday" {
		t.Error("the page doesn't say what is wrong, or forgot what was typed")
	}
	form.Set("to", "cy")
	form.Set("until", "2026-06-20")
	bo.post("/settings/stand-ins", form, http.StatusSeeOther)
	page = bo.page("/settings/stand-ins")
	says(t, page, "Cy Nobody", "now", "Holiday", "20 Jun")
	says(t, v.as("cy").page("/settings/stand-ins"), "Bo Steward", "Holiday")
	id := attr(find(page, "input", "name", "id")[0], "value")
	bo.post("/settings/stand-ins/revoke", url.Values{"id": {id}}, http.StatusSeeOther)
	says(t, bo.page("/settings/stand-ins"), "over")
	form.Set("to", "bo")
	if a := bo.do(http.MethodPost, "/settings/stand-ins", form); a.status != http.StatusUnprocessableEntity {
		t.Errorf("one's own stand-in: status %d", a.status)
	}
}

// TestSettingsWithoutTheRest: who may see neither people nor domains still looks after his own account.
func TestSettingsWithoutTheRest(t *testing.T) {
	v := newTown(t)
	rules, edits := v.policy.Rules()
	fewer := slices.DeleteFunc(rules, func(r authz.Rule) bool { return r.Role == authz.Member && r.Kind != authz.Self })
	if err := v.rights.SetRules(authz.With(t.Context(), authz.Operator), edits, fewer); err != nil {
		t.Fatal(err)
	}
	cy := v.as("cy")
	for _, address := range []string{"/settings", "/settings/sessions", "/settings/tokens", "/settings/stand-ins", "/settings/why?kind=asset&action=view"} {
		cy.page(address)
	}
	for _, address := range []string{"/people", "/teams", "/accounts", "/people/" + string(v.ids["bo"])} {
		if a := cy.do(http.MethodGet, address, nil); a.status != http.StatusForbidden {
			t.Errorf("%s: status %d", address, a.status)
		}
	}
	cy.post("/settings/tokens", url.Values{"name": {"mine"}, "scopes": {"catalog:read"}, "expires": {"30"}}, http.StatusOK)
}

func TestWhy(t *testing.T) {
	v := newTown(t)
	bo, ann := v.as("bo"), v.as("ann")
	says(t, bo.page("/settings/why"), "Choose what you want to do")
	says(t, bo.page("/settings/why?kind=asset&action=edit&domain=unassigned"), "You may edit assets where there is no domain", "Steward: may edit assets")
	says(t, bo.page("/settings/why?kind=policy&action=manage"), "You may not manage the policy", "no rule: nothing allows it", "An administrator")
	if a := bo.do(http.MethodGet, "/settings/why?kind=moon&action=fly&domain=dom_none", nil); a.status != http.StatusUnprocessableEntity ||
		len(find(parse(t, a.body), "select", "aria-invalid", "true")) != 3 {
		t.Errorf("a question about nothing: status %d", a.status)
	}
	if a := bo.do(http.MethodGet, "/settings/why?kind=asset&action=edit&who=ann", nil); a.status != http.StatusForbidden {
		t.Errorf("a steward asks for others: status %d", a.status)
	}
	says(t, ann.page("/settings/why?kind=asset&action=edit&domain=unassigned&who=bo"), "Bo Steward may edit assets")
	if a := ann.do(http.MethodGet, "/settings/why?kind=asset&action=edit&who=nobody", nil); a.status != http.StatusUnprocessableEntity {
		t.Errorf("nobody's login: status %d", a.status)
	}
}
