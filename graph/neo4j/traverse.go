package neo4j

import (
	"context"
	"maps"
	"strconv"

	"weir/graph"
)

// manyFrom is from how many nodes a walk goes level by level instead of from each by itself.
const manyFrom = 4

// Traverse is one statement. The walk in it visits each node once, breadth first, with the spans checked on the way
// (VarLengthExpand(Pruning,BFS,All) in the plan); it must never bind the path or its relationships to a value, which
// would list all paths. From several nodes the database walks once for each, so from many the levels are asked for one
// by one.
func (r reader) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	m := momentOf(w.At, w.Known)
	st := walkStatement(w, m)
	if len(w.From) > manyFrom {
		ids, depths, err := r.levels(ctx, w, m)
		if err != nil {
			return graph.Subgraph{}, err
		}
		st = reachedStatement(w, m)
		st.params["ids"], st.params["depths"] = ids, depths
	}
	rows, err := gathered(r.run(ctx, st.text, st.params))
	if err != nil {
		return graph.Subgraph{}, err
	}
	return subgraph(w, rows)
}

// walkStatement walks from w.From.
func walkStatement(w graph.Walk, m moment) statement {
	head := "UNWIND $from AS id MATCH (s:_Node {_id: id}) USING INDEX SEEK s:_Node(_id)"
	if len(w.From) == 1 { // then the order of the walk is kept, and less is to be sorted
		head = "MATCH (s:_Node {_id: $from[0]}) USING INDEX SEEK s:_Node(_id)"
	}
	st := shownStatement(w, m, head+`
	MATCH p = (s)`+arrow(w.Dir, ":"+relTypes(w.Rels, m.past)+"*0.."+strconv.Itoa(w.Depth))+`(n)
	WHERE all(r IN relationships(p) WHERE `+m.holds("r")+`)
	WITH n, min(length(p)) AS depth`)
	st.params["from"] = strs(w.From)
	return st
}

// reachedStatement takes up a walk whose nodes are known, as ids with their depths.
func reachedStatement(w graph.Walk, m moment) statement {
	return shownStatement(w, m, `UNWIND range(0, size($ids) - 1) AS i
	MATCH (n:_Node {_id: $ids[i]}) USING INDEX SEEK n:_Node(_id)
	WITH n, $depths[i] AS depth`)
}

// shownStatement goes on after the nodes n of a walk and their depths. It returns rows of number, depth, packed node,
// edges out, degree in, totals and how many nodes there are. Totals stand in the first row alone.
func shownStatement(w graph.Walk, m moment, walk string) statement {
	params := m.params()
	params["max"] = w.Max
	keep, keepParams := keepCondition(w.Keep)
	maps.Copy(params, keepParams)
	return statement{walk + keep + `
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
		` + neighbours(graph.In, w.Rels, m) + `, totals, reached])`, params}
}

// levels walks from many nodes at once and returns the ids that are reached, with their depths. Ids of From that don't
// exist are among them: they lead nowhere.
func (r reader) levels(ctx context.Context, w graph.Walk, m moment) (ids []string, depths []int, err error) {
	seen := map[string]bool{}
	level := strs(w.From)
	for depth := 0; len(level) > 0; depth++ {
		for _, id := range level {
			seen[id] = true
			ids, depths = append(ids, id), append(depths, depth)
		}
		if depth == w.Depth {
			break
		}
		params := m.params()
		params["ids"] = level
		rows, err := gathered(r.run(ctx, levelStatement(w, m), params))
		if err != nil {
			return nil, nil, err
		}
		level = nil
		for _, row := range rows {
			if id := text(row[0]); !seen[id] {
				level = append(level, id)
			}
		}
	}
	return ids, depths, nil
}

func levelStatement(w graph.Walk, m moment) string {
	return `UNWIND $ids AS id
	MATCH (s:_Node {_id: id}) USING INDEX SEEK s:_Node(_id)
	MATCH (s)` + arrow(w.Dir, "r:"+relTypes(w.Rels, m.past)) + `(n)
	WHERE ` + m.holds("r") + `
	WITH DISTINCT n
	RETURN collect([n._id])`
}
