package sqlite_test

import (
	"context"
	"fmt"
	"testing"

	"weir/graph"
	"weir/graph/graphtest"
)

// TestTheExactNameIsFoundAmongTooMany wants what is called exactly as the text first, though it is the newest of more
// matches than are ranked.
func TestTheExactNameIsFoundAmongTooMany(t *testing.T) {
	s := open(t, graphtest.Schema())
	for from := 0; from < graph.MaxHits+100; from += 5000 {
		putMany(t, s, from, min(from+5000, graph.MaxHits+100))
	}
	put(t, s, "th_exact", graph.Props{"name": "Sales orders", "state": "new", "audience": "few"})
	put(t, s, "th_hidden", graph.Props{"name": "sales_orders", "audience": "others"})
	for name, q := range map[string]graph.Search{
		"all":      {Text: "sales orders"},
		"filtered": {Text: "sales orders", Where: []graph.Filter{{Prop: "state", Values: []any{"new", "old"}}}},
		"visible":  {Text: "sales orders", Visible: &graph.Visible{Audiences: []string{"all", "few"}}},
	} {
		q.Limit = 3
		res, err := s.Search(t.Context(), q)
		if err != nil || !res.Capped || res.Total != graph.MaxHits || len(res.Hits) != 3 {
			t.Fatalf("%s: %d hits of %d, capped %t: %v", name, len(res.Hits), res.Total, res.Capped, err)
		}
		if res.Hits[0].Node.ID != "th_exact" {
			t.Errorf("%s: the first hit is %s", name, res.Hits[0].Node.ID)
		}
		if name != "all" && res.Hits[1].Node.ID == "th_hidden" {
			t.Errorf("%s: what the viewer must not see is a hit", name)
		}
	}
}

func putMany(t *testing.T, s graph.Store, from, to int) {
	t.Helper()
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		var ws []graph.NodeWrite
		for i := from; i < to; i++ {
			ws = append(ws, graph.NodeWrite{Node: graph.Node{
				ID: graph.ID(fmt.Sprintf("th_many%d", i)), Kind: graphtest.Thing,
				Props: graph.Props{"name": fmt.Sprintf("sales orders copy%d", i), "state": "old", "audience": "all"},
			}})
		}
		_, err := tx.Put(ctx, ws...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
