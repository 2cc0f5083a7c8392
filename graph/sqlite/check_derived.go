package sqlite

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// checkDerived derives every node's entries again and compares them with those that are kept.
func (s *session) checkDerived() error {
	kinds, texts, err := s.declared()
	if err != nil {
		return err
	}
	want := int64(0)
	err = s.each("SELECT num, id, props FROM node", func(stmt *sqlite.Stmt) error {
		num, id := stmt.ColumnInt64(0), graph.ID(stmt.ColumnText(1))
		props, err := s.decodeProps(s.blob(stmt, 2), nil)
		if err != nil {
			return err
		}
		k := kinds[kindOf(num)]
		if k == nil {
			return nil
		}
		aud := int64(0)
		if text, ok := props[graph.PropAudience].(string); ok {
			if aud, _, err = s.terms.num(s, text); err != nil {
				return err
			}
		}
		for _, e := range k.derive(id, aud, props) {
			want++
			if err := s.checkEntry(e, num, id); err != nil {
				return err
			}
		}
		return s.checkWords(texts[kindOf(num)], num, id)
	})
	if err != nil {
		return err
	}
	have, err := s.number("SELECT count(*) FROM entry")
	if err == nil && have != want {
		return errs.Ef(errs.Conflict, "The store is damaged: it has %d index entries instead of %d.", have, want)
	}
	return err
}

func (s *session) checkEntry(e entry, num int64, id graph.ID) error {
	const find = "SELECT 1 FROM entry WHERE idx = ? AND aud = ? AND key = ? AND node = ?"
	there, err := s.number(find, e.idx, e.aud, []byte(e.key), num)
	if err == nil && there == 0 {
		return errs.Ef(errs.Conflict, "The store is damaged: %s is missing in an index.", id)
	}
	return err
}

func (s *session) checkWords(searched bool, num int64, id graph.ID) error {
	if !searched {
		return nil
	}
	there, err := s.number("SELECT 1 FROM word_docsize WHERE id = ?", num)
	if err == nil && there == 0 {
		return errs.Ef(errs.Conflict, "The store is damaged: %s is missing in the full-text index.", id)
	}
	return err
}

// declared reads from the file itself what is derived for each kind, and which kinds have text.
func (s *session) declared() (map[int64]*kindPlan, map[int64]bool, error) {
	have, err := s.indexes()
	if err != nil {
		return nil, nil, err
	}
	kinds, texts := map[int64]*kindPlan{}, map[int64]bool{}
	for def, idx := range have {
		parts := strings.SplitN(def, " ", 3)
		if len(parts) != 3 {
			return nil, nil, fmt.Errorf("sqlite: index %q is not understood", def)
		}
		num, _, err := s.kinds.num(s, parts[1])
		if err != nil {
			return nil, nil, err
		}
		if kinds[num] == nil {
			kinds[num] = &kindPlan{fields: map[string]int64{}, unique: map[string]int64{}}
		}
		k := kinds[num]
		switch parts[0] {
		case "list":
			where, sort, _ := strings.Cut(parts[2], "|")
			l := listPlan{idx: idx, sort: sort}
			if where != "" {
				l.where = strings.Split(where, ",")
			}
			k.lists = append(k.lists, l)
		case "field":
			k.fields[parts[2]] = idx
		case "unique":
			k.unique[parts[2]] = idx
		case "text":
			texts[num] = true
		}
	}
	return kinds, texts, nil
}
