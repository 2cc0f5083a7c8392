package gqlschema

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"weir/gqlschema/gen"
)

// over runs a query at a limit and one over it.
func over(t *testing.T, w *world, at, beyond, word string) {
	t.Helper()
	if r := w.post(at, nil); r.Status != http.StatusOK {
		t.Errorf("at the limit: %d %.300s", r.Status, r.body)
	}
	r := w.post(beyond, nil)
	if r.Status != http.StatusBadRequest || r.Data != nil || len(r.Errors) != 1 {
		t.Fatalf("over the limit: %d %.300s", r.Status, r.body)
	}
	if e := r.Errors[0]; !strings.Contains(e.Message, word) || e.Extensions["requestId"] != "r1" {
		t.Errorf("over the limit: %v", e)
	}
}

func TestDepth(t *testing.T) {
	w := newWorld(t)
	// job and lastRun lead from one to the other without end.
	nested := func(levels int) string {
		q := "id"
		for i := levels - 2; i > 0; i-- {
			if i%2 == 1 {
				q = "... on Transform { lastRun { " + q + " } }"
			} else {
				q = "job { " + q + " }"
			}
		}
		return `{ node(id: "x") { ` + q + ` } }`
	}
	over(t, w, nested(mostDepth), nested(mostDepth+1), "deeper than 10")
	if r := w.post(introspection, nil); r.Status != http.StatusOK || len(r.Errors) > 0 {
		t.Errorf("introspection is deeper, and allowed: %d %.300s", r.Status, r.body)
	}
}

func TestAliases(t *testing.T) {
	w := newWorld(t)
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " a%d: __typename", i)
		}
		return "{" + b.String() + " }"
	}
	over(t, w, many(mostAliases), many(mostAliases+1), "15 aliases")
	twice := `{ ...a ...b } fragment a on Query { a1: __typename a2: __typename a3: __typename a4: __typename ...b ...b }
		fragment b on Query { b1: __typename b2: __typename b3: __typename b4: __typename }`
	if r := w.post(twice, nil); r.Status != http.StatusBadRequest {
		t.Errorf("16 aliases through fragments: %d %.300s", r.Status, r.body)
	}
}

func TestDirectives(t *testing.T) {
	w := newWorld(t)
	many := func(n int) string {
		return "{ " + strings.Repeat("__typename @include(if: true) ", n) + "}"
	}
	over(t, w, many(mostDirectives), many(mostDirectives+1), "20 directives")
}

func TestTokens(t *testing.T) {
	w := newWorld(t)
	// Each text is a token; the rest of the query are 12, with its end.
	many := func(n int) string { return "{ nodes(ids: [" + strings.Repeat(`"",`, n-12) + "]) { id } }" }
	if r := w.post(many(mostTokens), nil); r.Status != http.StatusOK {
		t.Errorf("at the limit: %d %.300s", r.Status, r.body)
	}
	r := w.post(many(mostTokens+1), nil)
	if r.Status != http.StatusBadRequest || !strings.Contains(r.body, "token") {
		t.Errorf("over the limit: %d %.300s", r.Status, r.body)
	}
}

func TestSelections(t *testing.T) {
	w := newWorld(t)
	many := func(n int) string { return "{ " + strings.Repeat("__typename ", n) + "}" }
	over(t, w, many(mostSelections), many(mostSelections+1), "500 fields")
}

func TestFieldsThroughFragments(t *testing.T) {
	w := newWorld(t)
	var b strings.Builder
	b.WriteString("{ ...f0 }")
	for i := range 60 { // each spreads the next one twice: 2^60 fields
		fmt.Fprintf(&b, " fragment f%d on Query { ...f%d ...f%d }", i, i+1, i+1)
	}
	b.WriteString(" fragment f60 on Query { __typename }")
	r := w.post(b.String(), nil)
	if r.Status != http.StatusBadRequest || !strings.Contains(r.body, "fields once its fragments are spread") {
		t.Errorf("%d %.300s", r.Status, r.body)
	}
}

func TestCost(t *testing.T) {
	w := newWorld(t)
	// Ten datasets with n columns each: 1 + 10 * (1 + 1 + n).
	wide := func(n int) string {
		return fmt.Sprintf("{ datasets(first: 10) { nodes { columns(first: %d) { nodes { name } } } pageInfo { hasNextPage } } }", n)
	}
	over(t, w, wide(97), wide(98), "objects")
	lineage := func(n int) string {
		return fmt.Sprintf(`{ a: lineage(id: %q, direction: UPSTREAM, maxNodes: %d) { root }  b: lineage(id: %q, direction: UPSTREAM, maxNodes: 96000) { root } }`,
			ds("crm.customers"), n, ds("crm.customers"))
	}
	over(t, w, lineage(100_000), `{ a: lineage(id: "x", direction: BOTH, maxNodes: 100000) { root } b: lineage(id: "x", direction: BOTH, maxNodes: 97000) { root } }`, "objects")
}

func TestWhatAListDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	for name, query := range map[string]string{
		"runs of each":              `{ datasets { nodes { runs { nodes { id } } } } }`,
		"editVersion of each":       `{ nodes(ids: ["x"]) { ... on Dataset { editVersion } } }`,
		"columns within lineage":    `{ lineage(id: "x", direction: BOTH) { nodes { node { ... on Dataset { columns { nodes { id } } } } } } }`,
		"columns in the impact":     `{ impact(id: "x") { nodes { node { ... on Dataset { columns { nodes { id } } } } } } }`,
		"history through fragments": `{ datasets { nodes { ...d } } } fragment d on Dataset { history { nodes { seq } } }`,
	} {
		if r := w.post(query, nil); r.Status != http.StatusBadRequest || dig(t, r.Errors[0].Extensions, "code") != codeLimit {
			t.Errorf("%s: %d %.300s", name, r.Status, r.body)
		}
	}
}

// A bomb of 100,000 tokens is turned away before it costs memory; the size of a body alone stops it first, so the parser
// gets it without the transport.
func TestTokenBombCostsNoMemory(t *testing.T) {
	bomb := "{" + strings.Repeat(" a", 100_000) + "}"
	h := newHandler(newWorld(t).options, gen.NewExecutableSchema(gen.Config{Resolvers: &resolver{}}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, refused := h.exec.CreateOperationContext(graphql.StartOperationTrace(t.Context()), &graphql.RawParams{Query: bomb})
	runtime.ReadMemStats(&after)
	if len(refused) == 0 || !strings.Contains(refused.Error(), "token") {
		t.Fatalf("not refused: %v", refused)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 20<<20 {
		t.Errorf("%d bytes for a bomb", used)
	}
}
