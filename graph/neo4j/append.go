package neo4j

import (
	"context"
	"maps"

	"weir/errs"
	"weir/graph"
)

// sequenceStatement takes the numbers, which holds the sequence's lock, and looks for nodes that are there.
const sequenceStatement = `MERGE (s:_Sequence {_name: $name})
	ON CREATE SET s._last = $count
	ON MATCH SET s._last = s._last + $count
	WITH s._last AS last
	CALL { UNWIND $ids AS id MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id) RETURN collect(n._id) AS there }
	RETURN last, there`

// Append takes the numbers and creates the nodes with them.
func (t *tx) Append(ctx context.Context, sequence string, ns ...graph.NodeWrite) (int64, error) {
	ids := make([]string, len(ns))
	for i, w := range ns {
		ids[i] = string(w.Node.ID)
	}
	rows, err := t.run(ctx, sequenceStatement, map[string]any{"name": sequence, "count": len(ns), "ids": ids})
	if err != nil {
		return 0, err
	}
	if there := list(rows[0][1]); len(there) > 0 {
		return 0, t.fail(errs.Ef(errs.Exists, "%s exists.", there[0]))
	}
	first := number(rows[0][0]) - int64(len(ns)) + 1
	b := batch{layout: t.layout}
	for i, w := range ns {
		given := maps.Clone(w.Node.Props)
		if given == nil {
			given = graph.Props{}
		}
		given[graph.PropSeq] = first + int64(i)
		w.Node.Props = given
		n, err := t.decide(w, graph.Node{}, false)
		if err != nil {
			return 0, t.fail(err)
		}
		b.add(n, graph.Node{}, false)
		t.nodes[n.ID] = true
	}
	return first, t.write(ctx, b)
}
