package sqlite

import "zombiezen.com/go/sqlite"

// counter counts the distinct pairs of relation and other end among the edges of each node.
type counter struct {
	counts map[int64]int
	last   [3]int64
	seen   map[[3]int64]bool // only for views that don't come in the order of an index
}

func newCounter(v view, nodes int) *counter {
	c := &counter{counts: make(map[int64]int, nodes)}
	if v != viewNow {
		c.seen = map[[3]int64]bool{}
	}
	return c
}

func (c *counter) add(row edgeRow) {
	if c.first(row) {
		c.counts[row.node]++
	}
}

// first tells whether a row is the first of its pair.
func (c *counter) first(row edgeRow) bool {
	neighbour := [3]int64{row.node, row.rel, row.other}
	if neighbour == c.last || c.seen[neighbour] {
		return false
	}
	c.last = neighbour
	if c.seen != nil {
		c.seen[neighbour] = true
	}
	return true
}

// degrees counts the neighbours of nodes; those without are absent.
func (c *scan) degrees(nodes []int64) (map[int64]int, error) {
	count := newCounter(c.view, len(nodes))
	err := c.run(nodes, columnsNode, func(stmt *sqlite.Stmt) {
		count.add(edgeRow{rel: stmt.ColumnInt64(0), other: stmt.ColumnInt64(1), node: stmt.ColumnInt64(2)})
	})
	return count.counts, err
}
