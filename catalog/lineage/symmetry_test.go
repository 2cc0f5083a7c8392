package lineage

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"weir/catalog"
	"weir/graph"
)

// TestSymmetry: b is downstream of a exactly when a is upstream of b, and as far; and both is the one united with the other.
func TestSymmetry(t *testing.T) {
	eachGraph(t, func(t *testing.T, store func() graph.Store) {
		number := 0
		rapid.Check(t, func(rt *rapid.T) {
			number++
			w := newWorld(t, store())
			w.prefix = fmt.Sprintf("-%d", number)
			assets := w.randomAssets(rt)
			depth := rapid.IntRange(1, 12).Draw(rt, "depth")
			up, down := map[[2]graph.ID]int{}, map[[2]graph.ID]int{}
			for _, id := range assets {
				u := w.ask(Query{Root: id, Direction: Upstream, Depth: depth, Fields: []string{}})
				d := w.ask(Query{Root: id, Direction: Downstream, Depth: depth, Fields: []string{}})
				for other, n := range found(u.Nodes) {
					up[[2]graph.ID{other, id}] = n
				}
				for other, n := range found(d.Nodes) {
					down[[2]graph.ID{id, other}] = n
				}
				united(rt, u, d, w.ask(Query{Root: id, Direction: Both, Depth: depth, Fields: []string{}}))
			}
			if fmt.Sprint(up) != fmt.Sprint(down) {
				rt.Fatalf("upstream %v\ndownstream %v", up, down)
			}
		})
	})
}

// randomAssets writes datasets, transforms and consumers with random edges, circles among them.
func (w *world) randomAssets(rt *rapid.T) []graph.ID {
	var datasets, transforms, consumers []graph.ID
	for i := range rapid.IntRange(1, 6).Draw(rt, "datasets") {
		datasets = append(datasets, w.dataset(fmt.Sprint("d", i)))
	}
	for i := range rapid.IntRange(1, 6).Draw(rt, "transforms") {
		transforms = append(transforms, w.transform(fmt.Sprint("t", i)))
	}
	for i := range rapid.IntRange(1, 2).Draw(rt, "consumers") {
		consumers = append(consumers, w.consumer(fmt.Sprint("k", i)))
	}
	dataset, transform := rapid.SampledFrom(datasets), rapid.SampledFrom(transforms)
	for range rapid.IntRange(0, 20).Draw(rt, "edges") {
		switch rapid.IntRange(0, 4).Draw(rt, "relation") {
		case 0, 1:
			w.link(dataset.Draw(rt, "from"), catalog.RelInput, transform.Draw(rt, "to"))
		case 2, 3:
			w.link(transform.Draw(rt, "from"), catalog.RelOutput, dataset.Draw(rt, "to"))
		default:
			w.link(dataset.Draw(rt, "from"), catalog.RelDelivers, rapid.SampledFrom(consumers).Draw(rt, "to"))
		}
	}
	w.write()
	return append(append(datasets, transforms...), consumers...)
}

// united fails unless both is exactly what lies up and what lies down.
func united(rt *rapid.T, up, down, both Answer) {
	want := found(up.Nodes)
	for id, depth := range found(down.Nodes) {
		if old, ok := want[id]; !ok || depth < old {
			want[id] = depth
		}
	}
	edges := map[endsOf]bool{}
	for _, e := range append(append([]Edge{}, up.Edges...), down.Edges...) {
		edges[endsOf{e.From, e.To, e.Kind}] = true
	}
	if got := found(both.Nodes); fmt.Sprint(got) != fmt.Sprint(want) {
		rt.Fatalf("both found %v, want %v", got, want)
	}
	if len(both.Edges) != len(edges) || total(both.Totals) != len(want) || both.IsPartial {
		rt.Fatalf("both has %d edges of %d, totals %v of %d", len(both.Edges), len(edges), both.Totals, len(want))
	}
}

// TestPartialIsExact: whatever the number of nodes asked for, totals are the same and the nearest nodes come.
func TestPartialIsExact(t *testing.T) {
	eachGraph(t, func(t *testing.T, store func() graph.Store) {
		number := 0
		rapid.Check(t, func(rt *rapid.T) {
			number++
			w := newWorld(t, store())
			w.prefix = fmt.Sprintf("-partial-%d", number)
			root := rapid.SampledFrom(w.randomAssets(rt)).Draw(rt, "root")
			q := Query{Root: root, Direction: Direction(rapid.IntRange(0, 2).Draw(rt, "direction")), Depth: 9}
			whole := w.ask(q)
			q.MaxNodes = rapid.IntRange(1, 16).Draw(rt, "most")
			part, err := w.service().Lineage(context.Background(), q)
			if err != nil {
				rt.Fatal(err)
			}
			if fmt.Sprint(part.Totals) != fmt.Sprint(whole.Totals) || part.IsPartial != (len(whole.Nodes) > q.MaxNodes) {
				rt.Fatalf("totals %v of %v, partial %t", part.Totals, whole.Totals, part.IsPartial)
			}
			for i, n := range part.Nodes {
				if n.ID != whole.Nodes[i].ID || n.Depth != whole.Nodes[i].Depth {
					rt.Fatalf("node %d is %s at %d, want %s at %d", i, n.ID, n.Depth, whole.Nodes[i].ID, whole.Nodes[i].Depth)
				}
			}
		})
	})
}
