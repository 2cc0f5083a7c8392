package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"weir/authz"
	"weir/graph"
	"weir/identity"
)

func TestPeopleList(t *testing.T) {
	v := newTown(t)
	ann, cy := v.as("ann"), v.as("cy")
	page := ann.page("/people")
	says(t, page, "Ann Admin", "Bo Steward", "Cy Nobody", "cy@halden.example", "New person")
	if got := hrefs(cy.page("/people"), "/people/new"); len(got) > 0 {
		t.Error("who may not add people is offered to")
	}
	if got := textOf(ann.page("/people?q=stew")); !strings.Contains(got, "Bo Steward") || strings.Contains(got, "Cy Nobody") {
		t.Errorf("searched: %s", got)
	}
	says(t, ann.page("/people?q=zzz"), "Nobody found")
	nav := textOf(find(ann.page("/"), "nav", "aria-label", "Main")[0])
	if !strings.Contains(nav, "People") || !strings.Contains(nav, "Roles") {
		t.Errorf("the navigation has %s", nav)
	}
	if nav := textOf(find(cy.page("/"), "nav", "aria-label", "Main")[0]); strings.Contains(nav, "Roles") {
		t.Errorf("the navigation has %s", nav)
	}
	if forms := find(cy.page("/"), "form", "action", "/sign-out"); len(forms) != 1 || attr(forms[0], "method") != "post" {
		t.Error("there is no way to sign out")
	}
}

func TestNewPerson(t *testing.T) {
	v := newTown(t)
	ann := v.as("ann")
	form := formOf(t, ann.page("/people/new"), "/people/new")
	form.Set("login", "bo")
	form.Set("name", "Another Bo")
	form.Set("password", "short")
	again := parse(t, ann.post("/people/new", form, http.StatusUnprocessableEntity).body)
	if got := formOf(t, again, "/people/new"); got.Get("name") != "Another Bo" || got.Get("password") != "" {
		t.Errorf("the form holds %v", got)
	}
	form.Set("password", "")
	if a := ann.do(http.MethodPost, "/people/new", form); a.status != http.StatusConflict && a.status != http.StatusUnprocessableEntity {
		t.Errorf("a login that is taken: status %d", a.status)
	}
	form.Set("login", "dee")
	made := ann.post("/people/new", form, http.StatusSeeOther).header.Get("Location")
	says(t, ann.page(made), "Another Bo", "not yet: no password")
	if a := v.as("cy").do(http.MethodPost, "/people/new", form); a.status != http.StatusForbidden || !strings.Contains(a.body, "None of the roles held") {
		t.Errorf("by somebody who may not: status %d", a.status)
	}
	if a := ann.do(http.MethodGet, "/people/usr_none", nil); a.status != http.StatusNotFound {
		t.Errorf("nobody: status %d", a.status)
	}
	if a := ann.do(http.MethodGet, "/people/tea_none", nil); a.status != http.StatusNotFound {
		t.Errorf("nobody: status %d", a.status)
	}
}

func TestRolesOfAPerson(t *testing.T) {
	v := newTown(t)
	ann, cy := v.as("ann"), v.as("cy")
	page := "/people/" + string(v.ids["cy"])
	says(t, ann.page(page), "None of its own", "cy@halden.example")
	if got := textOf(v.as("cy").page("/people/" + string(v.ids["bo"]))); strings.Contains(got, "Steward in") || strings.Contains(got, "Give role") {
		t.Errorf("who may not see roles sees %s", got)
	}
	give := url.Values{"do": {"give"}, "role": {"owner"}, "domain": {authz.NoDomain}}
	ann.post(page+"/roles", give, http.StatusSeeOther)
	says(t, ann.page(page), "Owner", "what has no domain")
	says(t, cy.page("/settings"), "Owner") // at once, in a session that goes on
	bare := parse(t, ann.post(page+"/roles", url.Values{"do": {"give"}, "role": {""}, "domain": {""}}, http.StatusUnprocessableEntity).body)
	if fields := find(bare, "select", "aria-invalid", "true"); len(fields) != 2 {
		t.Errorf("%d fields are not chosen yet", len(fields))
	}
	give.Set("role", "consumer")
	give.Set("domain", "*")
	wrong := parse(t, ann.post(page+"/roles", give, http.StatusUnprocessableEntity).body)
	if fields := find(wrong, "select", "aria-invalid", "true"); len(fields) != 1 || attr(fields[0], "name") != "domain" {
		t.Error("the page doesn't say that the domain is wrong")
	}
	if got := formOfField(t, wrong, page+"/roles", "role"); got.Get("role") != "consumer" {
		t.Errorf("what was chosen is lost: %v", got)
	}
	ann.post(page+"/roles", url.Values{"do": {"take"}, "role": {"owner"}, "domain": {authz.NoDomain}}, http.StatusSeeOther)
	says(t, ann.page(page), "None of its own")
	if got := v.lastAction("role."); got != "role.revoke" {
		t.Errorf("the log says %q", got)
	}
	own := "/people/" + string(v.ids["ann"])
	if a := ann.do(http.MethodPost, own+"/roles", url.Values{"do": {"give"}, "role": {"owner"}, "domain": {"*"}}); a.status != http.StatusForbidden ||
		!strings.Contains(a.body, "Nobody changes his own roles") {
		t.Errorf("to oneself: status %d", a.status)
	}
	if got := v.lastAction("role."); got != "!role.grant" {
		t.Errorf("the log says %q", got)
	}
	if a := cy.do(http.MethodPost, page+"/roles", give); a.status != http.StatusForbidden {
		t.Errorf("by somebody who may not: status %d", a.status)
	}
}

