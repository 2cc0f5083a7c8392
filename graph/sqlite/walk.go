package sqlite

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"weir/graph"
)

// walker runs a Walk: level by level, each node once.
type walker struct {
	s      *session
	w      graph.Walk
	on     *scan // along the walk
	back   *scan // against it
	from   map[int64]bool
	levels [][]int64
	depth  map[int64]int // of every node that was reached
	rows   []edgeRow     // the edges that were walked, as long as all of their nodes may be returned
	all    bool          // rows holds them
}

func (s *session) newWalker(w graph.Walk) (*walker, error) {
	back := graph.In
	if w.Dir == graph.In {
		back = graph.Out
	}
	on := s.newScan(w.Dir, w.Rels, w.At, w.Known, false)
	against := s.newScan(back, w.Rels, w.At, w.Known, false)
	against.at = on.at
	if err := errors.Join(on.prune(w.Rels), against.prune(w.Rels)); err != nil {
		return nil, err
	}
	return &walker{s: s, w: w, on: on, back: against, from: map[int64]bool{}, depth: map[int64]int{}, all: w.Max > 0}, nil
}

func (s *session) traverse(w graph.Walk) (graph.Subgraph, error) {
	k, err := s.newWalker(w)
	if err != nil {
		return graph.Subgraph{}, err
	}
	if err := k.reach(); err != nil {
		return graph.Subgraph{}, err
	}
	out := graph.Subgraph{Totals: map[graph.Kind]int{}}
	if err := k.keep(); err != nil {
		return out, err
	}
	if err := k.count(out.Totals); err != nil {
		return out, err
	}
	kept, cut, err := k.nearest()
	if err != nil {
		return out, err
	}
	out.Cut = cut
	at, err := k.hydrate(kept, &out)
	if err != nil {
		return out, err
	}
	out.Edges, err = k.among(kept, at, &out)
	return out, err
}

// reach fills levels with the nodes of each depth. Levels are ordered by number, which makes neighbours in the
// tables out of neighbours in the walk.
func (k *walker) reach() error {
	level, err := k.s.existing(k.w.From)
	if err != nil {
		return err
	}
	for _, num := range level {
		k.from[num] = true
		k.depth[num] = 0
	}
	slices.Sort(level)
	for d := 1; len(level) > 0; d++ {
		k.levels = append(k.levels, level)
		if d > k.w.Depth {
			return nil
		}
		if level, err = k.step(level, d); err != nil {
			return err
		}
	}
	return nil
}

// step returns the nodes that are first reached from a level, and notes their depth.
func (k *walker) step(level []int64, depth int) ([]int64, error) {
	var next []int64
	visit := func(other int64) {
		if _, ok := k.depth[other]; !ok {
			k.depth[other] = depth
			next = append(next, other)
		}
	}
	if len(k.depth) > k.w.Max {
		k.rows, k.all = nil, false
	}
	var err error
	if k.all {
		err = k.on.each(level, func(row edgeRow) {
			k.rows = append(k.rows, row)
			visit(row.other)
		})
	} else {
		err = k.on.others(level, visit)
	}
	slices.Sort(next)
	return next, err
}

// keep drops from the levels what the walk's condition does not hold for. Nodes of From stay.
func (k *walker) keep() error {
	if k.w.Keep == nil {
		return nil
	}
	m, err := k.s.newMatcher(k.w.Keep.Kinds, k.w.Keep.Where, k.w.Keep.Near)
	if err != nil {
		return err
	}
	if m.seen, err = k.s.newViewer(k.w.Keep.Visible); err != nil {
		return err
	}
	for i, level := range k.levels {
		kept, err := m.keep(level, k.from)
		if err != nil {
			return err
		}
		k.levels[i] = kept
	}
	return nil
}

func (k *walker) count(totals map[graph.Kind]int) error {
	var byKind [maxKinds + 1]int
	for _, level := range k.levels {
		for _, num := range level {
			if !k.from[num] {
				byKind[kindOf(num)]++
			}
		}
	}
	for num, n := range byKind {
		if n == 0 {
			continue
		}
		kind, err := k.s.kindName(int64(num))
		if err != nil {
			return err
		}
		totals[kind] = n
	}
	return nil
}

// nearest picks the first Max nodes by (depth, id). Only the level that is cut has to be ordered for that.
func (k *walker) nearest() (kept []int64, cut bool, err error) {
	for _, level := range k.levels {
		room := k.w.Max - len(kept)
		if len(level) <= room {
			kept = append(kept, level...)
			continue
		}
		if room > 0 {
			ids := make(map[int64]graph.ID, len(level))
			if err := k.s.idsOf(level, ids); err != nil {
				return nil, false, err
			}
			slices.SortFunc(level, func(a, b int64) int { return cmp.Compare(ids[a], ids[b]) })
			kept = append(kept, level[:room]...)
		}
		return kept, true, nil
	}
	return kept, false, nil
}

