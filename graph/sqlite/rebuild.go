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
	return r.s.each("SELECT num, id, props FROM node", func(stmt *sqlite.Stmt) error {
		num := stmt.ColumnInt64(0)
		if !kinds[kindOf(num)] {
			return nil
		}
		props, err := r.s.decodeProps(r.s.blob(stmt, 2), nil)
		if err != nil {
			return err
		}
		return r.node(num, graph.ID(stmt.ColumnText(1)), props)
	})
}

func (r *rebuilder) node(num int64, id graph.ID, props graph.Props) error {
	k := r.s.plan.byNum[kindOf(num)]
	aud, err := r.s.audience(props)
	if err != nil {
		return err
	}
	for _, e := range k.derive(id, aud, props) {
		if !r.fresh[e.idx] {
			continue
		}
		if e.unique {
			if err := r.s.claim(k, e, num); err != nil {
				return errs.Wrap(err, errs.Conflict, "Two nodes have a value that is now to be unique: "+errs.Shown(err))
			}
		}
		if err := r.s.addEntry(e, num); err != nil {
			return err
		}
	}
	if !r.texts[k.name] {
		return nil
	}
	if err := r.s.exec(deleteWords, num); err != nil {
		return err
	}
	return r.s.addWords(k, num, aud, props)
}
