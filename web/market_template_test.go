package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/authz"
	"weir/catalog"
)

// sent is what a browser would send of the one form on a page that is posted to an address.
func sent(t *testing.T, page *html.Node, action string) url.Values {
	t.Helper()
	forms := find(page, "form", "action", action)
	if len(forms) != 1 {
		t.Fatalf("the page has %d forms to %s: %.400s", len(forms), action, textOf(page))
	}
	out := url.Values{}
	for _, in := range find(forms[0], "input", "name", "") {
		if kind := attr(in, "type"); (kind == "checkbox" || kind == "radio") && !has(in, "checked", "") {
			continue
		}
		out.Add(attr(in, "name"), attr(in, "value"))
	}
	for _, area := range find(forms[0], "textarea", "name", "") {
		out.Set(attr(area, "name"), textOf(area))
	}
	for _, sel := range find(forms[0], "select", "name", "") {
		options := find(sel, "option", "selected", "")
		if len(options) == 0 {
			options = find(sel, "option", "", "")
		}
		out.Set(attr(sel, "name"), attr(options[0], "value"))
	}
	return out
}

func TestTemplatePages_ProposedLookedAtConfirmed(t *testing.T) {
	w := newStall(t)
	tom, sara, ada := w.as("tom"), w.as("sara"), w.as("ada")
	says(t, ada.page("/templates"), "Payment cards", "Where none applies", "at most 90 days")
	says(t, ada.page("/templates/health-local"), "Applies to columns that carry PHI", "Version 1 holds")
	f := sent(t, tom.page("/templates/new"), "/templates/new")
	for name, value := range map[string]string{"name": "sales-short", "title": "Sales, short", "maxDays": "14", "reason": "Too many keep it for months.",
		"applies.domains": string(catalog.DomainID("sales")), "steps.name.2": "Security", "steps.by.2": "security", "masking.class.1": "pii", "masking.how.1": "redact",
		"environments": "notebook, local"} {
		f.Set(name, value)
	}
	tom.post("/templates/new", f, http.StatusSeeOther)
	page := tom.page("/templates/sales-short")
	says(t, page, "Version 1 waits to be confirmed", "No version of it holds yet", "the domain Sales", "Too many keep it for months.", "one of security", "Nobody has looked yet")
	if forms := find(page, "form", "action", "/templates/sales-short/confirm"); len(forms) > 0 {
		t.Error("its author is offered to confirm it")
	}
	verdict := sent(t, sara.page("/templates/sales-short"), "/templates/sales-short/refuse")
	sara.post("/templates/sales-short/confirm", verdict, http.StatusConflict) // nobody looked ahead
	tom.post("/templates/sales-short/simulate", sent(t, tom.page("/templates/sales-short/simulate"), "/templates/sales-short/simulate"), http.StatusSeeOther)
	says(t, sara.page("/templates/sales-short/simulate"), "All of them were looked at", "Nothing would come out otherwise")
	tom.post("/templates/sales-short/confirm", verdict, http.StatusForbidden)
	sara.post("/templates/sales-short/confirm", sent(t, sara.page("/templates/sales-short"), "/templates/sales-short/confirm"), http.StatusSeeOther)
	says(t, ada.page("/templates/sales-short"), "Version 1 holds", "at most 14 days", "only in local or notebook")
	says(t, ada.page("/templates/sales-short/versions"), "Holds", "Confirmed by Sara Holm")
	if got := w.lastAction("marketplace.template"); got != "marketplace.template-confirm" {
		t.Errorf("last in the log: %s", got)
	}
}

