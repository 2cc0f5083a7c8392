package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/authz"
)

// formOfField is the form for an address that has a choice.
func formOfField(t *testing.T, page *html.Node, action, field string) url.Values {
	t.Helper()
	for _, f := range find(page, "form", "action", action) {
		if len(find(f, "select", "name", field)) == 0 {
			continue
		}
		out := url.Values{}
		for _, n := range find(f, "input", "type", "hidden") {
			out.Add(attr(n, "name"), attr(n, "value"))
		}
		for _, n := range find(f, "option", "selected", "") {
			out.Add(attr(n.Parent, "name"), attr(n, "value"))
		}
		return out
	}
	t.Fatalf("no form for %s with %s", action, field)
	return nil
}

const stewardEdits = "steward|*|asset|edit|false"

// choose is the form of the rules as a reader sends it first.
func choose(t *testing.T, ann *reader, drop ...string) url.Values {
	t.Helper()
	form := formOf(t, ann.page("/policy/edit"), "/policy/edit")
	form["drop"] = drop
	return form
}

func TestPolicyTable(t *testing.T) {
	v := newTown(t)
	page := v.as("ann").page("/policy")
	says(t, page, "Who may do what", "Steward", "Data assets", "Describe", "Change rules")
	for _, login := range []string{"bo", "cy"} {
		if a := v.as(login).do(http.MethodGet, "/policy", nil); a.status != http.StatusForbidden {
			t.Errorf("%s: status %d", login, a.status)
		}
	}
}

func TestPolicyIsLookedAtBeforeItIsSaved(t *testing.T) {
	v := newTown(t)
	ann := v.as("ann")
	form := choose(t, ann, stewardEdits)
	form.Set("role0", "member")
	form.Set("kind0", "audit")
	form.Set("action0", "view")
	before, edits := v.policy.Rules()
	preview := parse(t, ann.post("/policy/edit", form, http.StatusOK).body)
	says(t, preview, "Who gains and who loses", "2 people and accounts gain or lose something, of 3", "Steward: may edit assets", "Member: may see the audit log",
		"Bo Steward", "Edit assets where there is no domain", "Cy Nobody", "See the audit log")
	if _, now := v.policy.Rules(); now != edits {
		t.Fatal("looking at it saved it")
	}
	save := savingForm(t, preview, "save")
	ann.post("/policy/edit", save, http.StatusSeeOther)
	after, now := v.policy.Rules()
	if now != edits+1 || len(after) != len(before) {
		t.Errorf("%d rules in edit %d", len(after), now)
	}
	steward := authz.Principal{ID: "x", Type: authz.Person, Roles: []authz.Held{{Role: authz.Steward, Domain: authz.Everywhere}}}
	if v.policy.ExplainFor(steward, authz.Asset, "dom_x", authz.Edit).Allowed || !v.policy.ExplainFor(steward, authz.Audit, authz.Everywhere, authz.View).Allowed {
		t.Error("the rules are not what was saved")
	}
	if got := v.lastAction("policy."); got != "policy.edit" {
		t.Errorf("the log says %q", got)
	}
}

// savingForm is the form of the preview that saves, or goes back.
func savingForm(t *testing.T, preview *html.Node, do string) url.Values {
	t.Helper()
	for _, f := range find(preview, "form", "action", "/policy/edit") {
		out := url.Values{}
		for _, n := range find(f, "input", "type", "hidden") {
			out.Add(attr(n, "name"), attr(n, "value"))
		}
		if out.Get("do") == do {
			return out
		}
	}
	t.Fatalf("no form to %s", do)
	return nil
}

func TestPolicyGoesBackToTheForm(t *testing.T) {
	v := newTown(t)
	ann := v.as("ann")
	form := choose(t, ann, "approver|*|role|view|false")
	form.Set("role1", "auditor")
	form.Set("kind1", "people")
	form.Set("action1", "export")
	form.Set("effect1", "deny")
	preview := parse(t, ann.post("/policy/edit", form, http.StatusOK).body)
	says(t, preview, "Nobody gains or loses", "Auditor: may not export people", "Approver: may see roles")
	again := formOf(t, parse(t, ann.post("/policy/edit", savingForm(t, preview, "back"), http.StatusOK).body), "/policy/edit")
	if again.Get("drop") != "approver|*|role|view|false" || again.Get("role0") != "auditor" || again.Get("effect0") != "deny" || again.Get("action0") != "export" {
		t.Errorf("what was chosen is lost: %v", again)
	}
}

func TestPolicyRefusesWhatIsWrong(t *testing.T) {
	v := newTown(t)
	ann := v.as("ann")
	for name, tt := range map[string]struct {
		drop   []string
		change map[string]string
		want   string
	}{
		"nothing is chosen":       {nil, nil, "Nothing is chosen"},
		"half a rule":             {[]string{stewardEdits}, map[string]string{"role0": "owner"}, "have to say what is done"},
		"nobody could change it":  {[]string{"admin|*|*|*|false"}, nil, "would leave nobody who may change them"},
		"a rule that isn't one":   {[]string{"x"}, nil, "can't be read"},
		"a kind that there isn't": {nil, map[string]string{"role0": "owner", "kind0": "moon", "action0": "view"}, "about a kind that there isn't"},
	} {
		t.Run(name, func(t *testing.T) {
			form := choose(t, ann, tt.drop...)
			for k, value := range tt.change {
				form.Set(k, value)
			}
			page := parse(t, ann.post("/policy/edit", form, http.StatusUnprocessableEntity).body)
			says(t, page, tt.want)
			if again := formOf(t, page, "/policy/edit"); again.Get("role0") != tt.change["role0"] {
				t.Errorf("what was chosen is lost: %v", again)
			}
		})
	}
	if _, edits := v.policy.Rules(); edits != 1 {
		t.Errorf("edited %d times", edits)
	}
}

func TestPolicyChangedMeanwhile(t *testing.T) {
	v := newTown(t)
	ann := v.as("ann")
	form := choose(t, ann, stewardEdits)
	save := savingForm(t, parse(t, ann.post("/policy/edit", form, http.StatusOK).body), "save")
	rules, edits := v.policy.Rules()
	op := authz.With(t.Context(), authz.Operator)
	if err := v.rights.SetRules(op, edits, append(rules, authz.Rule{Role: authz.Owner, Domain: authz.Everywhere, Kind: authz.Audit, Action: authz.View})); err != nil {
		t.Fatal(err)
	}
	for name, sent := range map[string]url.Values{"saving": save, "looking": form} {
		page := parse(t, ann.post("/policy/edit", sent, http.StatusConflict).body)
		says(t, page, "Somebody else changed the rules", "Nothing was saved")
		again := formOf(t, page, "/policy/edit")
		if again.Get("drop") != stewardEdits || again.Get("edits") == sent.Get("edits") {
			t.Errorf("%s: the form holds %v", name, again)
		}
	}
	if a := v.as("bo").do(http.MethodPost, "/policy/edit", save); a.status != http.StatusForbidden || !strings.Contains(a.body, "may manage the policy") {
		t.Errorf("by a steward: status %d", a.status)
	}
}
