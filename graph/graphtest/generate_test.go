package graphtest

import (
	"testing"

	"weir/graph"
)

func TestLayered(t *testing.T) {
	g := Layered{Nodes: 12_500}
	reaches := map[graph.ID]map[graph.ID]bool{}
	edges := 0
	for _, reached := range []int{1000, 10_000} {
		root, ok := g.Root(reached)
		if !ok {
			t.Fatalf("no root for %d", reached)
		}
		reaches[root] = map[graph.ID]bool{root: true}
	}
	for i := range g.Nodes {
		for _, e := range g.Edges(i) {
			edges++
			for _, set := range reaches {
				if set[e.From] {
					set[e.To] = true
				}
			}
		}
	}
	for root, set := range reaches {
		if n := len(set); n != 1000 && n != 10_000 {
			t.Errorf("%s reaches %d nodes", root, n)
		}
	}
	if perNode := float64(edges) / float64(g.Nodes); perNode < 2.2 || perNode > 2.6 {
		t.Errorf("%.2f edges for a node", perNode)
	}
	if _, ok := g.Root(100_000); ok {
		t.Error("a root for more nodes than there are")
	}
}
