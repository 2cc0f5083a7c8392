package neo4j

import (
	"context"
	"strconv"
	"time"

	"weir/graph"
)

// Edges sorts the edges of each node in the database and cuts them at the limit there.
func (r reader) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	after, err := edgePosition(q)
	if err != nil {
		return graph.EdgePage{}, err
	}
	m := momentOf(q.At, q.Known)
	params := m.params()
	params["ids"], params["limit"] = strs(q.Of), q.Limit+1
	if after != nil {
		params["since"], params["other"], params["rel"], params["key"], params["row"] = after.since, after.other, after.rel, after.key, after.row
	}
	rows, err := gathered(r.run(ctx, edgesStatement(q, m, after != nil), params))
	if err != nil {
		return graph.EdgePage{}, err
	}
	return edgePage(q, rows)
}

func edgesStatement(q graph.EdgeQuery, m moment, after bool) string {
	where := "true"
	if !q.All {
		where = m.holds("r")
	}
	if after {
		where += " AND " + edgesAfter
	}
	return `UNWIND range(0, size($ids) - 1) AS i
	MATCH (n:_Node {_id: $ids[i]}) USING INDEX SEEK n:_Node(_id)
	CALL {
		WITH n
		MATCH (n)` + arrow(q.Dir, "r:"+relTypes(q.Rels, q.All || m.past)) + `(b)
		WHERE ` + where + `
		RETURN r, b
		ORDER BY r._since DESC, b._id, ` + relName("r") + `, r._key, r._known
		LIMIT $limit
	}
	WITH i, b, r
	ORDER BY i, r._since DESC, b._id, ` + relName("r") + `, r._key, r._known
	RETURN collect([i, b._id, r._p])`
}

// edgesAfter is the place behind a position in the order of edges.
const edgesAfter = `(r._since < $since OR r._since = $since AND (b._id > $other OR b._id = $other AND
	(coalesce(r._rel, type(r)) > $rel OR coalesce(r._rel, type(r)) = $rel AND
	(r._key > $key OR r._key = $key AND r._known > $row))))`

func edgePage(q graph.EdgeQuery, rows [][]any) (graph.EdgePage, error) {
	var page graph.EdgePage
	u := newUnpacker()
	counts := make([]int, len(q.Of))
	for _, row := range rows {
		i := number(row[0])
		counts[i]++
		if counts[i] > q.Limit {
			page.More = append(page.More, q.Of[i])
			continue
		}
		from, to := q.Of[i], graph.ID(text(row[1]))
		if q.Dir == graph.In {
			from, to = to, from
		}
		page.Edges = append(page.Edges, u.edge(from, to, row[2]))
	}
	if len(q.Of) == 1 && len(page.More) > 0 {
		page.Next = graph.Cursor(q.Question(), positionOf(page.Edges[len(page.Edges)-1], q.Dir)...)
	}
	return page, u.err
}

// place is a position in the order of edges.
type place struct {
	since           int64
	other, rel, key string
	row             int64
}

func positionOf(e graph.Edge, dir graph.Dir) []string {
	other := e.To
	if dir == graph.In {
		other = e.From
	}
	since := strconv.FormatInt(sinceOf(e.Valid.Since), 10)
	return []string{since, string(other), string(e.Rel), e.Key, strconv.FormatInt(e.Known.Since.UnixMicro(), 10)}
}

// edgePosition reads the cursor of a query; nil at the beginning.
func edgePosition(q graph.EdgeQuery) (*place, error) {
	parts, err := graph.ParseCursor(q.Question(), q.After)
	if err != nil || parts == nil {
		return nil, err
	}
	if len(parts) != 5 {
		return nil, badCursor()
	}
	since, err1 := strconv.ParseInt(parts[0], 10, 64)
	row, err2 := strconv.ParseInt(parts[4], 10, 64)
	if err1 != nil || err2 != nil {
		return nil, badCursor()
	}
	return &place{since, parts[1], parts[2], parts[3], row}, nil
}

// Degrees counts in the database.
func (r reader) Degrees(ctx context.Context, ids []graph.ID, rels []graph.Rel, at time.Time) (map[graph.ID]graph.Degree, error) {
	m := momentOf(at, time.Time{})
	params := m.params()
	params["ids"] = strs(ids)
	rows, err := gathered(r.run(ctx, degreesStatement(rels, m), params))
	if err != nil {
		return nil, err
	}
	out := make(map[graph.ID]graph.Degree, len(rows))
	for _, row := range rows {
		out[graph.ID(text(row[0]))] = graph.Degree{In: int(number(row[1])), Out: int(number(row[2]))}
	}
	return out, nil
}

func degreesStatement(rels []graph.Rel, m moment) string {
	return `UNWIND $ids AS id
	MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id)
	RETURN collect([id, ` + neighbours(graph.In, rels, m) + `, ` + neighbours(graph.Out, rels, m) + `])`
}

// neighbours counts the distinct pairs of relation and other end of n along dir.
func neighbours(dir graph.Dir, rels []graph.Rel, m moment) string {
	rel := "type(r), "
	switch {
	case m.past:
		rel = relName("r") + ", "
	case len(rels) == 1:
		rel = ""
	}
	return "COUNT { MATCH (n)" + arrow(dir, "r:"+relTypes(rels, m.past)) + "(b) WHERE " + m.holds("r") +
		" RETURN DISTINCT " + rel + "b }"
}
