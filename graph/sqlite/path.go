package sqlite

import (
	"cmp"
	"context"
	"slices"
	"time"

	"weir/graph"
)

// paths finds the shortest paths: forward by levels until the end is reached, then back over the nodes that lie on a
// shortest path only. So its cost is that of a walk, however many paths there are.
func (s *session) paths(from, to graph.ID, w graph.Walk) ([][]graph.Edge, error) {
	ends, err := s.numsOf([]graph.ID{from, to})
	if err != nil || ends[0] == 0 || ends[1] == 0 {
		return nil, err
	}
	w.From = []graph.ID{from}
	if w.At.IsZero() {
		w.At = time.Now()
	}
	k, err := s.newWalker(w)
	if err != nil {
		return nil, err
	}
	if found, err := k.reachUntil(ends[0], ends[1]); err != nil || !found {
		return nil, err
	}
	p := &pathfinder{k: k, next: map[int64][]int64{}, edge: map[[2]int64]bool{}, ids: map[int64]graph.ID{}}
	if err := p.mark(ends[1]); err != nil {
		return nil, err
	}
	if err := p.order(); err != nil {
		return nil, err
	}
	var out [][]graph.Edge
	for _, nodes := range p.list(ends[0], ends[1], w.Paths) {
		edges, err := p.edges(nodes)
		if err != nil {
			return nil, err
		}
		out = append(out, edges)
	}
	return out, nil
}

// reachUntil walks until it reaches a node, and tells whether it did.
func (k *walker) reachUntil(from, to int64) (bool, error) {
	k.visit(from, 0)
	level := []int64{from}
	for d := 1; d <= k.w.Depth && len(level) > 0; d++ {
		var err error
		if level, err = k.step(level, d); err != nil {
			return false, err
		}
		if _, ok := k.depth(to); ok {
			return true, nil
		}
	}
	return false, nil
}

// pathfinder holds the nodes on shortest paths, each with those that come next.
type pathfinder struct {
	k    *walker
	next map[int64][]int64
	edge map[[2]int64]bool // what next holds
	ids  map[int64]graph.ID
}

// mark walks back from the end over nodes whose depth falls by one with each step.
func (p *pathfinder) mark(to int64) error {
	level := []int64{to}
	last, _ := p.k.depth(to)
	for d := last - 1; d >= 0; d-- {
		var before []int64
		err := p.k.back.each(level, func(row edgeRow) {
			if depth, ok := p.k.depth(row.other); !ok || depth != d {
				return
			}
			next := p.next[row.other]
			if len(next) == 0 {
				before = append(before, row.other)
			}
			if !p.edge[[2]int64{row.other, row.node}] { // else it is a parallel edge
				p.edge[[2]int64{row.other, row.node}] = true
				p.next[row.other] = append(next, row.node)
			}
		})
		if err != nil {
			return err
		}
		slices.Sort(before)
		level = before
	}
	return nil
}

// order sorts what comes next by ids, so that paths come in the order of their ids.
func (p *pathfinder) order() error {
	for _, next := range p.next {
		if err := p.k.s.idsOf(next, p.ids); err != nil {
			return err
		}
		slices.SortFunc(next, func(a, b int64) int { return cmp.Compare(p.ids[a], p.ids[b]) })
	}
	return nil
}

// list returns the first n paths as nodes. Every step leads to the end, so no work is lost.
func (p *pathfinder) list(from, to int64, n int) [][]int64 {
	var out [][]int64
	var walk func(path []int64)
	walk = func(path []int64) {
		last := path[len(path)-1]
		if last == to {
			out = append(out, slices.Clone(path))
			return
		}
		for _, next := range p.next[last] {
			if len(out) == n {
				return
			}
			walk(append(path, next))
		}
	}
	walk([]int64{from})
	return out
}

func compareParallel(a, b graph.Edge) int {
	return cmp.Or(cmp.Compare(a.Rel, b.Rel), cmp.Compare(a.Key, b.Key))
}

// edges returns the edges along a path, of parallel ones the smallest by (Rel, Key).
func (p *pathfinder) edges(nodes []int64) ([]graph.Edge, error) {
	out := make([]graph.Edge, 0, len(nodes)-1)
	for i := range len(nodes) - 1 {
		var nums []int64
		err := p.k.on.each(nodes[i:i+1], func(row edgeRow) {
			if row.other == nodes[i+1] {
				nums = append(nums, row.num)
			}
		})
		if err != nil {
			return nil, err
		}
		parallel, err := p.k.s.edgesOf(nums, p.ids)
		if err != nil {
			return nil, err
		}
		out = append(out, slices.MinFunc(parallel, compareParallel))
	}
	return out, nil
}

// Path returns shortest paths between two nodes.
func (s *store) Path(ctx context.Context, from, to graph.ID, w graph.Walk) (out [][]graph.Edge, err error) {
	err = s.read(ctx, func(r *session) (err error) {
		out, err = r.paths(from, to, w)
		return err
	})
	return out, err
}

// Path returns shortest paths between two nodes.
func (t *tx) Path(ctx context.Context, from, to graph.ID, w graph.Walk) (out [][]graph.Edge, err error) {
	err = t.do(ctx, func() (err error) {
		out, err = t.s.paths(from, to, w)
		return err
	})
	return out, err
}
