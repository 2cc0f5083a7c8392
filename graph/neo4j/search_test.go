package neo4j_test

import (
	"context"
	"fmt"
	"testing"

	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
)

// TestSearchBeyondTheIndex asks more at once than a query of the full-text index takes: the rest is checked on the hits.
func TestSearchBeyondTheIndex(t *testing.T) {
	const near = 1800
	s := neo4jtest.Open(t, graphtest.Schema())
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		var ws []graph.NodeWrite
		var es []graph.Edge
		for i := range near + 200 {
			id := graph.ID(fmt.Sprintf("th_%d", i))
			props := graph.Props{"name": "word", "state": fmt.Sprint(i % 4), "audience": fmt.Sprint("a", i%2), "rank": int64(i)}
			ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: id, Kind: graphtest.Thing, Props: props}})
			if i < near {
				es = append(es, graph.Edge{From: id, To: "th_0", Rel: graphtest.Feeds})
			}
		}
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, es...)
	})
	if err != nil {
		t.Fatal(err)
	}
	visible := &graph.Visible{Audiences: []string{"a0"}}
	for i := range graph.MaxAudiences - 1 {
		visible.Audiences = append(visible.Audiences, fmt.Sprint("other", i))
	}
	for i := range graph.MaxVisibleIDs {
		visible.IDs = append(visible.IDs, graph.ID(fmt.Sprintf("th_x%d", i)))
	}
	states := graph.Filter{Prop: "state", Values: []any{"0", "1"}}
	for i := range graph.MaxValues - len(states.Values) {
		states.Values = append(states.Values, fmt.Sprint("other", i))
	}
	ranks := graph.Filter{Prop: "rank", Op: graph.Less, Values: []any{int64(1000)}}
	for _, tc := range []struct {
		name string
		s    graph.Search
		want int
	}{
		{"many candidates", graph.Search{Visible: visible, Near: []graph.Near{{Rel: graphtest.Feeds, To: []graph.ID{"th_0"}}}}, near / 2},
		{"many values", graph.Search{Visible: visible, Where: []graph.Filter{states, ranks}}, 250},
		{"both", graph.Search{Text: "wor", Prefix: true, Visible: visible, Where: []graph.Filter{states}, Near: []graph.Near{{Rel: graphtest.Feeds, To: []graph.ID{"th_0"}}}}, near / 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			res, err := s.Search(t.Context(), tc.s)
			if err != nil || res.Total != tc.want || res.Capped {
				t.Fatalf("total %d (capped %t), want %d; error %v", res.Total, res.Capped, tc.want, err)
			}
		})
	}
}
