package neo4j_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"weir/errs"
	"weir/graph"
	"weir/graph/neo4j"
	"weir/graph/neo4j/neo4jtest"
)

func schemaWith(spec graph.Spec) graph.Schema {
	spec.Prefix = "th"
	return graph.Schema{Kinds: map[graph.Kind]graph.Spec{"Thing": spec}, Rels: []graph.Rel{"FEEDS"}}
}

// TestSchemaChanges opens a filled database with another schema: its questions are answered over the old nodes too.
func TestSchemaChanges(t *testing.T) {
	uri := neo4jtest.URI(t)
	before := neo4jtest.Open(t, schemaWith(graph.Spec{Lists: []graph.List{{}}}))
	err := before.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		var ws []graph.NodeWrite
		for i := range 2500 { // more than one batch of a rebuild
			props := graph.Props{"name": fmt.Sprintf("thing %04d", i), "half": int64(i % 2), "code": fmt.Sprint("c", i)}
			ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: graph.ID(fmt.Sprintf("th_%d", i)), Kind: "Thing", Props: props}})
		}
		_, err := tx.Put(ctx, ws...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	richer := schemaWith(graph.Spec{
		Lists: []graph.List{{Where: []string{"half"}, Sort: "name"}}, Text: []graph.Text{{Prop: "name", Weight: 1}},
		Facets: []string{"half"}, Unique: []string{"code"},
	})
	after := neo4jtest.Reopen(t, uri, richer)
	page, err := after.List(t.Context(), graph.Query{Kind: "Thing", Where: []graph.Filter{{Prop: "half", Values: []any{int64(1)}}}, Sort: "name", Limit: 2})
	if err != nil || len(page.Nodes) != 2 || page.Nodes[1].ID != "th_3" {
		t.Fatalf("list %v, error %v", page.Nodes, err)
	}
	found, err := after.Search(t.Context(), graph.Search{Text: "thing", Facets: []graph.Facet{{Prop: "half"}}})
	if err != nil || found.Total != 2500 || found.Facets["half"][0].Count != 1250 {
		t.Fatalf("search %+v, error %v", found, err)
	}
	err = after.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: "th_new", Kind: "Thing", Props: graph.Props{"code": "c7"}}})
		return err
	})
	if !errs.Is(err, errs.Exists) {
		t.Fatalf("a second thing with code c7: error %v", err)
	}
	if n, err := graph.One(t.Context(), after, "th_1"); err != nil || n.Version != 1 {
		t.Fatalf("a rebuild made version %d of a node, error %v", n.Version, err)
	}
	neo4jtest.Reopen(t, uri, schemaWith(graph.Spec{}))
	left := neo4jtest.Run(t, "MATCH (n:Thing) WHERE any(k IN keys(n) WHERE k STARTS WITH '_l_' OR k = '_words') RETURN n LIMIT 1", nil)
	if len(left) > 0 {
		t.Fatal("derived properties are left that nobody asks")
	}
	indexes := neo4jtest.Run(t, "SHOW INDEXES YIELD name WHERE name CONTAINS 'Thing' RETURN name", nil)
	if len(indexes) > 0 {
		t.Fatalf("%d indexes are left that nobody asks", len(indexes))
	}
}

func TestNewerLayoutIsRefused(t *testing.T) {
	uri := neo4jtest.URI(t)
	neo4jtest.Open(t, schemaWith(graph.Spec{}))
	neo4jtest.Run(t, "MATCH (s:_Store) SET s._version = 1000", nil)
	defer neo4jtest.Wipe(t)
	_, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri}, schemaWith(graph.Spec{}))
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.Shown(err), "newer program (version 1000") {
		t.Fatalf("error %v", err)
	}
}
