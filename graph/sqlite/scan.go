package sqlite

import (
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"weir/graph"
)

// edgeRow is a row of an edge as an index has it, seen from one of its ends. num is negative for a row of past.
// known and gone are 0 where the index does not hold them.
type edgeRow struct {
	num, other, rel, key      int64
	since, until, known, gone int64
}

// view chooses which rows of edges a question sees.
type view uint8

const (
	viewNow   view = iota // rows that the store holds now
	viewKnown             // rows that it held at a time
	viewAll               // all rows
)

// maxSeeks is how many relations of a node are looked up one by one; more of them are picked from all of its edges.
const maxSeeks = 3

// scan reads edges of nodes, in one direction, from the index alone.
type scan struct {
	s     *session
	rels  []int64 // seeks; none: all edges are read and picked
	pick  map[int64]bool
	at    int64
	known int64
	view  view
	query string
}

// newScan prepares a question for edges. Zero times are now; all asks for every row, whatever the times.
func (s *session) newScan(dir graph.Dir, rels []graph.Rel, at, known time.Time, all bool) *scan {
	c := &scan{s: s, at: at.UnixMicro(), known: known.UnixMicro()}
	if at.IsZero() {
		c.at = now()
	}
	switch {
	case all:
		c.view = viewAll
	case !known.IsZero():
		c.view = viewKnown
	}
	c.rels = s.relNums(rels)
	if len(c.rels) > maxSeeks {
		c.pick = make(map[int64]bool, len(c.rels))
		for _, rel := range c.rels {
			c.pick[rel] = true
		}
		c.rels = nil
	}
	c.query = scanQuery(c.view, dir, c.pick == nil)
	return c
}

// scanQuery is the statement of a scan. Its parameters are the node, the relation, at and known.
func scanQuery(v view, dir graph.Dir, byRel bool) string {
	this, other, index := "src", "dst", "out"
	if dir == graph.In {
		this, other, index = "dst", "src", "in"
	}
	where := " WHERE " + this + " = ?1"
	if byRel {
		where += " AND rel = ?2"
	}
	if v != viewAll {
		where += " AND since <= ?3 AND until > ?3"
	}
	var b strings.Builder
	b.WriteString("SELECT num, " + other + ", rel, key, since, until")
	if v == viewNow {
		b.WriteString(", 0, 0 FROM edge INDEXED BY edge_" + index + where + " ORDER BY rel, " + other)
		return b.String()
	}
	b.WriteString(", known, 0 FROM edge INDEXED BY edge_" + index + where)
	if v == viewKnown {
		b.WriteString(" AND known <= ?4")
	}
	b.WriteString(" UNION ALL SELECT -num, " + other + ", rel, key, since, until, known, gone FROM past INDEXED BY past_" + index + where)
	if v == viewKnown {
		b.WriteString(" AND known <= ?4 AND gone > ?4")
	}
	return b.String()
}

// each calls got for every edge of a node that the scan sees.
func (c *scan) each(node int64, got func(edgeRow)) error {
	if c.pick != nil {
		return c.run(node, 0, got)
	}
	for _, rel := range c.rels {
		if err := c.run(node, rel, got); err != nil {
			return err
		}
	}
	return nil
}

func (c *scan) run(node, rel int64, got func(edgeRow)) error {
	stmt, err := c.s.conn.Prepare(c.query)
	if err != nil {
		return err
	}
	stmt.BindInt64(1, node)
	if rel != 0 {
		stmt.BindInt64(2, rel)
	}
	if c.view != viewAll {
		stmt.BindInt64(3, c.at)
	}
	if c.view == viewKnown {
		stmt.BindInt64(4, c.known)
	}
	return c.s.rows(stmt, func(stmt *sqlite.Stmt) error {
		row := edgeRow{
			num: stmt.ColumnInt64(0), other: stmt.ColumnInt64(1), rel: stmt.ColumnInt64(2), key: stmt.ColumnInt64(3),
			since: stmt.ColumnInt64(4), until: stmt.ColumnInt64(5), known: stmt.ColumnInt64(6), gone: stmt.ColumnInt64(7),
		}
		if c.pick == nil || c.pick[row.rel] {
			got(row)
		}
		return nil
	})
}

// others calls got for the other end of every edge of a node that the scan sees; an end may come several times.
func (c *scan) others(node int64, got func(other int64)) error {
	return c.each(node, func(row edgeRow) { got(row.other) })
}

// counter counts the distinct pairs of relation and other end among the edges of one node.
type counter struct {
	n    int
	last [2]int64
	seen map[[2]int64]bool // only for views that don't come in the order of an index
}

func (c *counter) reset(v view) {
	*c = counter{}
	if v != viewNow {
		c.seen = map[[2]int64]bool{}
	}
}

func (c *counter) add(row edgeRow) {
	pair := [2]int64{row.rel, row.other}
	if pair == c.last || c.seen[pair] {
		return
	}
	c.last = pair
	if c.seen != nil {
		c.seen[pair] = true
	}
	c.n++
}

// degree counts the distinct pairs of relation and other end.
func (c *scan) degree(node int64) (int, error) {
	var count counter
	count.reset(c.view)
	err := c.each(node, count.add)
	return count.n, err
}

const (
	edgeByNum = "SELECT src, rel, dst, key, since, until, known, 0, props FROM edge WHERE num = ?"
	pastByNum = "SELECT src, rel, dst, key, since, until, known, gone, props FROM past WHERE num = ?"
)

// edges loads edges by the numbers of their rows, in that order. ids may hold ids of nodes that are known already.
func (s *session) edgesOf(nums []int64, ids map[int64]graph.ID) ([]graph.Edge, error) {
	out := make([]graph.Edge, 0, len(nums))
	for _, num := range nums {
		query := edgeByNum
		if num < 0 {
			query, num = pastByNum, -num
		}
		stmt, err := s.conn.Prepare(query)
		if err != nil {
			return nil, err
		}
		stmt.BindInt64(1, num)
		var ends [2]int64
		var e graph.Edge
		err = s.rows(stmt, func(stmt *sqlite.Stmt) (err error) {
			ends[0], ends[1] = stmt.ColumnInt64(0), stmt.ColumnInt64(2)
			e, err = s.edge(stmt)
			return err
		})
		if err != nil {
			return nil, err
		}
		if err := s.idsOf(ends[:], ids); err != nil {
			return nil, err
		}
		e.From, e.To = ids[ends[0]], ids[ends[1]]
		out = append(out, e)
	}
	return out, nil
}

// edge makes an edge of a row of edgeByNum or pastByNum, without its ends.
func (s *session) edge(stmt *sqlite.Stmt) (graph.Edge, error) {
	var e graph.Edge
	rel, err := s.terms.text(s, stmt.ColumnInt64(1))
	if err != nil {
		return e, err
	}
	if e.Key, err = s.terms.text(s, stmt.ColumnInt64(3)); err != nil {
		return e, err
	}
	e.Rel = graph.Rel(rel)
	e.Valid = graph.Span{Since: openMicros(stmt.ColumnInt64(4)), Until: openMicros(stmt.ColumnInt64(5))}
	e.Known.Since = fromMicros(stmt.ColumnInt64(6))
	if gone := stmt.ColumnInt64(7); gone != 0 {
		e.Known.Until = fromMicros(gone)
	}
	e.Props, err = s.decodeProps(s.blob(stmt, 8), nil)
	return e, err
}
