package sqlite

import (
	"zombiezen.com/go/sqlite"

	"weir/graph"
)

const (
	edgesByNum = "SELECT input.rowid, e.src, e.rel, e.dst, e.key, e.since, e.until, e.known, 0, e.props" +
		" FROM input CROSS JOIN edge e ON e.num = input.a"
	pastByNum = "SELECT input.rowid, e.src, e.rel, e.dst, e.key, e.since, e.until, e.known, e.gone, e.props" +
		" FROM input CROSS JOIN past e ON e.num = -input.a"
)

// edgesOf loads edges by the numbers of their rows, in that order. ids may hold ids of nodes that are known already.
func (s *session) edgesOf(nums []int64, ids map[int64]graph.ID) ([]graph.Edge, error) {
	out := make([]graph.Edge, len(nums))
	ends := make([]int64, 2*len(nums))
	past := false
	got := func(stmt *sqlite.Stmt) (err error) {
		i := stmt.ColumnInt64(0)
		ends[2*i], ends[2*i+1] = stmt.ColumnInt64(1), stmt.ColumnInt64(3)
		out[i], err = s.edge(stmt, 2)
		return err
	}
	args := numbers(nums)
	if err := s.ask(edgesByNum, args, got); err != nil {
		return nil, err
	}
	for _, num := range nums {
		past = past || num < 0
	}
	if past {
		if err := s.ask(pastByNum, args, got); err != nil {
			return nil, err
		}
	}
	if err := s.idsOf(ends, ids); err != nil {
		return nil, err
	}
	for i := range out {
		out[i].From, out[i].To = ids[ends[2*i]], ids[ends[2*i+1]]
	}
	return out, nil
}

// edge makes an edge, without its ends, of a row whose columns from rel on are those of edgesByNum.
func (s *session) edge(stmt *sqlite.Stmt, rel int) (graph.Edge, error) {
	var e graph.Edge
	name, err := s.terms.text(s, stmt.ColumnInt64(rel))
	if err != nil {
		return e, err
	}
	if e.Key, err = s.terms.text(s, stmt.ColumnInt64(rel+2)); err != nil {
		return e, err
	}
	e.Rel = graph.Rel(name)
	e.Valid = graph.Span{Since: openMicros(stmt.ColumnInt64(rel + 3)), Until: openMicros(stmt.ColumnInt64(rel + 4))}
	e.Known.Since = fromMicros(stmt.ColumnInt64(rel + 5))
	if gone := stmt.ColumnInt64(rel + 6); gone != 0 {
		e.Known.Until = fromMicros(gone)
	}
	e.Props, err = s.decodeProps(s.blob(stmt, rel+7), nil)
	return e, err
}
