package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/views/link"
)

// named tells of a dataset, and of another name of it.
func named(name string, others ...string) map[string]any {
	e := careEvent()
	d := map[string]any{"namespace": "care-db", "name": name}
	if len(others) > 0 {
		var all []any
		for _, o := range others {
			all = append(all, map[string]any{"namespace": "care-db", "name": o, "type": "VIEW"})
		}
		d["facets"] = map[string]any{"symlinks": map[string]any{
			"_producer": "https://example.org/test", "_schemaURL": "https://openlineage.io/spec/facets/1-0-1/SymlinksDatasetFacet.json", "identifiers": all,
		}}
	}
	e["dataset"] = d
	return e
}

func idNamed(name string) string { return string(catalog.DatasetID("care-db", name)) }

func TestSame(t *testing.T) {
	v := newTown(t)
	v.tellJSON(named("tickets_copy"))
	bo := v.as("bo")
	names := ticketsURL + "/same"
	if got := hrefs(bo.page(ticketsURL), names); len(got) != 1 {
		t.Fatalf("offered: %v", got)
	}
	page := bo.page(names)
	says(t, page, "Names of tickets", "this one name")
	found := bo.page(link.Same(tickets, "tickets", "tickets_copy"))
	choices := hrefs(found, names+"?")
	if len(choices) != 1 {
		t.Fatalf("choices: %v", choices)
	}
	ask := bo.page(choices[0])
	says(t, ask, "Are these two the same dataset?", "They become one", "You can take it back")
	a := bo.post(names, formOf(t, ask, names), http.StatusSeeOther)
	after := bo.page(a.header.Get("Location"))
	says(t, after, "Saved.", "The same, says a person", "tickets_copy")
	if v.lastAction("catalog.same") != "catalog.same" {
		t.Error("it is not in the log")
	}
	head, err := v.catalog.Dataset(authz.With(t.Context(), authz.Operator), catalog.DatasetID("care-db", "tickets"))
	if err != nil || len(head.Aliases) != 1 {
		t.Fatalf("they are not one: %v, %v", head.Aliases, err)
	}

	url := link.Dataset(string(head.Dataset.ID), head.Dataset.Name)
	change := hrefs(after, url+"/same?")
	if len(change) != 1 {
		t.Fatalf("changes: %v", change)
	}
	ask = bo.page(change[0])
	says(t, ask, "Are these two not the same dataset?", "They become two")
	a = bo.post(url+"/same", formOf(t, ask, url+"/same"), http.StatusSeeOther)
	says(t, bo.page(a.header.Get("Location")), "Not the same, says a person", "Take it back…")
	ask = bo.page(change[0])
	says(t, ask, "You take that back")
	a = bo.post(url+"/same", formOf(t, ask, url+"/same"), http.StatusSeeOther)
	says(t, bo.page(a.header.Get("Location")), "The same, says a person")
}

// What a third name holds together stays one, and the page says so before.
func TestSame_byAThirdName(t *testing.T) {
	v := newTown(t)
	v.tellJSON(named("a", "b", "c"), named("b", "c"))
	bo := v.as("bo")
	page := link.Dataset(idNamed("a"), "a")
	pair := link.SamePair(idNamed("a"), "a", idNamed("a"), idNamed("c"))
	ask := bo.page(pair)
	says(t, ask, "A third name holds them together", "outranks")
	bo.post(page+"/same", formOf(t, ask, formAction(ask)), http.StatusSeeOther)
	ask = bo.page(link.SamePair(idNamed("a"), "a", idNamed("b"), idNamed("c")))
	says(t, ask, "They become two")
	bo.post(page+"/same", formOf(t, ask, formAction(ask)), http.StatusSeeOther)
	c, err := v.catalog.Dataset(authz.With(t.Context(), authz.Operator), catalog.DatasetID("care-db", "c"))
	if err != nil || len(c.Aliases) != 0 {
		t.Errorf("c is still called %v, %v", c.Aliases, err)
	}
}

func TestSame_refused(t *testing.T) {
	v := newTown(t)
	v.tellJSON(named("other"), named("vault"))
	pay := "payments"
	op := authz.With(t.Context(), authz.Operator)
	must(t, v.catalog.Describe(op, catalog.DescribeInput{ID: catalog.DatasetID("care-db", "vault"), Domain: &pay}))
	must(t, v.catalog.Describe(op, catalog.DescribeInput{ID: catalog.DatasetID("care-db", "other"), Domain: &pay}))
	v.hide(catalog.DatasetID("care-db", "vault"))
	cy, bo := v.as("cy"), v.as("bo")
	names := ticketsURL + "/same"
	if len(hrefs(cy.page(ticketsURL), names)) > 0 {
		t.Error("offered to who may not")
	}
	if a := cy.do(http.MethodGet, names, nil); a.status != http.StatusForbidden {
		t.Errorf("the page: %d", a.status)
	}
	say := func(of, other, same string) url.Values {
		return url.Values{"of": {of}, "other": {other}, "same": {same}}
	}
	cy.post(names, say(tickets, idNamed("other"), "yes"), http.StatusForbidden)
	bo.post(names, say(tickets, idNamed("other"), "yes"), http.StatusForbidden) // of another domain
	for name, form := range map[string]url.Values{
		"no answer": say(tickets, idNamed("other"), ""), "no other": say(tickets, "", "yes"), "itself": say(tickets, tickets, "yes"),
	} {
		if a := bo.do(http.MethodPost, names, form); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	for name, other := range map[string]string{"hidden": idNamed("vault"), "missing": idNamed("nowhere"), "made up": "../x"} {
		ask := bo.do(http.MethodGet, link.SamePair(tickets, "tickets", tickets, other), nil)
		if ask.status != http.StatusNotFound {
			t.Errorf("asking about %s: %d", name, ask.status)
		}
		bo.post(names, say(tickets, other, "yes"), http.StatusNotFound)
	}
	found := bo.page(link.Same(tickets, "tickets", "other"))
	says(t, found, "you may not say so of it")
	if text := textOf(bo.page(link.Same(tickets, "tickets", "vault"))); !strings.Contains(text, "No other dataset that you may see") {
		t.Error("a hidden one is found")
	}
}