// hydrate fills in the nodes, ordered, and returns where each one stands.
func (k *walker) hydrate(kept []int64, out *graph.Subgraph) (map[int64]int, error) {
	type place struct {
		depth int
		id    graph.ID
		num   int64
		from  int // in loaded
	}
	loaded := make([]graph.Reached, 0, len(kept))
	order := make([]place, 0, len(kept))
	err := k.s.load(kept, fields(k.w.Fields), func(num int64, n graph.Node) error {
		order = append(order, place{k.depth[num], n.ID, num, len(loaded)})
		loaded = append(loaded, graph.Reached{Node: n, Depth: k.depth[num]})
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(order, func(a, b place) int { return cmp.Or(a.depth-b.depth, cmp.Compare(a.id, b.id)) })
	at := make(map[int64]int, len(order))
	out.Nodes = make([]graph.Reached, len(order))
	for i, p := range order {
		at[p.num], out.Nodes[i] = i, loaded[p.from]
	}
	return at, nil
}

// fields accepts the properties that are asked for; nil accepts all.
func fields(names []string) func(string) bool {
	if names == nil {
		return nil
	}
	return func(name string) bool { return slices.Contains(names, name) }
}

// among counts the neighbours of the nodes returned and returns the edges between two of them.
func (k *walker) among(kept []int64, at map[int64]int, out *graph.Subgraph) ([]graph.Edge, error) {
	var inner []edgeRow
	on := newCounter(k.on.view, len(kept))
	look := func(row edgeRow) {
		if _, ok := at[row.node]; !ok {
			return // walked, but not kept
		}
		on.add(row)
		if _, ok := at[row.other]; ok {
			inner = append(inner, row)
		}
	}
	rest := kept
	if k.all {
		for _, row := range k.rows {
			look(row)
		}
		rest = k.edge(kept)
	}
	if err := k.on.each(rest, look); err != nil {
		return nil, err
	}
	back, err := k.back.degrees(kept)
	if err != nil {
		return nil, err
	}
	for num, i := range at {
		n := &out.Nodes[i]
		if k.w.Dir == graph.Out {
			n.Out, n.In = on.counts[num], back[num]
		} else {
			n.In, n.Out = on.counts[num], back[num]
		}
	}
	return k.inner(inner, at, out)
}

// edge returns the nodes at the walk's greatest depth, from which it did not go on.
func (k *walker) edge(kept []int64) []int64 {
	var last []int64
	for _, num := range kept {
		if k.depth[num] == k.w.Depth {
			last = append(last, num)
		}
	}
	return last
}

// inner loads edges between nodes returned, in their order. Rows are read in the order in which they lie.
func (k *walker) inner(rows []edgeRow, at map[int64]int, out *graph.Subgraph) ([]graph.Edge, error) {
	slices.SortFunc(rows, func(a, b edgeRow) int { return cmp.Compare(a.num, b.num) })
	nums := make([]int64, len(rows))
	ids := make(map[int64]graph.ID, len(at))
	for num, i := range at {
		ids[num] = out.Nodes[i].Node.ID
	}
	for i, row := range rows {
		nums[i] = row.num
	}
	loaded, err := k.s.edgesOf(nums, ids)
	if err != nil {
		return nil, err
	}
	order := make([]*graph.Edge, len(loaded))
	for i := range loaded {
		order[i] = &loaded[i]
	}
	slices.SortFunc(order, compareEdgePointers)
	edges := make([]graph.Edge, len(order))
	for i, e := range order {
		edges[i] = *e
	}
	return edges, nil
}

func compareEdges(a, b graph.Edge) int { return compareEdgePointers(&a, &b) }

func compareEdgePointers(a, b *graph.Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Rel, b.Rel), cmp.Compare(a.To, b.To), cmp.Compare(a.Key, b.Key))
}

// Traverse walks from nodes along edges.
func (s *store) Traverse(ctx context.Context, w graph.Walk) (out graph.Subgraph, err error) {
	err = s.read(ctx, func(r *session) (err error) {
		out, err = r.traverse(w)
		return err
	})
	return out, err
}

// Traverse walks from nodes along edges.
func (t *tx) Traverse(ctx context.Context, w graph.Walk) (out graph.Subgraph, err error) {
	err = t.do(ctx, func() (err error) {
		out, err = t.s.traverse(w)
		return err
	})
	return out, err
}
