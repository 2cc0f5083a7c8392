package neo4j

import (
	"cmp"
	"slices"

	"weir/graph"
)

// subgraph reads the rows of a walk.
func subgraph(w graph.Walk, rows [][]any) (graph.Subgraph, error) {
	sub := graph.Subgraph{Totals: map[graph.Kind]int{}, Nodes: make([]graph.Reached, len(rows))}
	u := newUnpacker()
	u.fields = w.Fields
	ids := make(map[int64]graph.ID, len(rows))
	for i, row := range rows {
		n := graph.Reached{Node: u.node(row[2]), Depth: int(number(row[1])), In: int(number(row[4]))}
		ids[number(row[0])] = n.Node.ID
		sub.Nodes[i] = n
		for _, total := range list(row[5]) {
			pair := list(total)
			sub.Totals[graph.Kind(text(pair[0]))] = int(number(pair[1]))
		}
		sub.Cut = number(row[6]) > int64(w.Max)
	}
	u.fields = nil
	sub.Edges = u.among(sub.Nodes, rows, ids)
	return sub, u.err
}

// among are the edges between nodes of the subgraph, node by node in the order of their ids, which spares sorting all
// of them. It counts each node's neighbours on the way.
func (u *unpacker) among(nodes []graph.Reached, rows [][]any, ids map[int64]graph.ID) []graph.Edge {
	order := make([]int, len(nodes))
	total := 0
	for i := range nodes {
		order[i] = i
		total += len(list(rows[i][3]))
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(nodes[a].Node.ID, nodes[b].Node.ID) })
	edges := make([]graph.Edge, 0, total)
	for _, i := range order {
		first := len(edges)
		edges = u.out(edges, &nodes[i], list(rows[i][3]), ids)
		slices.SortFunc(edges[first:], compareEdges)
	}
	return edges
}

// out adds a node's edges to others of the subgraph, and counts its neighbours.
func (u *unpacker) out(edges []graph.Edge, n *graph.Reached, out []any, ids map[int64]graph.ID) []graph.Edge {
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
