package sqlite

import (
	"cmp"
	"slices"

	"zombiezen.com/go/sqlite"

	"weir/graph"
)

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

// result makes the answer of a walk.
type result struct {
	*walker
	kept  []int64
	out   *graph.Subgraph
	at    []int32 // by place in found: where the node stands in the answer; -1: it is not kept
	ranks []int32 // by place in the answer: where the node's id stands among all ids
}

// hydrate fills in the nodes, ordered.
func (r *result) hydrate() error {
	loaded := make([]graph.Reached, 0, len(r.kept))
	places := make([]int32, 0, len(r.kept))
	got := func(num int64, n graph.Node) error {
		p := r.place[num]
		places = append(places, p)
		loaded = append(loaded, graph.Reached{Node: n, Depth: r.found[p].depth})
		return nil
	}
	var err error
	if r.w.Fields != nil && len(r.w.Fields) == 0 {
		err = r.s.loadBare(r.kept, got)
	} else {
		err = r.s.load(r.kept, fields(r.w.Fields), got)
	}
	if err != nil {
		return err
	}
	r.order(loaded, places)
	return nil
}

// order puts the nodes, whose places in found are given, in the order of the answer. Ids are compared for one order
// only; that by depth keeps it within each depth.
func (r *result) order(loaded []graph.Reached, places []int32) {
	byID := make([]int32, len(loaded))
	for i := range byID {
		byID[i] = int32(i)
	}
	slices.SortFunc(byID, func(a, b int32) int { return cmp.Compare(loaded[a].Node.ID, loaded[b].Node.ID) })
	r.at = slices.Repeat([]int32{-1}, len(r.found))
	r.ranks = make([]int32, len(loaded))
	r.out.Nodes = make([]graph.Reached, len(loaded))
	next := make([]int32, r.w.Depth+2) // where the next node of a depth goes
	for _, n := range loaded {
		next[n.Depth+1]++
	}
	for d := range r.w.Depth {
		next[d+1] += next[d]
	}
	for rank, i := range byID {
		at := next[loaded[i].Depth]
		next[loaded[i].Depth]++
		r.out.Nodes[at], r.ranks[at], r.at[places[i]] = loaded[i], int32(rank), at
	}
}

// fields accepts the properties that are asked for; nil accepts all.
func fields(names []string) func(string) bool {
	if names == nil {
		return nil
	}
	return func(name string) bool { return slices.Contains(names, name) }
}

// connect counts the neighbours of the nodes returned and fills in the edges between two of them.
func (r *result) connect() error {
	if err := r.rest(); err != nil {
		return err
	}
	back, err := r.back.degrees(r.kept)
	if err != nil {
		return err
	}
	on := make([]int, len(r.out.Nodes))
	inner := r.rows[:0]
	for _, w := range r.rows {
		from := r.at[w.node]
		if from < 0 {
			continue // walked, but not kept
		}
		if w.first {
			on[from]++
		}
		if w.other >= 0 && r.at[w.other] >= 0 {
			inner = append(inner, w)
		}
	}
	for _, num := range r.kept {
		at := r.at[r.place[num]]
		n := &r.out.Nodes[at]
		n.Out, n.In = on[at], back[num]
		if r.w.Dir == graph.In {
			n.Out, n.In = n.In, n.Out
		}
	}
	edges, props, err := r.s.wholes(inner)
	if err != nil {
		return err
	}
	return newEdgeMaker(r, edges, props).make()
}

// rest adds the edges of kept nodes from which the walk did not go on, or of all when rows does not hold them.
func (r *result) rest() error {
	rest := r.kept
	if r.all {
		rest = r.edge()
	}
	from := r.newReader()
	return r.on.run(rest, columnsNum, func(stmt *sqlite.Stmt) {
		other, ok := r.place[stmt.ColumnInt64(1)]
		if !ok {
			other = -1
		}
		r.rows = append(r.rows, from.read(stmt, other))
	})
}

// edge returns the nodes at the walk's greatest depth, from which it did not go on.
func (r *result) edge() []int64 {
	var last []int64
	for _, num := range r.kept {
		if d, _ := r.depth(num); d == r.w.Depth {
			last = append(last, num)
		}
	}
	return last
}
