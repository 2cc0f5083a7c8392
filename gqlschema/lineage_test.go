package gqlschema

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
)

// derive says that the mart's e-mail is a hash of the customers', and that its key is the customers' id as it is.
func (w *world) derive() {
	w.t.Helper()
	e := job("build", "", []string{"crm.customers"}, []string{"mart.customer_360"})
	e.At, e.Run.UUID = e.At.Add(time.Hour), "build-2"
	e.Datasets[1].Derivations = []catalog.Derivation{
		{Column: "email", Namespace: namespace, Name: "crm.customers", From: "customer_email", Masked: true, Subtype: "TRANSFORMATION"},
		{Column: "customer_id", Namespace: namespace, Name: "crm.customers", From: "id", Subtype: "IDENTITY"},
		{Column: "customer_id", Namespace: namespace, Name: "crm.customers", From: "city", Indirect: true, Subtype: "FILTER"},
	}
	w.send(e)
}

func TestColumnLineage(t *testing.T) {
	w := newWorld(t)
	w.derive()
	const query = `query($c: ID!, $indirect: Boolean) { columnLineage(column: $c, direction: UPSTREAM, depth: 3, includeIndirect: $indirect) {
		totals { kind count } nodes { depth node { ... on Column { name dataset { name } } } } edges { from to kind subtypes via how } } }`
	key := catalog.ColumnID(ds("mart.customer_360"), "customer_id")
	got := w.ask(query, map[string]any{"c": key})["columnLineage"]
	if dig(t, got, "totals", 0, "kind") != "COLUMN" || dig(t, got, "totals", 0, "count") != 1.0 {
		t.Errorf("totals are %v", dig(t, got, "totals"))
	}
	if dig(t, got, "nodes", 1, "node", "name") != "id" || dig(t, got, "nodes", 1, "node", "dataset", "name") != "crm.customers" {
		t.Errorf("nodes are %v", dig(t, got, "nodes"))
	}
	e := dig(t, got, "edges", 0)
	if dig(t, e, "kind") != "DERIVES" || dig(t, e, "subtypes", 0) != "IDENTITY" || dig(t, e, "via", 0) != string(catalog.TransformID("airflow", "build")) {
		t.Errorf("edge %v", e)
	}
	got = w.ask(query, map[string]any{"c": key, "indirect": true})["columnLineage"]
	if dig(t, got, "totals", 0, "count") != 2.0 {
		t.Errorf("with what filters, totals are %v", dig(t, got, "totals"))
	}
}

func TestOriginsTellWhereItWasMasked(t *testing.T) {
	w := newWorld(t)
	w.derive()
	got := w.ask(`query($ns: String!, $name: String!) { dataset(namespace: $ns, name: $name) { column(name: "email") { origins {
		origins { column { name dataset { name } } masked maskedAt depth steps { kind } } transforms { name code } } } none: column(name: "nope") { id } } }`,
		map[string]any{"ns": namespace, "name": "mart.customer_360"})["dataset"]
	o := dig(t, got, "column", "origins")
	if dig(t, o, "origins", 0, "column", "name") != "customer_email" || dig(t, o, "origins", 0, "masked") != true || dig(t, o, "origins", 0, "maskedAt") != 0.0 ||
		dig(t, o, "origins", 0, "steps", 0, "kind") != "DERIVES_MASKED" || dig(t, o, "transforms", 0, "code") != "select 1 -- build" {
		t.Errorf("%v", o)
	}
	if dig(t, got, "none") != nil {
		t.Errorf("a column that is not there is %v", dig(t, got, "none"))
	}
}

func TestLineageFilters(t *testing.T) {
	w := newWorld(t)
	for filter, want := range map[string]int{
		`{}`:                              5,
		`{kinds: [CONSUMER]}`:             3,
		`{kinds: [CONSUMER, DATASET]}`:    4,
		`{domains: ["customer"]}`:         2,
		`{owners: ["team:nobody"]}`:       1,
		`{classifications: [RESTRICTED]}`: 1,
		`{classes: ["phi"]}`:              1,
		fmt.Sprintf(`{domains: [%q]}`, catalog.DomainID("customer")): 2,
		`{since: "2026-06-15T00:00:00Z", kinds: [CONSUMER]}`:         3,
		`{until: "2026-06-15T00:00:00Z", kinds: [CONSUMER]}`:         1,
	} {
		got := w.ask(fmt.Sprintf(`{ lineage(id: %q, direction: DOWNSTREAM, depth: 9, filter: %s) { nodes { id } totals { count } } }`, ds("crm.customers"), filter), nil)
		if n := len(as[[]any](t, got, "lineage", "nodes")); n != want {
			t.Errorf("%s keeps %d nodes, want %d", filter, n, want)
		}
	}
}

func TestLineageSaysWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	got := w.ask(fmt.Sprintf(`{ lineage(id: %q, direction: DOWNSTREAM, depth: 9, maxNodes: 2) { nodes { id } totals { kind count } isPartial partialReason } }`, ds("crm.customers")), nil)["lineage"]
	if len(as[[]any](t, got, "nodes")) != 2 || dig(t, got, "isPartial") != true || dig(t, got, "partialReason") != "MAX_NODES" {
		t.Errorf("%v", got)
	}
	total := 0.0
	for _, c := range as[[]any](t, got, "totals") {
		total += as[float64](t, c, "count")
	}
	if total != 4 {
		t.Errorf("totals count %v, want all 4", total)
	}
	before := w.ask(fmt.Sprintf(`{ lineage(id: %q, direction: DOWNSTREAM, depth: 9, asOf: "2020-01-01T00:00:00+02:00") { edges { from } } }`, ds("crm.customers")), nil)
	if n := len(as[[]any](t, before, "lineage", "edges")); n != 0 {
		t.Errorf("%d edges years before the first event", n)
	}
}

// blind hides nodes.
type blind map[graph.ID]graph.ID

func (b blind) Hide(_ context.Context, nodes []graph.Node) (map[graph.ID]graph.ID, error) {
	out := map[graph.ID]graph.ID{}
	for _, n := range nodes {
		if pseudonym, ok := b[n.ID]; ok {
			out[n.ID] = pseudonym
		}
	}
	return out, nil
}

// Visible lets the store find everything, so that hiding is what is tested.
func (blind) Visible(context.Context) *graph.Visible { return nil }

func TestHiddenNodesSayNothing(t *testing.T) {
	w := newWorld(t)
	mart := ds("mart.customer_360")
	w.options.Lineage = w.options.Lineage.For(blind{mart: "hid_x"})
	w.Handler = Handler(w.options)
	for _, query := range []string{
		`{ lineage(id: %q, direction: DOWNSTREAM, depth: 9) { nodes { id hidden depth node { id ... on Asset { name } } } edges { from to producer } } }`,
		`{ impact(id: %q, first: 50) { nodes { id hidden via node { id ... on Asset { name } } } } }`,
		`{ lineagePath(from: %q, to: "` + string(catalog.ConsumerID("airflow", "churn")) + `") { paths { nodes { id hidden node { id } } edges { from to } } } }`,
	} {
		r := w.post(fmt.Sprintf(query, ds("crm.customers")), nil)
		if len(r.Errors) > 0 || !strings.Contains(r.body, `"hid_x"`) {
			t.Errorf("%s: %s", query, r.body)
		}
		if strings.Contains(r.body, string(mart)) || strings.Contains(r.body, "customer_360") {
			t.Errorf("it leaks: %s", r.body)
		}
	}
}

func TestRunShowsItsData(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`query($id: ID!) { node(id: $id) { ... on Run { uuid state producer seconds job { name } inputs { dataset { name } } outputs { dataset { name } rows bytes } } } }`,
		map[string]any{"id": catalog.RunID("airflow", "load", "load-1")})["node"]
	if dig(t, got, "state") != "COMPLETED" || dig(t, got, "job", "name") != "load" || dig(t, got, "inputs", 0, "dataset", "name") != "crm.addresses" ||
		dig(t, got, "outputs", 0, "rows") != 42.0 || dig(t, got, "producer") != "https://example.com/spark/3.5" || dig(t, got, "seconds") != nil {
		t.Errorf("%v", got)
	}
}

func TestDomainShowsItsDatasets(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`query($id: ID!) { node(id: $id) { ... on Domain { name counts { datasets transforms isCapped } datasets { nodes { name } } owners { name } } } }`,
		map[string]any{"id": catalog.DomainID("customer")})["node"]
	if dig(t, got, "counts", "datasets") != 2.0 || dig(t, got, "datasets", "nodes", 1, "name") != "mart.customer_360" {
		t.Errorf("%v", got)
	}
}