func TestDisablePerson(t *testing.T) {
	v := newTown(t)
	ann, cy := v.as("ann"), v.as("cy")
	page := "/people/" + string(v.ids["cy"])
	ann.post(page+"/state", url.Values{"state": {"disabled"}}, http.StatusSeeOther)
	says(t, ann.page(page), "Disabled", "Enable")
	if signedOut(cy) != 1 {
		t.Error("a session of somebody disabled goes on")
	}
	ann.post(page+"/state", url.Values{"state": {"enabled"}}, http.StatusSeeOther)
	if got := textOf(ann.page(page)); strings.Contains(got, "Disabled") {
		t.Error(got)
	}
	if a := ann.do(http.MethodPost, page+"/state", url.Values{"state": {"asleep"}}); a.status != http.StatusBadRequest {
		t.Errorf("no such state: status %d", a.status)
	}
}

func TestResetPassword(t *testing.T) {
	v := newTown(t)
	ann := v.as("ann")
	page := "/people/" + string(v.ids["cy"])
	shown := parse(t, ann.post(page+"/password", url.Values{}, http.StatusOK).body)
	text := textOf(find(shown, "", "id", "temporary-text")[0])
	if a := v.send(http.MethodPost, "/sign-in", url.Values{"login": {"cy"}, "password": {text}}); a.status != http.StatusSeeOther || a.header.Get("Location") != "/settings" {
		t.Errorf("with the new password: status %d to %s", a.status, a.header.Get("Location"))
	}
	if got := textOf(ann.page(page)); strings.Contains(got, text) {
		t.Error("the password is shown a second time")
	}
}

func TestTeams(t *testing.T) {
	v := newTown(t)
	ann, cy := v.as("ann"), v.as("cy")
	says(t, cy.page("/teams"), "Service desk", "desk")
	form := url.Values{"name": {"Not A Slug!"}, "title": {"Kept"}}
	again := parse(t, ann.post("/teams/new", form, http.StatusUnprocessableEntity).body)
	if got := formOf(t, again, "/teams/new"); got.Get("title") != "Kept" {
		t.Errorf("what was typed is lost: %v", got)
	}
	form.Set("name", "night")
	form.Set("title", "Night shift")
	page := ann.post("/teams/new", form, http.StatusSeeOther).header.Get("Location")
	page, _, _ = strings.Cut(page, "?")
	says(t, ann.page(page), "Night shift", "Nobody is in this team yet")
	for _, name := range []string{"cy", "desk"} {
		ann.post(page+"/members", url.Values{"do": {"add"}, "member": {name}}, http.StatusSeeOther)
	}
	says(t, ann.page(page), "Cy Nobody", "Service desk")
	wrong := parse(t, ann.post(page+"/members", url.Values{"do": {"add"}, "member": {"who-is-that"}}, http.StatusUnprocessableEntity).body)
	if got := find(wrong, "input", "aria-invalid", "true"); len(got) != 1 || attr(got[0], "value") != "who-is-that" {
		t.Error("the page doesn't say that nobody is called so")
	}
	ann.post(page+"/roles", url.Values{"do": {"give"}, "role": {"steward"}, "domain": {"*"}}, http.StatusSeeOther)
	says(t, cy.page("/settings"), "Night shift", "Steward", "everywhere")
	ann.post(page+"/members", url.Values{"do": {"remove"}, "id": {string(v.ids["cy"])}}, http.StatusSeeOther)
	if got := textOf(cy.page("/settings")); strings.Contains(got, "Steward") {
		t.Error("a role of a team that was left stays")
	}
	if a := cy.do(http.MethodPost, page+"/members", url.Values{"do": {"add"}, "member": {"cy"}}); a.status != http.StatusForbidden {
		t.Errorf("by somebody who may not: status %d", a.status)
	}
	ann.post(page+"/delete", url.Values{}, http.StatusSeeOther)
	if a := ann.do(http.MethodGet, page, nil); a.status != http.StatusNotFound {
		t.Errorf("a deleted team: status %d", a.status)
	}
}

