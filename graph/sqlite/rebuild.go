package sqlite

import (
	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// rebuild drops what the schema no longer declares and derives what is new in it from the nodes that are there.
func (s *session) rebuild(schema graph.Schema) error {
	have, err := s.indexes()
	if err != nil {
		return err
	}
	r := rebuilder{s: s, fresh: map[int64]bool{}, texts: map[graph.Kind]bool{}}
	kinds := map[int64]bool{}
	for kind, spec := range schema.Kinds {
		for _, def := range define(kind, spec) {
			if _, ok := have[def]; ok {
				delete(have, def)
				continue
			}
			num, err := s.number("INSERT INTO idx(text) VALUES (?) RETURNING num", def)
			if err != nil {
				return err
			}
			r.fresh[num] = true
			if spec.HasText() && def == textName(kind, spec) {
				r.texts[kind] = true
			}
			kindNum, _, err := s.kinds.num(s, string(kind))
			if err != nil {
				return err
			}
			kinds[kindNum] = true
		}
	}
	if err := s.dropIndexes(have); err != nil {
		return err
	}
	if err := s.exec("UPDATE state SET stamp = stamp + 1"); err != nil {
		return err
	}
	if s.plan, err = s.compile(schema); err != nil {
		return err
	}
	return r.run(kinds)
}

func (s *session) dropIndexes(gone map[string]int64) error {
	for def, num := range gone {
		if err := s.exec("DELETE FROM entry WHERE idx = ?", num); err != nil {
			return err
		}
		if err := s.exec("DELETE FROM idx WHERE text = ?", def); err != nil {
			return err
		}
	}
	return nil
}

// rebuildStep is how many nodes are derived before something is written.
const rebuildStep = 1_000

type rebuilder struct {
	s     *session
	fresh map[int64]bool      // indexes to fill
	texts map[graph.Kind]bool // kinds whose words are to be indexed anew
}

// run derives the fresh indexes for all nodes of the kinds.
func (r *rebuilder) run(kinds map[int64]bool) error {
	if len(kinds) == 0 {
		return nil
	}
	b := &batch{s: r.s}
	n := 0
	err := r.s.each("SELECT num, id, props FROM node", func(stmt *sqlite.Stmt) error {
		num := stmt.ColumnInt64(0)
		if !kinds[kindOf(num)] {
			return nil
		}
		props, err := r.s.decodeProps(r.s.blob(stmt, 2), nil)
		if err != nil {
			return err
		}
		if err := r.node(b, num, graph.ID(stmt.ColumnText(1)), props); err != nil {
			return err
		}
		if n++; n%rebuildStep != 0 {
			return nil
		}
		return r.flush(b)
	})
	if err != nil {
		return err
	}
	return r.flush(b)
}

func (r *rebuilder) flush(b *batch) error {
	err := b.flush()
	if errs.Is(err, errs.Exists) {
		return errs.Wrap(err, errs.Conflict, "A value is to be unique now, but two nodes have it: "+errs.Shown(err))
	}
	return err
}

func (r *rebuilder) node(b *batch, num int64, id graph.ID, props graph.Props) error {
	k := r.s.plan.byNum[kindOf(num)]
	entries, aud, err := r.s.derived(k, id, props)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if r.fresh[e.idx] {
			b.addEntry(k, e, num)
		}
	}
	if r.texts[k.name] {
		b.reword(k, num, aud, props, props)
	}
	return nil
}
