package gqlschema

import (
	"testing"

	"weir/catalog"
)

func TestDatasetShowsEverything(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`query($ns: String!, $name: String!) { dataset(namespace: $ns, name: $name) {
		id name namespace title displayName description platform classification columnCount createdAt isInferred
		domain { name counts { datasets } } owners { name } tags { name } classes { name } upstreamCount downstreamCount writtenAt
		columns(first: 2) { totalCount nodes { name type dataset { name } } pageInfo { hasNextPage } }
		runs { nodes { state rows job { name } } } editVersion statements { field by byPerson } history { nodes { action changes { field after } } }
	} }`, map[string]any{"ns": namespace, "name": "crm.customers"})
	for _, tt := range []struct {
		want any
		path []any
	}{
		{string(ds("crm.customers")), []any{"id"}},
		{"Customers", []any{"title"}},
		{"CONFIDENTIAL", []any{"classification"}},
		{"postgres", []any{"platform"}},
		{"customer", []any{"domain", "name"}},
		{2.0, []any{"domain", "counts", "datasets"}},
		{"team:crm", []any{"owners", 0, "name"}},
		{"gold", []any{"tags", 0, "name"}},
		{"pii", []any{"classes", 0, "name"}},
		{1.0, []any{"upstreamCount"}},
		{1.0, []any{"downstreamCount"}},
		{"2026-06-15T09:00:00.000000Z", []any{"writtenAt"}},
		{3.0, []any{"columns", "totalCount"}},
		{"id", []any{"columns", "nodes", 0, "name"}},
		{"crm.customers", []any{"columns", "nodes", 0, "dataset", "name"}},
		{true, []any{"columns", "pageInfo", "hasNextPage"}},
		{"COMPLETED", []any{"runs", "nodes", 0, "state"}},
		{"load", []any{"runs", "nodes", 0, "job", "name"}},
		{"https://example.com/spark", []any{"statements", 0, "by"}},
		{"intake.apply", []any{"history", "nodes", 0, "action"}},
	} {
		if v := dig(t, got["dataset"], tt.path...); v != tt.want {
			t.Errorf("%v is %v, want %v", tt.path, v, tt.want)
		}
	}
}

func TestLineageAsTheContractSays(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`query($id: ID!) { lineage(id: $id, direction: BOTH, depth: 4) {
		root isPartial partialReason totals { kind count }
		nodes { id depth side hidden node { id ... on Dataset { name columnCount owners { name } } ... on Transform { name code } ... on Consumer { type } } }
		edges { from to kind producer sources since until confirmedAt how unconfirmed }
	} }`, map[string]any{"id": ds("crm.customers")})
	l := got["lineage"]
	if dig(t, l, "root") != string(ds("crm.customers")) || dig(t, l, "isPartial") != false {
		t.Errorf("root or isPartial of %v", l)
	}
	depths := map[any]any{}
	for i := range as[[]any](t, l, "nodes") {
		n := dig(t, l, "nodes", i)
		depths[dig(t, n, "id")] = as[string](t, n, "side") + string(rune('0'+int(as[float64](t, n, "depth"))))
	}
	want := map[any]any{
		string(ds("crm.customers")): "ROOT0", string(catalog.TransformID("airflow", "load")): "UPSTREAM1", string(ds("crm.addresses")): "UPSTREAM2",
		string(catalog.TransformID("airflow", "build")): "DOWNSTREAM1", string(ds("mart.customer_360")): "DOWNSTREAM2",
		string(catalog.ConsumerID("airflow", "mailing")): "DOWNSTREAM3", string(catalog.ConsumerID("airflow", "churn")): "DOWNSTREAM3",
	}
	if len(depths) != len(want) {
		t.Errorf("%d nodes, want %d: %v", len(depths), len(want), depths)
	}
	for id, at := range want {
		if depths[id] != at {
			t.Errorf("%v lies at %v, want %v", id, depths[id], at)
		}
	}
	if n := len(as[[]any](t, l, "edges")); n != 6 {
		t.Errorf("%d edges, want 6", n)
	}
	for i := range 6 {
		if dig(t, l, "edges", i, "since") == nil || dig(t, l, "edges", i, "producer") != "https://example.com/spark" || dig(t, l, "edges", i, "how") != "OBSERVED" {
			t.Errorf("edge %v", dig(t, l, "edges", i))
		}
	}
}

func TestLineageNodesAreWhole(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`query($id: ID!) { lineage(id: $id, direction: UPSTREAM) { nodes { node { ... on Asset { description } ... on Transform { code } } } } 
		impact(id: $id) { totalCount totals { kind count } nodes { depth via node { ... on Asset { displayName } ... on Dataset { domain { name } } } } } }`,
		map[string]any{"id": ds("crm.customers")})
	if d := dig(t, got, "lineage", "nodes", 0, "node", "description"); d != "Everyone who ever bought something." {
		t.Errorf("description of the root is %v", d)
	}
	if d := dig(t, got, "lineage", "nodes", 1, "node", "code"); d != "select 1 -- load" {
		t.Errorf("code is %v", d)
	}
	if n := dig(t, got, "impact", "totalCount"); n != 4.0 {
		t.Errorf("impact of %v", n)
	}
	if n := dig(t, got, "impact", "nodes", 1, "node", "domain", "name"); n != "customer" {
		t.Errorf("domain of the mart is %v", n)
	}
}

func TestPathsLeadAlongTheData(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`query($a: ID!, $b: ID!) { lineagePath(from: $a, to: $b) { direction paths { nodes { node { ... on Asset { name } } } edges { kind } } } }`,
		map[string]any{"a": catalog.ConsumerID("airflow", "churn"), "b": ds("crm.customers")})
	p := got["lineagePath"]
	if dig(t, p, "direction") != "UPSTREAM" || dig(t, p, "paths", 0, "nodes", 0, "node", "name") != "crm.customers" || dig(t, p, "paths", 0, "edges", 2, "kind") != "DELIVERS" {
		t.Errorf("%v", p)
	}
}

func TestSearchAndNodes(t *testing.T) {
	w := newWorld(t)
	got := w.ask(`{ search(query: "class:pii") { totalCount edges { node { displayName ... on Dataset { owners { name } } } } facets { field values { value count } } } }`, nil)
	if dig(t, got, "search", "edges", 0, "node", "displayName") != "Customers" || dig(t, got, "search", "edges", 0, "node", "owners", 0, "name") != "team:crm" {
		t.Errorf("%v", got)
	}
	got = w.ask(`query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } node(id: "nothing like an id") { id } }`,
		map[string]any{"ids": []any{catalog.OwnerID("team:crm"), ds("no such"), catalog.TagID("gold"), catalog.DomainID("customer"), catalog.ClassID("pii")}})
	if got["node"] != nil || dig(t, got, "nodes", 1) != nil {
		t.Errorf("what is not there is %v", got)
	}
	for i, typ := range map[int]string{0: "Owner", 2: "Tag", 3: "Domain", 4: "DataClass"} {
		if dig(t, got, "nodes", i, "__typename") != typ {
			t.Errorf("node %d is %v, want %s", i, dig(t, got, "nodes", i), typ)
		}
	}
}
