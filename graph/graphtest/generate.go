package graphtest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"weir/graph"
)

// Layered generates a large graph for benchmarks and load programs: blocks of 1,000, 10,000 and 100,000 nodes, each of
// which is reached from the block's first node. Half of the nodes are Things, half Places, in turns along each edge's
// tree; there are about 2.4 edges for a node. It is the same graph each time, and any part can be made by itself.
type Layered struct {
	Nodes int // at least 1,000
}

// blocks are the sizes of the blocks in the order in which they stand; what is left over makes blocks of 1,000.
func (g Layered) blocks() []int {
	sizes := []int{1000}
	left := g.Nodes - 1000
	for _, size := range []int{10_000, 100_000} {
		if left >= size {
			sizes = append(sizes, size)
			left -= size
		}
	}
	return sizes
}

// Root returns the node from which so many nodes (1,000, 10,000 or 100,000, itself included) are reached; false where
// the graph is too small.
func (g Layered) Root(reached int) (graph.ID, bool) {
	first := 0
	for _, size := range g.blocks() {
		if size == reached {
			return g.ID(first), true
		}
		first += size
	}
	return "", false
}

// block returns the first node of i's block.
func (g Layered) block(i int) int {
	first := 0
	for _, size := range g.blocks() {
		if i < first+size {
			return first
		}
		first += size
	}
	return first + (i-first)/1000*1000
}

// ID is the id of the i-th node.
func (g Layered) ID(i int) graph.ID {
	if i%2 == 1 {
		return graph.ID(fmt.Sprintf("pl_n%08d", i))
	}
	return graph.ID(fmt.Sprintf("th_n%08d", i))
}

// Node is the i-th node. Its words are "table" and "part" (in all of them), "domain0" to "domain9" and "source0" to
// "source999"; its audience is "all" in one half, "few" in a thousandth and "team0" to "team49" else.
func (g Layered) Node(i int) graph.Node {
	n := graph.Node{ID: g.ID(i), Kind: Thing}
	if i%2 == 1 {
		n.Kind = Place
	}
	h := mix(uint64(i))
	audience := fmt.Sprint("team", h%50)
	switch {
	case h>>8%1000 == 0:
		audience = "few"
	case h>>8%2 == 0:
		audience = "all"
	}
	n.Props = graph.Props{
		"name": fmt.Sprintf("table_%08d_source%d", h%100_000_000, h>>16%1000), "note": fmt.Sprintf("part of domain%d", h>>32%10),
		"grp": fmt.Sprint("g", h>>32%10), "state": []string{"new", "good", "old"}[h>>40%3], "rank": int64(h >> 48 % 1000), "audience": audience,
	}
	return n
}

// Edges are the edges into the i-th node; they come from nodes before it.
func (g Layered) Edges(i int) []graph.Edge {
	first := g.block(i)
	offset := i - first
	if offset == 0 {
		return nil
	}
	from := []int{(offset - 1) / 3}
	for k := range 1 + int(mix(uint64(i))>>20%5)/3 {
		from = append(from, int(mix(uint64(i*7+k+1))%uint64(offset)))
	}
	var out []graph.Edge
	for k, f := range from {
		e := graph.Edge{From: g.ID(first + f), To: g.ID(i), Rel: Feeds, Key: fmt.Sprint("source", k%2), Valid: graph.Span{Since: day(i % 365)}}
		e.Props = graph.Props{"how": "observed", "run": fmt.Sprint("run", i%1000)}
		out = append(out, e)
	}
	return out
}

// mix spreads the bits of a number (the finalizer of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// Load writes the whole graph, 4,000 nodes with their edges a transaction, and returns the number of edges given.
func (g Layered) Load(ctx context.Context, s graph.Store) (edges int, err error) {
	const batch = 4000
	for from := 0; from < g.Nodes; from += batch {
		var ws []graph.NodeWrite
		var es []graph.Edge
		for i := from; i < min(from+batch, g.Nodes); i++ {
			ws = append(ws, graph.NodeWrite{Node: g.Node(i)})
			es = append(es, g.Edges(i)...)
		}
		if err := write(ctx, s, ws, es); err != nil {
			return edges, fmt.Errorf("nodes from %d on: %w", from, err)
		}
		edges += len(es)
	}
	return edges, nil
}

// write puts nodes and links edges in one transaction.
func write(ctx context.Context, s graph.Store, ws []graph.NodeWrite, es []graph.Edge) error {
	return s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		for part := range slices.Chunk(es, graph.MaxBatch) {
			if err := tx.Link(ctx, part...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Event is what the i-th event of an intake writes when everything in it is new: five nodes and ten edges among them.
func Event(i int) ([]graph.NodeWrite, []graph.Edge) {
	var ws []graph.NodeWrite
	var es []graph.Edge
	id := func(k int) graph.ID { return graph.ID(fmt.Sprintf("th_e%dx%d", i, k%5)) }
	since := time.Date(2025, 1, 1, 0, 0, i, 0, time.UTC)
	for k := range 5 {
		props := graph.Props{"name": fmt.Sprintf("event table %d part %d", i, k), "grp": "events", "rank": int64(i % 100), "audience": "all"}
		ws = append(ws, graph.NodeWrite{Node: graph.Node{ID: id(k), Kind: Thing, Props: props}})
		for step := 1; step <= 2; step++ {
			es = append(es, graph.Edge{From: id(k), To: id(k + step), Rel: Feeds, Key: "load", Valid: graph.Span{Since: since}, Props: graph.Props{"how": "observed"}})
		}
	}
	return ws, es
}
