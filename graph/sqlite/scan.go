package sqlite

import (
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"weir/graph"
)

// edgeRow is a row of an edge as an index has it, seen from one of its ends. num is negative for a row of past.
// known is 0 where the index does not hold it.
type edgeRow struct {
	num, node, other, rel, key int64
	since, known               int64
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
	s    *session
	dir  graph.Dir
	rels []int64 // each is sought; none: all edges are read and picked
	pick map[int64]bool
	// byKind, after prune, are the relations to look for by the node's kind
	byKind *[maxKinds + 1][]int64
	at     int64
	known  int64
	view   view
}

// newScan prepares a question for edges. Zero times are now; all asks for every row, whatever the times.
func (s *session) newScan(dir graph.Dir, rels []graph.Rel, at, known time.Time, all bool) *scan {
	c := &scan{s: s, dir: dir, rels: s.relNums(rels), at: at.UnixMicro(), known: known.UnixMicro()}
	if at.IsZero() {
		c.at = now()
	}
	switch {
	case all:
		c.view = viewAll
	case !known.IsZero():
		c.view = viewKnown
	}
	if len(c.rels) > maxSeeks {
		c.pick = make(map[int64]bool, len(c.rels))
		for _, rel := range c.rels {
			c.pick[rel] = true
		}
		c.rels = nil
	}
	return c
}

// columns are how much a scan tells of an edge: the relation and the other end, the node too, the row's number too, or
// all that the index has.
type columns uint8

const (
	columnsEnds columns = iota
	columnsNode
	columnsNum
	columnsAll
)

// scanQuery is the statement of a scan. input holds nodes and, with byRel, relations; at and known are bound.
func scanQuery(v view, dir graph.Dir, byRel bool, cols columns) string {
	this, other, index := "src", "dst", "out"
	if dir == graph.In {
		this, other, index = "dst", "src", "in"
	}
	on := " e." + this + " = input.a"
	if byRel {
		on += " AND e.rel = input.b"
	}
	if v != viewAll {
		on += " AND e.since <= ?1 AND e.until > ?1"
	}
	selected := func(num, known string) string {
		out := "SELECT e.rel, e." + other
		if cols >= columnsNode {
			out += ", e." + this
		}
		if cols >= columnsNum {
			out += ", " + num
		}
		if cols == columnsAll {
			out += ", e.key, e.since, " + known
		}
		return out
	}
	var b strings.Builder
	held := selected("e.num", "e.known")
	if v == viewNow {
		held = selected("e.num", "0") // which the index holds
	}
	b.WriteString(held + " FROM input CROSS JOIN edge e INDEXED BY edge_" + index + " ON" + on)
	if v == viewNow {
		return b.String()
	}
	if v == viewKnown {
		b.WriteString(" AND e.known <= ?2")
	}
	b.WriteString(" UNION ALL " + selected("-e.num", "e.known") + " FROM input CROSS JOIN past e INDEXED BY past_" + index + " ON" + on)
	if v == viewKnown {
		b.WriteString(" AND e.known <= ?2 AND e.gone > ?2")
	}
	return b.String()
}

// each calls got for every edge of the nodes that the scan sees. In viewNow, and only there, edges come node by node in
// the order of nodes and, within a relation of it, by the other end.
func (c *scan) each(nodes []int64, got func(edgeRow)) error {
	return c.run(nodes, columnsAll, func(stmt *sqlite.Stmt) {
		got(edgeRow{
			rel: stmt.ColumnInt64(0), other: stmt.ColumnInt64(1), node: stmt.ColumnInt64(2), num: stmt.ColumnInt64(3),
			key: stmt.ColumnInt64(4), since: stmt.ColumnInt64(5), known: stmt.ColumnInt64(6),
		})
	})
}

// others calls got for the other end of every edge of the nodes that the scan sees; an end may come several times.
func (c *scan) others(nodes []int64, got func(other int64)) error {
	return c.run(nodes, columnsEnds, func(stmt *sqlite.Stmt) { got(stmt.ColumnInt64(1)) })
}

func (c *scan) run(nodes []int64, cols columns, got func(*sqlite.Stmt)) error {
	var bound []any
	switch c.view {
	case viewNow:
		bound = []any{c.at}
	case viewKnown:
		bound = []any{c.at, c.known}
	}
	args := numbers(nodes)
	if c.pick == nil {
		args = c.pairs(nodes)
	}
	query := scanQuery(c.view, c.dir, c.pick == nil, cols)
	return c.s.ask(query, args, func(stmt *sqlite.Stmt) error {
		if c.pick == nil || c.pick[stmt.ColumnInt64(0)] {
			got(stmt)
		}
		return nil
	}, bound...)
}
