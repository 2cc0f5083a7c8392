package sqlite

import (
	"context"
	"errors"
	"slices"

	"zombiezen.com/go/sqlite"

	"weir/graph"
)

// walker runs a Walk: level by level, each node once.
type walker struct {
	s      *session
	w      graph.Walk
	on     *scan // along the walk
	back   *scan // against it
	from   map[int64]bool
	levels [][]int64
	place  map[int64]int32 // of every node that was reached, in found
	found  []found
	rows   []walked // the edges that were walked, as long as all of their nodes may be returned
	all    bool     // rows holds them
}

// found is a node that was reached.
type found struct {
	num   int64
	depth int
}

func (s *session) newWalker(w graph.Walk) (*walker, error) {
	back := graph.In
	if w.Dir == graph.In {
		back = graph.Out
	}
	on := s.newScan(w.Dir, w.Rels, w.At, w.Known, false)
	against := s.newScan(back, w.Rels, w.At, w.Known, false)
	against.at = on.at
	if err := errors.Join(on.prune(w.Rels), against.prune(w.Rels)); err != nil {
		return nil, err
	}
	return &walker{s: s, w: w, on: on, back: against, from: map[int64]bool{}, place: map[int64]int32{}, all: w.Max > 0}, nil
}

func (s *session) traverse(w graph.Walk) (graph.Subgraph, error) {
	k, err := s.newWalker(w)
	if err != nil {
		return graph.Subgraph{}, err
	}
	if err := k.reach(); err != nil {
		return graph.Subgraph{}, err
	}
	out := graph.Subgraph{Totals: map[graph.Kind]int{}}
	if err := k.keep(); err != nil {
		return out, err
	}
	if err := k.count(out.Totals); err != nil {
		return out, err
	}
	kept, cut, err := k.nearest()
	if err != nil {
		return out, err
	}
	out.Cut = cut
	r := &result{walker: k, kept: kept, out: &out}
	if err := r.hydrate(); err != nil {
		return out, err
	}
	return out, r.connect()
}

// reach fills levels with the nodes of each depth. Levels are ordered by number, which makes neighbours in the
// tables out of neighbours in the walk.
func (k *walker) reach() error {
	level, err := k.s.existing(k.w.From)
	if err != nil {
		return err
	}
	for _, num := range level {
		k.from[num] = true
		k.visit(num, 0)
	}
	slices.Sort(level)
	for d := 1; len(level) > 0; d++ {
		k.levels = append(k.levels, level)
		if d > k.w.Depth {
			return nil
		}
		if level, err = k.step(level, d); err != nil {
			return err
		}
	}
	return nil
}

// visit notes the depth of a node that is reached for the first time, and returns its place.
func (k *walker) visit(num int64, depth int) int32 {
	p, ok := k.place[num]
	if !ok {
		p = int32(len(k.found))
		k.place[num] = p
		k.found = append(k.found, found{num, depth})
	}
	return p
}

// depth returns the depth of a node; false if it was not reached.
func (k *walker) depth(num int64) (int, bool) {
	p, ok := k.place[num]
	if !ok {
		return 0, false
	}
	return k.found[p].depth, true
}

// step returns the nodes that are first reached from a level, and notes their depth. Edges are kept while all nodes
// may be returned: they are among the answer then.
func (k *walker) step(level []int64, depth int) ([]int64, error) {
	before := len(k.found)
	var err error
	if k.all {
		r := k.newReader()
		err = k.on.run(level, columnsNum, func(stmt *sqlite.Stmt) {
			other := k.visit(stmt.ColumnInt64(1), depth)
			if k.all = k.all && len(k.found) <= k.w.Max; k.all {
				k.rows = append(k.rows, r.read(stmt, other))
			}
		})
	} else {
		err = k.on.others(level, func(other int64) { k.visit(other, depth) })
	}
	if !k.all {
		k.rows = nil
	}
	next := make([]int64, len(k.found)-before)
	for i, f := range k.found[before:] {
		next[i] = f.num
	}
	slices.Sort(next)
	return next, err
}

// keep drops from the levels what the walk's condition does not hold for. Nodes of From stay.
func (k *walker) keep() error {
	if k.w.Keep == nil {
		return nil
	}
	m, err := k.s.newMatcher(k.w.Keep.Kinds, k.w.Keep.Where, k.w.Keep.Near)
	if err != nil {
		return err
	}
	if m.seen, err = k.s.newViewer(k.w.Keep.Visible); err != nil {
		return err
	}
	for i, level := range k.levels {
		kept, err := m.keep(level, k.from)
		if err != nil {
			return err
		}
		k.levels[i] = kept
	}
	return nil
}

func (k *walker) count(totals map[graph.Kind]int) error {
	var byKind [maxKinds + 1]int
	for _, level := range k.levels {
		for _, num := range level {
			if !k.from[num] {
				byKind[kindOf(num)]++
			}
		}
	}
	for num, n := range byKind {
		if n == 0 {
			continue
		}
		kind, err := k.s.kindName(int64(num))
		if err != nil {
			return err
		}
		totals[kind] = n
	}
	return nil
}

// Traverse walks from nodes along edges.
func (s *store) Traverse(ctx context.Context, w graph.Walk) (out graph.Subgraph, err error) {
	err = s.read(ctx, func(r *session) (err error) {
		out, err = r.traverse(w)
		return err
	})
	return out, err
}

// Traverse walks from nodes along edges.
func (t *tx) Traverse(ctx context.Context, w graph.Walk) (out graph.Subgraph, err error) {
	err = t.do(ctx, func() (err error) {
		out, err = t.s.traverse(w)
		return err
	})
	return out, err
}