func TestAccounts(t *testing.T) {
	v := newTown(t)
	ann, cy := v.as("ann"), v.as("cy")
	says(t, ann.page("/accounts"), "No accounts yet")
	form := formOf(t, cy.page("/accounts/new"), "/accounts/new")
	form.Set("name", "cys-helper")
	form.Set("purpose", "Answers questions")
	mine := cleaned(cy.post("/accounts/new", form, http.StatusSeeOther).header.Get("Location"))
	says(t, cy.page(mine), "cys-helper", "Agent", "Answers questions", "Cy Nobody", "New token of cys-helper")

	form = formOf(t, ann.page("/accounts/new"), "/accounts/new")
	form.Set("name", "airflow")
	form.Set("owner", "nobody-here")
	again := parse(t, ann.post("/accounts/new", form, http.StatusUnprocessableEntity).body)
	if got := find(again, "input", "aria-invalid", "true"); len(got) != 1 || attr(got[0], "name") != "owner" {
		t.Error("the page doesn't say that the owner is nobody")
	}
	form.Set("owner", "bo")
	theirs := cleaned(ann.post("/accounts/new", form, http.StatusSeeOther).header.Get("Location"))
	says(t, ann.page("/accounts"), "airflow", "Service account", "Bo Steward", "cys-helper", "Agent")
	if got := textOf(cy.page(theirs)); strings.Contains(got, "New token") || strings.Contains(got, "Disable") {
		t.Error("somebody else's account can be changed")
	}
	token := url.Values{"name": {"nightly"}, "scopes": {"lineage:write"}, "expires": {"30"}}
	if a := cy.do(http.MethodPost, theirs+"/tokens", token); a.status != http.StatusForbidden && a.status != http.StatusNotFound {
		t.Errorf("a token of somebody else's account: status %d", a.status)
	}
	made := parse(t, ann.post(theirs+"/tokens", token, http.StatusOK).body)
	if got := textOf(find(made, "", "id", "token-text")[0]); !strings.HasPrefix(got, "weir_") {
		t.Errorf("the token is %q", got)
	}
	token.Del("scopes")
	wrong := parse(t, ann.post(theirs+"/tokens", token, http.StatusUnprocessableEntity).body)
	says(t, wrong, "nightly")
	id := attr(find(ann.page(theirs), "input", "name", "id")[0], "value")
	ann.post(theirs+"/tokens/revoke", url.Values{"id": {id}}, http.StatusSeeOther)
	says(t, ann.page(theirs), "taken back")
	ann.post(theirs+"/state", url.Values{"state": {"disabled"}}, http.StatusSeeOther)
	if got := textOf(ann.page(theirs)); !strings.Contains(got, "Disabled") || strings.Contains(got, "New token") {
		t.Errorf("a disabled account: %s", got)
	}
}

// TestChangeThem: people, teams and accounts are changed under a version, and what was typed comes back.
func TestChangeThem(t *testing.T) {
	v := newTown(t)
	places := v.furnish()
	ann, bo := v.as("ann"), v.as("bo")
	for page, field := range map[string]string{places["person"]: "name", places["team"]: "title", places["account"]: "purpose"} {
		address := page + "/edit"
		form := formOf(t, ann.page(address), address)
		form.Set(field, "Called by tests")
		ann.post(address, form, http.StatusSeeOther)
		says(t, ann.page(page), "Called by tests")
		form.Set(field, "Typed with care")
		late := parse(t, ann.post(address, form, http.StatusConflict).body)
		if again := formOf(t, late, address); again.Get(field) != "Typed with care" || again.Get("version") == form.Get("version") {
			t.Errorf("%s: the form holds %v", page, again)
		}
		form = formOf(t, late, address)
		form.Set(field, strings.Repeat("x", 5000))
		if a := ann.post(address, form, http.StatusUnprocessableEntity); len(find(parse(t, a.body), "input", "aria-invalid", "true")) != 1 {
			t.Errorf("%s: the page doesn't say what is wrong", page)
		}
	}
	for page, want := range map[string]int{places["person"]: http.StatusForbidden, places["team"]: http.StatusForbidden, places["account"]: http.StatusOK} {
		if a := bo.do(http.MethodGet, page+"/edit", nil); a.status != want {
			t.Errorf("%s by somebody who manages nobody: status %d", page, a.status)
		}
	}
	form := formOf(t, ann.page(places["account"]+"/edit"), places["account"]+"/edit")
	if form.Get("owner") != "bo" {
		t.Fatalf("the form holds %v", form)
	}
	form.Set("owner", "ann")
	ann.post(places["account"]+"/edit", form, http.StatusSeeOther)
	if a := bo.do(http.MethodGet, places["account"]+"/edit", nil); a.status != http.StatusForbidden {
		t.Errorf("by the owner before: status %d", a.status)
	}
}

func cleaned(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

// TestListsGoOn walks through more people than a page lists.
func TestListsGoOn(t *testing.T) {
	v := newTown(t)
	op := authz.With(t.Context(), authz.Operator)
	for i := range 60 {
		login := "extra" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		if _, err := v.identity.CreateUser(op, identity.NewUser{Login: login, Name: "Extra " + login}); err != nil {
			t.Fatal(err)
		}
	}
	ann := v.as("ann")
	seen := map[string]bool{}
	for address := "/people"; address != ""; {
		page := ann.page(address)
		for _, h := range hrefs(page, "/people/usr_") {
			seen[h] = true
		}
		address = ""
		if next := hrefs(page, "/people?after="); len(next) > 0 {
			address = next[0]
		}
	}
	if len(seen) != 63 || !seen["/people/"+string(graph.ID(v.ids["bo"]))] {
		t.Errorf("%d people were seen", len(seen))
	}
}
