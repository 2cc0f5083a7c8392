package neo4j

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"weir/graph"
)

// Traverse is one statement. The walk in it visits each node once, breadth first, with the spans checked on the way
// (VarLengthExpand(Pruning,BFS,All) in the plan); it must never bind the path or its relationships to a value, which
// would list all paths.
func (r reader) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	st := walkStatement(w)
	rows, err := gathered(r.run(ctx, st.text, st.params))
	if err != nil {
		return graph.Subgraph{}, err
	}
	return subgraph(w, rows)
}

// walkStatement returns rows of number, depth, packed node, edges out, degree in, totals and how many nodes there are.
// Totals stand in the first row alone.
func walkStatement(w graph.Walk) statement {
	m := momentOf(w.At, w.Known)
	params := m.params()
	params["from"], params["max"] = strs(w.From), w.Max
	if len(w.From) == 1 {
		params["from"] = string(w.From[0])
	}
	keep, keepParams := keepCondition(w.Keep)
	maps.Copy(params, keepParams)
	text := walkFrom(w) + `
	MATCH p = (s)` + arrow(w.Dir, ":"+relTypes(w.Rels, m.past)+"*0.."+strconv.Itoa(w.Depth)) + `(n)
	WHERE all(r IN relationships(p) WHERE ` + m.holds("r") + `)
	WITH n, min(length(p)) AS depth` + keep + `
	ORDER BY depth, n._id
	WITH collect(n) AS ns, collect(depth) AS depths
	CALL {
		WITH ns, depths
		UNWIND range(0, size(ns) - 1) AS i
		WITH ns[i] AS n, depths[i] AS depth WHERE depth > 0
		WITH n._kind AS kind, count(*) AS count
		RETURN collect([kind, count]) AS totals
	}
	UNWIND range(0, CASE WHEN size(ns) > $max THEN $max ELSE size(ns) END - 1) AS i
	WITH ns[i] AS n, depths[i] AS depth, CASE i WHEN 0 THEN totals END AS totals, size(ns) AS reached
	RETURN collect([id(n), depth, n._p,
		[(n)-[r:` + relTypes(w.Rels, m.past) + `]->(b) WHERE ` + m.holds("r") + ` | [id(b), r._p]],
		` + neighbours(graph.In, w.Rels, m) + `, totals, reached])`
	return statement{text, params}
}

// walkFrom begins at one node, where the walk's order is kept, or at several.
func walkFrom(w graph.Walk) string {
	if len(w.From) == 1 {
		return "MATCH (s:_Node {_id: $from}) USING INDEX SEEK s:_Node(_id)"
	}
	return "UNWIND $from AS id MATCH (s:_Node {_id: id}) USING INDEX SEEK s:_Node(_id)"
}

// keepCondition writes what the nodes that are returned must be, those of From excepted.
func keepCondition(k *graph.Keep) (string, map[string]any) {
	if k == nil {
		return "", nil
	}
	near, params := nearConditions(k.Near)
	params["now"] = now()
	conditions := "true"
	if len(k.Kinds) > 0 {
		params["kinds"] = strs(k.Kinds)
		conditions = "n._kind IN $kinds"
	}
	for i, f := range k.Where {
		conditions += " AND " + filterCondition(f, "where"+strconv.Itoa(i), params)
	}
	return " WHERE depth = 0 OR (" + conditions + near + visibleCondition(k.Visible, params) + ")", params
}

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
