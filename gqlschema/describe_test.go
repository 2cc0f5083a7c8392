package gqlschema

import (
	"testing"

	"weir/catalog"
)

const describeCustomers = `mutation($in: DescribeInput!) { describe(input: $in) { asset { id displayName description ... on Dataset {
	title editVersion owners { name } tags { name } classes { name } classification retention domain { name } statements { field byPerson } } } } }`

func TestDescribe(t *testing.T) {
	w := newWorld(t)
	got := w.ask(describeCustomers, map[string]any{"in": map[string]any{
		"id": ds("crm.customers"), "version": 0, "title": "People", "owners": []string{"team:b", "team:a"}, "tags": []string{},
		"classes": []string{"PHI"}, "classification": "RESTRICTED", "retention": "2 years", "domain": "sales",
	}})
	a := dig(t, got, "describe", "asset")
	for _, tt := range []struct {
		want any
		path []any
	}{
		{"People", []any{"title"}}, {"Everyone who ever bought something.", []any{"description"}}, {1.0, []any{"editVersion"}},
		{"team:a", []any{"owners", 0, "name"}}, {"phi", []any{"classes", 0, "name"}}, {"RESTRICTED", []any{"classification"}},
		{"2 years", []any{"retention"}}, {"sales", []any{"domain", "name"}},
	} {
		if v := dig(t, a, tt.path...); v != tt.want {
			t.Errorf("%v is %v, want %v", tt.path, v, tt.want)
		}
	}
	if n := len(as[[]any](t, a, "tags")); n != 0 {
		t.Errorf("%d tags are left", n)
	}
	r := w.post(describeCustomers, map[string]any{"in": map[string]any{"id": ds("crm.customers"), "version": 0, "title": "Late"}})
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "CONFLICT" {
		t.Errorf("an edit of an old version: %s", r.body)
	}
	got = w.ask(describeCustomers, map[string]any{"in": map[string]any{"id": ds("crm.customers"), "clear": []string{"TITLE", "TAGS"}}})
	if v := dig(t, got, "describe", "asset", "title"); v != "Customers" {
		t.Errorf("the title after clearing is %v", v)
	}
	if v := dig(t, got, "describe", "asset", "tags", 0, "name"); v != "gold" {
		t.Errorf("the tag after clearing is %v", v)
	}
}

// A second change in one request must not be answered with what was read for the first.
func TestDescribeTwiceInOneRequest(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`mutation($id: ID!) {
		a: describe(input: {id: $id, tags: ["one"]}) { asset { ... on Dataset { tags { name } editVersion } } }
		b: describe(input: {id: $id, tags: ["two"]}) { asset { ... on Dataset { tags { name } editVersion } } }
	}`, map[string]any{"id": ds("crm.customers")})
	if dig(t, got, "a", "asset", "tags", 0, "name") != "one" || dig(t, got, "b", "asset", "tags", 0, "name") != "two" || dig(t, got, "b", "asset", "editVersion") != 2.0 {
		t.Errorf("%v", got)
	}
}

func TestDescribeRefuses(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		in   map[string]any
		code string
	}{
		{map[string]any{"id": ds("none"), "title": "x"}, "NOT_FOUND"},
		{map[string]any{"id": catalog.TransformID("airflow", "load"), "purpose": "x"}, "INVALID"},
	} {
		r := w.post(describeCustomers, map[string]any{"in": tt.in})
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != tt.code {
			t.Errorf("%v: %s", tt.in, r.body)
		}
	}
}

func TestDescribeAColumn(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`mutation($id: ID!) { describe(input: {id: $id, description: "Where they live", classes: ["pii"]}) {
		asset { name description ... on Column { classes { name } editVersion dataset { name } } } } }`,
		map[string]any{"id": catalog.ColumnID(ds("crm.customers"), "city")})
	a := dig(t, got, "describe", "asset")
	if dig(t, a, "description") != "Where they live" || dig(t, a, "classes", 0, "name") != "pii" || dig(t, a, "editVersion") != 1.0 || dig(t, a, "dataset", "name") != "crm.customers" {
		t.Errorf("%v", a)
	}
}

func TestCloseLineage(t *testing.T) {
	w := newWorld(t)
	id := catalog.DatasetID(namespace, "crm.customers")
	const ask = `query($id: ID!) { lineage(id: $id, direction: DOWNSTREAM) { edges { from to } } }`
	before := as[[]any](t, dig(t, w.ask(ask, map[string]any{"id": id}), "lineage", "edges"))
	if len(before) == 0 {
		t.Fatal("nothing is made of the dataset to begin with")
	}
	to := dig(t, before[0], "to")
	const mutate = `mutation($from: ID!, $to: ID!) { closeLineage(from: $from, to: $to) { from { id } to { id } } }`
	got := w.ask(mutate, map[string]any{"from": id, "to": to})
	if dig(t, got, "closeLineage", "to", "id") != to {
		t.Errorf("answer: %v", got)
	}
	after := as[[]any](t, dig(t, w.ask(ask, map[string]any{"id": id}), "lineage", "edges"))
	if len(after) != len(before)-1 {
		t.Errorf("%d edges before, %d after", len(before), len(after))
	}
	if r := w.post(mutate, map[string]any{"from": id, "to": to}); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "NOT_FOUND" {
		t.Errorf("closing it twice: %s", r.body)
	}
}

func TestSetSame(t *testing.T) {
	w := newWorld(t)
	a, b := ds("crm.customers"), ds("crm.people")
	w.send(catalog.Event{At: noon, Datasets: []catalog.DatasetFact{{Namespace: namespace, Name: "crm.people", Role: catalog.Subject}}})
	const mutate = `mutation($a: ID!, $b: ID!, $same: Boolean!) { setSame(a: $a, b: $b, same: $same) { a { id } b { id aliases { id } } } }`
	got := w.ask(mutate, map[string]any{"a": a, "b": b, "same": true})
	if dig(t, got, "setSame", "a", "id") != dig(t, got, "setSame", "b", "id") || len(as[[]any](t, dig(t, got, "setSame", "b", "aliases"))) != 1 {
		t.Errorf("they are not one: %v", got)
	}
	got = w.ask(mutate, map[string]any{"a": a, "b": b, "same": false})
	if dig(t, got, "setSame", "a", "id") != string(a) || dig(t, got, "setSame", "b", "id") != string(b) {
		t.Errorf("they are not two again: %v", got)
	}
}
