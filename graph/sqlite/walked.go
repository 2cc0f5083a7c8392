package sqlite

import (
	"cmp"
	"slices"

	"zombiezen.com/go/sqlite"
)

// walked is an edge that a walk went along. node and other are places in walker.found; other is -1 for a node that was
// not reached. A walk reads many of them, so they are small.
type walked struct {
	num         int64
	node, other int32
	first       bool // of the rows between these two in this relation
}

// reader reads edges of columnsNum.
type reader struct {
	k     *walker
	pairs *counter
	// the node of the row before: rows of a node mostly come together
	node  int64
	place int32
}

func (k *walker) newReader() *reader { return &reader{k: k, pairs: newCounter(k.on.view, 0)} }

func (r *reader) read(stmt *sqlite.Stmt, other int32) walked {
	row := edgeRow{rel: stmt.ColumnInt64(0), other: stmt.ColumnInt64(1), node: stmt.ColumnInt64(2)}
	if row.node != r.node {
		r.node, r.place = row.node, r.k.place[row.node]
	}
	return walked{num: stmt.ColumnInt64(3), node: r.place, other: other, first: r.pairs.first(row)}
}

// whole is all of an edge that was walked.
type whole struct {
	node, other      int32
	rel, key         int64
	since, until     int64
	known, gone      int64
	propsAt, propsTo int // in the properties of all
}

// wholes reads edges, in the order in which they lie, and their properties.
func (s *session) wholes(list []walked) ([]whole, string, error) {
	slices.SortFunc(list, func(a, b walked) int { return cmp.Compare(a.num, b.num) })
	out := make([]whole, len(list))
	nums := make([]int64, len(list))
	for i, w := range list {
		nums[i] = w.num
	}
	var props []byte
	got := func(stmt *sqlite.Stmt) error {
		i := stmt.ColumnInt64(0)
		from, to := len(props), len(props)+stmt.ColumnLen(9)
		props = slices.Grow(props, to-from)[:to]
		stmt.ColumnBytes(9, props[from:])
		out[i] = whole{
			list[i].node, list[i].other, stmt.ColumnInt64(2), stmt.ColumnInt64(4), stmt.ColumnInt64(5), stmt.ColumnInt64(6),
			stmt.ColumnInt64(7), stmt.ColumnInt64(8), from, to,
		}
		return nil
	}
	err := s.ask(edgesByNum, numbers(nums), got)
	if err == nil && len(nums) > 0 && nums[0] < 0 {
		err = s.ask(pastByNum, numbers(nums), got)
	}
	return out, string(props), err
}
