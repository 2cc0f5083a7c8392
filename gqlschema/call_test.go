package gqlschema

import (
	"fmt"
	"testing"

	"weir/catalog"
)

// What a page shows is read in at most twelve calls to the store, however long its lists are.
func TestCallsToTheStore(t *testing.T) {
	w := newWorld(t)
	customers := fmt.Sprintf("(namespace: %q, name: %q)", namespace, "crm.customers")
	id := fmt.Sprintf("(id: %q)", ds("crm.customers"))
	for name, query := range map[string]string{
		"home":        `{ counts { datasets transforms consumers failing } datasets(first: 8, recent: true) { nodes { displayName writtenAt domain { name } } } }`,
		"domains":     `{ domains { nodes { name owners { name } counts { datasets } } } }`,
		"list":        `{ datasets(first: 50) { nodes { name owners { name } tags { name } classes { name } inheritedClasses { class { name } } domain { name } upstreamCount } } }`,
		"columns":     `{ datasets(first: 15) { nodes { name columns(first: 20) { nodes { name classes { name } tags { name } } } } } }`,
		"jobs":        `{ transforms(first: 50) { nodes { name code lastRun { state } owners { name } domain { name } } } }`,
		"dataset":     `{ dataset` + customers + ` { title owners { name } tags { name } classes { name } domain { name } editVersion statements { field } aliases { name } } }`,
		"its columns": `{ dataset` + customers + ` { owners { name } columns(sensitive: true) { nodes { name classes { name } } } } }`,
		"its runs":    `{ dataset` + customers + ` { owners { name } runs { nodes { state job { name } } } } }`,
		"its history": `{ dataset` + customers + ` { owners { name } history { nodes { action changes { field before after } } } } }`,
		"lineage":     fmt.Sprintf(`{ lineage(id: %q, direction: BOTH, depth: 10) { nodes { node { ... on Dataset { owners { name } } ... on Transform { code } } } totals { count } } }`, ds("crm.customers")),
		"impact":      `{ impact` + id + ` { nodes { node { ... on Dataset { owners { name } domain { name } } ... on Consumer { owners { name } } } } } }`,
		"search":      `{ search(query: "ops", first: 30) { edges { node { ... on Dataset { owners { name } tags { name } domain { name } } } } facets { values { count } } } }`,
		"many names":  fmt.Sprintf(`{ a: dataset%[1]s { owners { name } } b: node%[2]s { ... on Dataset { tags { name } } } c: dataset(namespace: "x", name: "y") { id } nodes(ids: [%[3]q, %[3]q]) { id } }`, customers, id, catalog.OwnerID("team:crm")),
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.store.calls.Store(0)
			w.ask(query, nil)
			n := w.store.calls.Load()
			t.Logf("%d calls", n)
			if n > 12 || n == 0 {
				t.Errorf("%d calls to the store, more than 12", n)
			}
		})
	}
}
