package gqlschema

import (
	"fmt"
	"slices"
	"testing"
)

// names walks through a connection by pages of n, beginning after a cursor.
func names(t *testing.T, w *world, field, args, below string, n int, after any) []string {
	t.Helper()
	var out []string
	for range 100 {
		got := w.ask(fmt.Sprintf(`query($after: String) { %s(first: %d, after: $after%s) { edges { cursor node { %s } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
			field, n, args, below), map[string]any{"after": after})
		es := as[[]any](t, got, field, "edges")
		for i := range es {
			out = append(out, fmt.Sprint(dig(t, es[i], "node")))
		}
		info := dig(t, got, field, "pageInfo")
		if dig(t, info, "hasPreviousPage") != (after != nil) {
			t.Errorf("hasPreviousPage is not %v", after != nil)
		}
		if len(es) > 0 && (dig(t, info, "endCursor") != dig(t, es[len(es)-1], "cursor") || dig(t, info, "startCursor") != dig(t, es[0], "cursor")) {
			t.Errorf("cursors of the page are not those of its edges")
		}
		if dig(t, info, "hasNextPage") == false {
			return out
		}
		after = dig(t, info, "endCursor")
	}
	t.Fatalf("%s has no end", field)
	return nil
}

func TestPagesMeet(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ field, args, below string }{
		{"datasets", "", "name"},
		{"datasets", ", recent: true", "name"},
		{"datasets", `, domain: "area1"`, "name"},
		{"transforms", "", "name"},
		{"consumers", "", "name"},
		{"runs", "", "uuid"},
		{"owners", "", "name"},
		{"tags", "", "name"},
		{"domains", "", "name"},
		{"dataClasses", "", "name"},
		{"changes", "", "seq"},
		{"search", `, query: "ops"`, "name"},
		{"impact", fmt.Sprintf(`, id: %q`, ds("crm.addresses")), "id"},
		{"history", fmt.Sprintf(`, id: %q`, ds("crm.customers")), "seq"},
	} {
		whole := names(t, w, tt.field, tt.args, tt.below, 100, nil)
		if len(whole) == 0 {
			t.Errorf("%s%s is empty", tt.field, tt.args)
		}
		sorted := slices.Sorted(slices.Values(whole))
		if len(slices.Compact(sorted)) != len(whole) {
			t.Errorf("%s%s repeats: %v", tt.field, tt.args, whole)
		}
		for _, n := range []int{1, 2, 7} {
			if got := names(t, w, tt.field, tt.args, tt.below, n, nil); !slices.Equal(got, whole) {
				t.Errorf("%s%s by %d is %v, want %v", tt.field, tt.args, n, got, whole)
			}
		}
	}
}

// Each edge's cursor goes on behind that edge, not only the last one of a page.
func TestCursorOfAnyEdge(t *testing.T) {
	w := newWorld(t)
	whole := names(t, w, "datasets", "", "name", 100, nil)
	got := w.ask(`{ datasets(first: 10) { edges { cursor } } }`, nil)
	for i := range 10 {
		after := dig(t, got, "datasets", "edges", i, "cursor")
		if rest := names(t, w, "datasets", "", "name", 4, after); !slices.Equal(rest, whole[i+1:]) {
			t.Errorf("after edge %d come %v, want %v", i, rest, whole[i+1:])
		}
	}
	if r := w.post(`query($after: String) { owners(after: $after) { nodes { id } } }`, map[string]any{"after": dig(t, got, "datasets", "edges", 0, "cursor")}); len(r.Errors) != 1 {
		t.Errorf("a cursor of another list is taken: %s", r.body)
	}
}

func TestColumnsOfADataset(t *testing.T) {
	w := newWorld(t)
	ask := func(args string) any {
		return w.ask(fmt.Sprintf(`{ node(id: %q) { ... on Dataset { columns%s { totalCount nodes { name } pageInfo { endCursor hasNextPage } } } } }`, ds("crm.customers"), args), nil)["node"]
	}
	got := ask("(first: 2)")
	if dig(t, got, "columns", "totalCount") != 3.0 || dig(t, got, "columns", "nodes", 1, "name") != "customer_email" {
		t.Errorf("%v", got)
	}
	got = ask(fmt.Sprintf("(first: 2, after: %q)", dig(t, got, "columns", "pageInfo", "endCursor")))
	if dig(t, got, "columns", "nodes", 0, "name") != "city" || dig(t, got, "columns", "pageInfo", "hasNextPage") != false {
		t.Errorf("%v", got)
	}
	if got = ask(`(text: "MAIL")`); dig(t, got, "columns", "totalCount") != 1.0 {
		t.Errorf("%v", got)
	}
}
