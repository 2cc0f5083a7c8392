package sqlite

import (
	"zombiezen.com/go/sqlite"

	"weir/graph"
)

// shape says that edges of a relation lead from nodes of one kind to nodes of another. Shapes are never taken back: that
// there was such an edge is enough, since a walk may ask about the past.
type shape struct{ src, rel, dst int64 }

const addShapes = "INSERT OR IGNORE INTO shape(src, rel, dst) SELECT a, b, c FROM input"

// shaped notes the shape of an edge that is written.
func (l *linker) shaped(e edgeNums) {
	sh := shape{kindOf(e.src), e.rel, kindOf(e.dst)}
	if l.s.known[sh] {
		return
	}
	l.s.known[sh] = true
	l.shapes.add(sqlite.IntegerValue(sh.src), sqlite.IntegerValue(sh.rel), sqlite.IntegerValue(sh.dst))
}

// prune makes a scan look only for relations that nodes of a kind can have, which spares a walk most of its looks. All
// of them are sought then, however many there are.
func (c *scan) prune(rels []graph.Rel) error {
	want := map[int64]bool{}
	for _, rel := range c.s.relNums(rels) {
		want[rel] = true
	}
	c.pick, c.rels = nil, nil
	c.byKind = &[maxKinds + 1][]int64{}
	query := "SELECT DISTINCT src, rel FROM shape"
	if c.dir == graph.In {
		query = "SELECT DISTINCT dst, rel FROM shape"
	}
	return c.s.each(query, func(stmt *sqlite.Stmt) error {
		kind, rel := stmt.ColumnInt64(0), stmt.ColumnInt64(1)
		if want[rel] {
			c.byKind[kind] = append(c.byKind[kind], rel)
		}
		return nil
	})
}

// pairs are the nodes with the relations to look for.
func (c *scan) pairs(nodes []int64) arguments {
	args := arguments{width: 2, values: make([]sqlite.Value, 0, 2*len(nodes))}
	for _, node := range nodes {
		rels := c.rels
		if c.byKind != nil {
			rels = c.byKind[kindOf(node)]
		}
		for _, rel := range rels {
			args.values = append(args.values, sqlite.IntegerValue(node), sqlite.IntegerValue(rel))
		}
	}
	return args
}
