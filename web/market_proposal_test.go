package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// council is a town with a second administrator, dan, in which roles that decide need two people.
func council(t *testing.T) *town {
	t.Helper()
	v := newTown(t)
	op := authz.With(t.Context(), authz.Operator)
	u, err := v.identity.CreateUser(op, identity.NewUser{Login: "dan", Name: "Dan Deputy", Password: townPassword})
	if err != nil {
		t.Fatal(err)
	}
	v.ids["dan"] = u.ID
	if err := v.rights.GrantRole(op, authz.RoleChange{Subject: u.ID, Role: authz.Admin, Domain: authz.Everywhere}); err != nil {
		t.Fatal(err)
	}
	return v
}

// asksForTwo lets an act need a second person.
func (r *reader) asksForTwo(act string) {
	r.t.Helper()
	r.post("/proposals/rules", url.Values{"act": {act}, "version": {"0"}, "confirm": {"true"}}, http.StatusSeeOther)
}

// proposes sends the form that proposes what a page shows, and is the address of the proposal.
func (r *reader) proposes(page *html.Node) string {
	r.t.Helper()
	form := formOf(r.t, page, "/proposals/new")
	form.Set("reason", "Because it has to be.")
	return strings.TrimSuffix(r.post("/proposals/new", form, http.StatusSeeOther).header.Get("Location"), "?saved=1")
}

// decides sends one of the forms of a proposal.
func (r *reader) decides(address, do string, status int) answer {
	r.t.Helper()
	for _, form := range find(r.page(address), "form", "action", address) {
		values := valuesOf(form)
		if values.Get("do") == do {
			return r.post(address, values, status)
		}
	}
	r.t.Fatalf("%s has no form to %s it", address, do)
	return answer{}
}

func TestProposals_ARoleNeedsTwo(t *testing.T) {
	v := council(t)
	ann, dan := v.as("ann"), v.as("dan")
	ann.asksForTwo(marketplace.ActRole)
	says(t, ann.page("/proposals/rules"), "Giving a role that decides", "Two people")
	give := url.Values{"do": {"give"}, "role": {authz.Approver}, "domain": {authz.Everywhere}}
	shown := parse(t, ann.post("/people/"+string(v.ids["cy"])+"/roles", give, http.StatusOK).body)
	says(t, shown, "This needs a second person here.", "Cy Nobody gets the role Approver everywhere.")
	bare := formOf(t, shown, "/proposals/new")
	says(t, parse(t, ann.post("/proposals/new", bare, http.StatusUnprocessableEntity).body), "Is missing.", "Cy Nobody gets the role Approver everywhere.")
	at := ann.proposes(shown)
	says(t, ann.page(at), "Dan Deputy has to confirm it by", "Because it has to be.", "Nobody confirms his own act.", "Take it back")
	says(t, ann.page("/proposals?view=mine"), "Give Cy Nobody the role Approver everywhere", "Waiting")
	says(t, dan.page("/proposals"), "Give Cy Nobody the role Approver everywhere", "Ann Admin")
	dan.decides(at, "confirm", http.StatusSeeOther)
	says(t, ann.page(at), "It was confirmed and done.", "Dan Deputy")
	says(t, ann.page("/people/"+string(v.ids["cy"])), "Approver")
	says(t, dan.page("/proposals"), "Nothing waits for you")
	if a := v.as("bo").do(http.MethodGet, at, nil); a.status != http.StatusNotFound {
		t.Errorf("somebody whom it doesn't concern: status %d", a.status)
	}
	weak := url.Values{"do": {"give"}, "role": {authz.Auditor}, "domain": {authz.Everywhere}}
	ann.post("/people/"+string(v.ids["bo"])+"/roles", weak, http.StatusSeeOther)
}

func TestProposals_NobodyConfirmsHisOwn(t *testing.T) {
	v := council(t)
	ann := v.as("ann")
	ann.asksForTwo(marketplace.ActRole)
	shown := parse(t, ann.post("/people/"+string(v.ids["cy"])+"/roles", url.Values{"do": {"give"}, "role": {authz.Admin}, "domain": {authz.Everywhere}}, http.StatusOK).body)
	at := ann.proposes(shown)
	seen := v.seen(at, "dan")
	forged := url.Values{"do": {"confirm"}, "version": {"1"}, "seen": {seen}}
	says(t, parse(t, ann.post(at, forged, http.StatusForbidden).body), "Nobody confirms his own act.")
	if got := v.lastAction("marketplace"); got != "!marketplace.confirm" {
		t.Errorf("the log ends with %s", got)
	}
	dan := v.as("dan")
	for _, form := range find(dan.page(at), "form", "action", at) {
		if values := valuesOf(form); values.Get("do") == "refuse" {
			says(t, parse(t, dan.post(at, values, http.StatusUnprocessableEntity).body), "Is missing.")
			values.Set("note", "She has enough to do.")
			dan.post(at, values, http.StatusSeeOther)
		}
	}
	says(t, ann.page(at), "Refused by", "Dan Deputy", "She has enough to do.")
}

