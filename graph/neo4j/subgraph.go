package neo4j

import (
	"cmp"
	"maps"
	"slices"

	"weir/graph"
)

// subgraph reads the rows of a walk.
func subgraph(w graph.Walk, rows [][]any) (graph.Subgraph, error) {
	sub := graph.Subgraph{Totals: map[graph.Kind]int{}, Nodes: make([]graph.Reached, len(rows))}
	u := newUnpacker()
	ids := make(map[int64]graph.ID, len(rows))
	for i, row := range rows {
		n := graph.Reached{Node: u.node(row[2]), Depth: int(number(row[1])), In: int(number(row[4]))}
		pick(n.Node.Props, w.Fields)
		ids[number(row[0])] = n.Node.ID
		sub.Nodes[i] = n
		for _, total := range list(row[5]) {
			pair := list(total)
			sub.Totals[graph.Kind(text(pair[0]))] = int(number(pair[1]))
		}
		sub.Cut = number(row[6]) > int64(w.Max)
	}
	for i, row := range rows {
		sub.Edges = u.among(sub.Edges, &sub.Nodes[i], list(row[3]), ids)
	}
	slices.SortFunc(sub.Edges, compareEdges)
	return sub, u.err
}

// pick leaves the named properties; all for nil.
func pick(props graph.Props, names []string) {
	if names != nil {
		maps.DeleteFunc(props, func(name string, _ any) bool { return !slices.Contains(names, name) })
	}
}

// among adds a node's edges to others of the subgraph, and counts its neighbours.
func (u *unpacker) among(edges []graph.Edge, n *graph.Reached, out []any, ids map[int64]graph.ID) []graph.Edge {
	type end struct {
		rel graph.Rel
		to  int64
	}
	ends := make(map[end]struct{}, len(out))
	for _, one := range out {
		edge := list(one)
		to := number(edge[0])
		ends[end{u.rel(edge[1]), to}] = struct{}{}
		if id, ok := ids[to]; ok {
			edges = append(edges, u.edge(n.Node.ID, id, edge[1]))
		}
	}
	n.Out = len(ends)
	return edges
}

func compareEdges(a, b graph.Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Rel, b.Rel), cmp.Compare(a.To, b.To), cmp.Compare(a.Key, b.Key))
}