func TestTemplatePages_TheFormKeepsWhatThePolicySays(t *testing.T) {
	w := newStall(t)
	op := authz.With(t.Context(), authz.Operator)
	must(t, w.rights.GrantRole(op, authz.RoleChange{Subject: w.ids["tom"], Role: authz.Steward, Domain: authz.Everywhere}))
	tom, sara := w.as("tom"), w.as("sara")
	for _, name := range []string{"customer-masked-analytics", "health-local", "payment-cards", "internal-open", "confidential-owner", "restricted-two", "agents", "export"} {
		t.Run(name, func(t *testing.T) {
			f := sent(t, tom.page("/templates/"+name+"/edit"), "/templates/"+name+"/edit")
			f.Set("reason", "x")
			a := tom.post("/templates/"+name+"/edit", f, http.StatusUnprocessableEntity)
			says(t, parse(t, a.body), "says just what holds already") // nothing of it was lost on the way
			f.Set("maxDays", "7")
			f.Set("renewBeforeDays", "")
			f.Set("preApproved.maxDays", "")
			tom.post("/templates/"+name+"/edit", f, http.StatusSeeOther)
			says(t, sara.page("/templates/"+name), "Longest duration", "7 days")
		})
	}
	refuse := sent(t, sara.page("/templates/agents"), "/templates/agents/refuse")
	sara.post("/templates/agents/refuse", refuse, http.StatusUnprocessableEntity) // without a word
	refuse.Set("note", "Agents have enough to do in a week?")
	sara.post("/templates/agents/refuse", refuse, http.StatusSeeOther)
	says(t, tom.page("/templates/agents/versions"), "Refused by Sara Holm", "Agents have enough to do")
}

func TestTemplatePages_SendBackWhatIsWrong(t *testing.T) {
	w := newStall(t)
	tom, ada := w.as("tom"), w.as("ada")
	good := sent(t, tom.page("/templates/new"), "/templates/new")
	for name, value := range map[string]string{"name": "x", "title": "X", "applies.domains": string(catalog.DomainID("sales"))} {
		good.Set(name, value)
	}
	for field, value := range map[string]string{
		"title": "", "maxDays": "soon", "applies.datasets": "ds_none", "who.teams": "no-such-team", "steps.mode.1": "some",
		"masking.class.1": "pii!", "applies.classes": "Two Words", "renewBeforeDays": "100",
	} {
		f := url.Values{}
		for name, values := range good {
			f[name] = values
		}
		f.Set(field, value)
		page := parse(t, tom.post("/templates/new", f, http.StatusUnprocessableEntity).body)
		if len(find(page, "p", "class", "field-error")) == 0 {
			t.Errorf("%s: nothing is said at the field: %.300s", field, textOf(page))
		}
		if got := sent(t, page, "/templates/new").Get("name"); got != "x" {
			t.Errorf("%s: what was typed is lost", field)
		}
	}
	good.Set("applies.everything", "1")
	tom.post("/templates/new", good, http.StatusForbidden) // beyond his domain
	ada.post("/templates/new", good, http.StatusForbidden)
	if a := ada.do(http.MethodGet, "/templates/none", nil); a.status != http.StatusNotFound {
		t.Errorf("a policy that there isn't: %d", a.status)
	}
}

func TestTemplatePages_EndOne(t *testing.T) {
	w := newStall(t)
	sara, saul := w.as("sara"), w.as("saul")
	f := sent(t, sara.page("/templates/export/end"), "/templates/export/end")
	says(t, parse(t, sara.post("/templates/export/end", f, http.StatusUnprocessableEntity).body), "Is missing")
	f.Set("reason", "Nobody takes copies any more.")
	sara.post("/templates/export/end", f, http.StatusSeeOther)
	says(t, saul.page("/templates/export"), "would end it", "Nobody takes copies any more.")
	saul.post("/templates/export/simulate", sent(t, saul.page("/templates/export/simulate"), "/templates/export/simulate"), http.StatusSeeOther)
	saul.post("/templates/export/confirm", sent(t, saul.page("/templates/export"), "/templates/export/confirm"), http.StatusSeeOther)
	if text := textOf(saul.page("/templates")); !strings.Contains(text[strings.Index(text, "Ended"):], "Export takes three") {
		t.Errorf("it is not among those that ended: %s", text)
	}
}
