package sqlite

import (
	"cmp"
	"slices"

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

// inner loads edges between nodes returned, in their order. Rows are read in the order in which they lie; the ids are
// compared once for each node, not for each edge.
func (k *walker) inner(rows []edgeRow, at map[int64]int, out *graph.Subgraph) ([]graph.Edge, error) {
	slices.SortFunc(rows, func(a, b edgeRow) int { return cmp.Compare(a.num, b.num) })
	nums := make([]int64, len(rows))
	for i, row := range rows {
		nums[i] = row.num
	}
	ids := make(map[int64]graph.ID, len(at))
	for num, i := range at {
		ids[num] = out.Nodes[i].Node.ID
	}
	loaded, err := k.s.edgesOf(nums, ids)
	if err != nil {
		return nil, err
	}
	ranks := rankIDs(out.Nodes)
	type place struct{ from, to, loaded int }
	order := make([]place, len(rows))
	for i, row := range rows {
		from, to := ranks[at[row.node]], ranks[at[row.other]]
		if k.w.Dir == graph.In {
			from, to = to, from
		}
		order[i] = place{from, to, i}
	}
	slices.SortFunc(order, func(a, b place) int {
		if a.from != b.from {
			return a.from - b.from
		}
		e, f := &loaded[a.loaded], &loaded[b.loaded]
		return cmp.Or(cmp.Compare(e.Rel, f.Rel), a.to-b.to, cmp.Compare(e.Key, f.Key))
	})
	edges := make([]graph.Edge, len(order))
	for i, p := range order {
		edges[i] = loaded[p.loaded]
	}
	return edges, nil
}

// rankIDs returns where each node's id stands among all of them.
func rankIDs(nodes []graph.Reached) []int {
	order := make([]int, len(nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(nodes[a].Node.ID, nodes[b].Node.ID) })
	ranks := make([]int, len(nodes))
	for rank, i := range order {
		ranks[i] = rank
	}
	return ranks
}
