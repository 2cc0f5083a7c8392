package graphtest

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"weir/graph"
)

func (v view) Traverse(_ context.Context, w graph.Walk) (graph.Subgraph, error) {
	m := momentOf(w.At, w.Known)
	depths := v.depths(w, m)
	sub := graph.Subgraph{Totals: map[graph.Kind]int{}}
	for id, depth := range depths {
		n := v.nodes[id]
		if depth > 0 {
			if !v.kept(n, w.Keep) {
				continue
			}
			sub.Totals[n.Kind]++
		}
		sub.Nodes = append(sub.Nodes, graph.Reached{Node: n, Depth: depth})
	}
	slices.SortFunc(sub.Nodes, func(a, b graph.Reached) int {
		return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Node.ID, b.Node.ID))
	})
	if len(sub.Nodes) > w.Max {
		sub.Nodes, sub.Cut = sub.Nodes[:w.Max], true
	}
	for i, n := range sub.Nodes {
		degree := v.degree(n.Node.ID, w.Rels, m)
		sub.Nodes[i].In, sub.Nodes[i].Out = degree.In, degree.Out
		sub.Nodes[i].Node.Props = fieldsOf(n.Node.Props, w.Fields)
	}
	sub.Edges = v.among(sub.Nodes, w.Rels, m)
	return sub, nil
}

// depths walks breadth first and gives each node reached its depth.
func (v view) depths(w graph.Walk, m moment) map[graph.ID]int {
	depths := map[graph.ID]int{}
	var level []graph.ID
	for _, id := range w.From {
		if _, ok := v.nodes[id]; ok {
			depths[id] = 0
			level = append(level, id)
		}
	}
	for depth := 1; depth <= w.Depth; depth++ {
		var next []graph.ID
		for _, id := range level {
			for _, e := range v.rowsOf(id, w.Dir, w.Rels) {
				to := other(e, w.Dir)
				if _, seen := depths[to]; !seen && m.holds(e) {
					depths[to] = depth
					next = append(next, to)
				}
			}
		}
		level = next
	}
	return depths
}

func (v view) kept(n graph.Node, k *graph.Keep) bool {
	if k == nil {
		return true
	}
	return (len(k.Kinds) == 0 || slices.Contains(k.Kinds, n.Kind)) && visible(n, k.Visible) && v.keeps(n, k.Where, k.Near)
}

func fieldsOf(props graph.Props, fields []string) graph.Props {
	if fields == nil {
		return maps.Clone(props)
	}
	return declaredOf(fields, props)
}

// among are the edges that hold between two of the nodes.
func (v view) among(nodes []graph.Reached, rels []graph.Rel, m moment) []graph.Edge {
	in := map[graph.ID]bool{}
	for _, n := range nodes {
		in[n.Node.ID] = true
	}
	var out []graph.Edge
	for name, rows := range v.rows {
		if !in[name.from] || !in[name.to] || !slices.Contains(rels, name.rel) {
			continue
		}
		for _, e := range rows {
			if m.holds(e) {
				out = append(out, e)
			}
		}
	}
	slices.SortFunc(out, compareEdges)
	return out
}

func (v view) Path(_ context.Context, from, to graph.ID, w graph.Walk) ([][]graph.Edge, error) {
	m := momentOf(w.At, w.Known)
	back := w
	back.From, back.Dir = []graph.ID{to}, 1-w.Dir
	left := v.depths(back, m) // how far it is from each node to the end
	if _, ok := left[from]; !ok {
		return nil, nil
	}
	search := pathSearch{view: v, walk: w, moment: m, left: left}
	search.step(from, nil)
	return search.found, nil
}

// pathSearch goes down the distances to the end, smallest ids first, so that the paths come in order.
type pathSearch struct {
	view
	walk   graph.Walk
	moment moment
	left   map[graph.ID]int
	found  [][]graph.Edge
}

func (s *pathSearch) step(id graph.ID, path []graph.Edge) {
	if s.left[id] == 0 {
		s.found = append(s.found, slices.Clone(path))
		return
	}
	best := map[graph.ID]graph.Edge{}
	for _, e := range s.rowsOf(id, s.walk.Dir, s.walk.Rels) {
		to := other(e, s.walk.Dir)
		left, ok := s.left[to]
		if !ok || left != s.left[id]-1 || !s.moment.holds(e) {
			continue
		}
		if old, ok := best[to]; !ok || compareEdges(e, old) < 0 {
			best[to] = e
		}
	}
	for _, to := range slices.Sorted(maps.Keys(best)) {
		if len(s.found) == s.walk.Paths {
			return
		}
		s.step(to, append(path, best[to]))
	}
}
