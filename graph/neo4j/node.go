package neo4j

import (
	"context"

	"weir/graph"
)

// reader answers the questions of graph.Reader, on a store or in a transaction.
type reader struct {
	runner
	layout *layout
}

const nodesStatement = `UNWIND $ids AS id
	MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id)
	RETURN collect([n._p])`

// Nodes seeks each id in the index of the unique constraint.
func (r reader) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	rows, err := gathered(r.run(ctx, nodesStatement, map[string]any{"ids": strs(ids)}))
	if err != nil {
		return nil, err
	}
	return nodesOf(rows)
}

// nodesOf are the nodes that rows of one packed node each hold, by id.
func nodesOf(rows [][]any) (map[graph.ID]graph.Node, error) {
	u := newUnpacker()
	out := make(map[graph.ID]graph.Node, len(rows))
	for _, row := range rows {
		n := u.node(row[0])
		out[n.ID] = n
	}
	return out, u.err
}

// fields are the properties that a statement returned as a map.
func fields(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// strs makes plain strings, which the driver can send.
func strs[S ~string](in []S) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = string(s)
	}
	return out
}
