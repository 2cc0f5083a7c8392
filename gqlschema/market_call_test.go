package gqlschema

import (
	"fmt"
	"testing"
	"time"

	"weir/marketplace"
)

// A list of the marketplace costs the same number of calls to the store, however long it is.
func TestCallsOfTheMarketplace(t *testing.T) {
	s := newStall(t, graphStore(t))
	if err := marketplace.InstallTemplates(t.Context(), s.store, time.Now()); err != nil {
		t.Fatal(err)
	}
	s.offer(t)
	s.asked(t)
	bob, eve := s.by(t, s.bob), s.by(t, s.eve)
	lists := map[string]struct {
		by    *world
		query string
	}{
		"products":  {bob, `{ products(first: 50) { nodes { title owner { name } domain { name } parts { dataset { name owners { name } } columns { name } } } } }`},
		"requests":  {bob, `{ requests(first: 50) { nodes { title sender { name } holder { name } waitsFor } } }`},
		"inbox":     {eve, `{ inbox(first: 50) { nodes { since item { title sender { name } } } } }`},
		"grants":    {eve, `{ grants(view: ALL, first: 50) { nodes { title holder { name } owner { name } } } }`},
		"templates": {bob, `{ templates { nodes { name holds { words } } } }`},
	}
	calls := func(name string) int64 {
		s.store.calls.Store(0)
		lists[name].by.ask(lists[name].query, nil)
		return s.store.calls.Load()
	}
	few := map[string]int64{}
	for name := range lists {
		few[name] = calls(name)
	}
	for i := range 12 {
		made := eve.ask(fmt.Sprintf(`mutation { createProduct(slug: "more-%d", input: {title: "More %[1]d", summary: "More.", domain: %q}) { id } }`, i, s.domain), nil)
		s.product = as[string](t, made, "createProduct", "id")
		eve.ask(fmt.Sprintf(`mutation { setProductParts(id: %[1]q, parts: [{dataset: %[2]q}]) { id } setProductTerms(id: %[1]q, text: "x") { id } publishProduct(id: %[1]q) { id } }`,
			s.product, ds("crm.customers")), nil)
		item := s.asked(t)
		if i%2 == 0 {
			s.approve(t, item)
		}
	}
	for name := range lists {
		many := calls(name)
		t.Logf("%s: %d calls, %d with more", name, few[name], many)
		if many > few[name]+2 || many == 0 {
			t.Errorf("%s: %d calls to the store, and %d with more to list", name, few[name], many)
		}
	}
}
