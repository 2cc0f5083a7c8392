package flow

import (
	"context"
	"testing"

	"weir/catalog"
	"weir/graph"
	"weir/graph/graphtest"
)

// counter counts the questions that are asked.
type counter struct {
	graph.Reader
	asked int
}

func (c *counter) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	c.asked++
	return c.Reader.Nodes(ctx, ids...)
}

func (c *counter) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	c.asked++
	return c.Reader.Edges(ctx, q)
}

func (c *counter) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	c.asked++
	return c.Reader.Traverse(ctx, w)
}

// TestRead_AsksTheStoreSeldom holds the number of questions, which are round trips to a server, however wide or deep the
// lineage is. Only gaps cost more, for each layer of them.
func TestRead_AsksTheStoreSeldom(t *testing.T) {
	for name, c := range map[string]struct {
		layers, width int
		stated        bool
		most          int
	}{
		"narrow": {3, 2, true, 10}, "wide": {3, 300, true, 10}, "deep": {30, 3, true, 10},
		"one gap": {2, 20, false, 16}, "three gaps": {4, 20, false, 28},
	} {
		w := &teller{t: t, store: graphtest.Memory(catalog.Schema())}
		r := &counter{Reader: w.store}
		s, err := Read(t.Context(), r, []Ask{{Dataset: w.mesh(c.layers, c.width, c.stated)}}, day(5))
		if err != nil || len(s.Inflows)+len(s.Coarse) == 0 {
			t.Fatalf("%s: %+v (%v)", name, s, err)
		}
		if r.asked > c.most {
			t.Errorf("%s: asked %d times, not at most %d", name, r.asked, c.most)
		}
	}
}