// seen is the hash that a page lets somebody confirm with.
func (v *town) seen(address, who string) string {
	v.t.Helper()
	for _, form := range find(v.as(who).page(address), "form", "action", address) {
		if values := valuesOf(form); values.Get("do") == "confirm" {
			return values.Get("seen")
		}
	}
	v.t.Fatalf("%s can't confirm %s", who, address)
	return ""
}

func TestProposals_RulesAndAgents(t *testing.T) {
	v := council(t)
	ann, dan := v.as("ann"), v.as("dan")
	ann.asksForTwo(marketplace.ActRules)
	ann.asksForTwo(marketplace.ActAgent)
	change := url.Values{"edits": {"1"}, "do": {"save"}, "add": {"steward|*|audit|view|false"}}
	at := ann.proposes(parse(t, ann.post("/policy/edit", change, http.StatusOK).body))
	says(t, dan.page(at), "New: whoever is Steward may see the audit log", "1 person holds the role")
	dan.decides(at, "confirm", http.StatusSeeOther)
	says(t, ann.page(at), "It was confirmed and done.")
	agent := url.Values{"name": {"scout"}, "purpose": {"Looks for data."}, "type": {"agent"}, "owner": {"cy"}}
	at = ann.proposes(parse(t, ann.post("/accounts/new", agent, http.StatusOK).body))
	dan.decides(at, "confirm", http.StatusSeeOther)
	says(t, ann.page("/accounts"), "scout", "Cy Nobody")
}

func TestProposals_DeletingADataset(t *testing.T) {
	v := council(t)
	ann, dan := v.as("ann"), v.as("dan")
	page := "/datasets/" + string(catalog.DatasetID("care-db", "tickets"))
	if got := hrefsUnder(ann.page(page), "/datasets/", "/delete"); len(got) != 1 {
		t.Fatalf("the page leads to %v", got)
	}
	v.reads(catalog.DatasetID("care-db", "tickets"))
	at := ann.proposes(ann.page(page + "/delete"))
	if a := ann.do(http.MethodPost, page+"/delete", nil); a.status != http.StatusOK || !strings.Contains(a.body, "This needs a second person here.") {
		t.Errorf("deleting what is read, alone: status %d", a.status)
	}
	dan.decides(at, "confirm", http.StatusSeeOther)
	says(t, ann.page(page), "It was deleted")
	if a := ann.do(http.MethodGet, page+"/delete", nil); a.status != http.StatusConflict {
		t.Errorf("deleting it again: status %d", a.status)
	}
}

func TestProposals_DeletingWhatNobodyReads(t *testing.T) {
	v := council(t)
	ann := v.as("ann")
	page := "/datasets/" + string(catalog.DatasetID("care-db", "tickets"))
	says(t, ann.page(page+"/delete"), "Nothing that is known here reads it.", "Delete it")
	ann.post(page+"/delete", nil, http.StatusSeeOther)
	says(t, ann.page(page), "It was deleted")
	if a := v.as("cy").do(http.MethodPost, page+"/delete", nil); a.status != http.StatusForbidden {
		t.Errorf("somebody without the right: status %d", a.status)
	}
}

// reads lets a job read a dataset.
func (v *town) reads(id graph.ID) {
	v.t.Helper()
	e := careEvent()
	delete(e, "dataset")
	e["job"] = map[string]any{"namespace": "care-jobs", "name": "digest"}
	e["inputs"] = []any{map[string]any{"namespace": "care-db", "name": "tickets"}}
	e["schemaURL"] = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent"
	v.tellJSON(e)
}

func TestProposals_TheListIsTakenOnce(t *testing.T) {
	v := council(t)
	ann, dan := v.as("ann"), v.as("dan")
	at := ann.proposes(ann.page("/grants.csv?state=live"))
	dan.decides(at, "confirm", http.StatusSeeOther)
	says(t, ann.page(at), "you can download the list once", "Download the list, once")
	got := ann.post(at+"/take", nil, http.StatusOK)
	if !strings.HasPrefix(got.body, "grant,what,who has it,") || got.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("the file is %.100q", got.body)
	}
	says(t, parse(t, ann.post(at+"/take", nil, http.StatusConflict).body), "The list was taken out already")
}

// valuesOf are what a form sends if nothing is typed into it.
func valuesOf(form *html.Node) url.Values {
	out := url.Values{}
	for _, n := range find(form, "input", "", "") {
		out.Add(attr(n, "name"), attr(n, "value"))
	}
	return out
}

// hrefsUnder are the links of a page that begin and end with something.
func hrefsUnder(page *html.Node, prefix, suffix string) []string {
	var out []string
	for _, h := range hrefs(page, prefix) {
		if strings.HasSuffix(h, suffix) {
			out = append(out, h)
		}
	}
	return out
}
