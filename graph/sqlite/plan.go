package sqlite

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// plan is a graph.Schema with the numbers that stand for its names in this file.
type plan struct {
	schema graph.Schema
	stamp  int64 // of the derived tables that follow this schema
	kinds  map[graph.Kind]*kindPlan
	byNum  [maxKinds + 1]*kindPlan
	rels   map[graph.Rel]int64
}

// maxKinds is how many kinds a file can have: a kind's number is the low byte of a node's.
const maxKinds = 255

// kindPlan says what is derived from nodes of a kind.
type kindPlan struct {
	name     graph.Kind
	num      int64
	spec     graph.Spec
	lists    []listPlan
	fields   map[string]int64 // facet property: its index
	unique   map[string]int64 // unique property: its index
	compared map[string]bool  // properties that something is derived from
}

type listPlan struct {
	idx   int64
	where []string // ordered
	sort  string
}

// define names what is derived for a kind; a definition that changes gets another name, and with it a number.
func define(kind graph.Kind, spec graph.Spec) []string {
	var defs []string
	for _, l := range spec.Lists {
		defs = append(defs, listName(kind, l))
	}
	for _, p := range spec.Facets {
		defs = append(defs, fieldName(kind, p))
	}
	for _, p := range spec.Unique {
		defs = append(defs, uniqueName(kind, p))
	}
	if spec.HasText() {
		defs = append(defs, textName(kind, spec))
	}
	return defs
}

func listName(kind graph.Kind, l graph.List) string {
	return fmt.Sprintf("list %s %s|%s", kind, strings.Join(slices.Sorted(slices.Values(l.Where)), ","), l.Sort)
}

func fieldName(kind graph.Kind, prop string) string { return fmt.Sprintf("field %s %s", kind, prop) }

func uniqueName(kind graph.Kind, prop string) string { return fmt.Sprintf("unique %s %s", kind, prop) }

func textName(kind graph.Kind, spec graph.Spec) string {
	props := make([]string, len(spec.Text))
	for i, t := range spec.Text {
		props[i] = t.Prop
	}
	return fmt.Sprintf("text %s %s", kind, strings.Join(props, ","))
}

// stale tells whether the derived tables follow another schema, or names of this one have no number yet.
func (s *session) stale(schema graph.Schema) (bool, error) {
	have, err := s.indexes()
	if err != nil {
		return false, err
	}
	want := 0
	for kind, spec := range schema.Kinds {
		if _, ok, err := s.kinds.num(s, string(kind)); err != nil || !ok {
			return true, err
		}
		for _, def := range define(kind, spec) {
			if _, ok := have[def]; !ok {
				return true, nil
			}
			want++
		}
	}
	for _, rel := range schema.Rels {
		if _, ok, err := s.terms.num(s, string(rel)); err != nil || !ok {
			return true, err
		}
	}
	return want != len(have), nil
}

func (s *session) indexes() (map[string]int64, error) {
	have := map[string]int64{}
	err := s.each("SELECT text, num FROM idx", func(stmt *sqlite.Stmt) error {
		have[stmt.ColumnText(0)] = stmt.ColumnInt64(1)
		return nil
	})
	return have, err
}

// compile makes the plan of a schema for which the file is up to date.
func (s *session) compile(schema graph.Schema) (*plan, error) {
	p := &plan{schema: schema, kinds: map[graph.Kind]*kindPlan{}, rels: map[graph.Rel]int64{}}
	var err error
	if p.stamp, err = s.number("SELECT stamp FROM state"); err != nil {
		return nil, err
	}
	have, err := s.indexes()
	if err != nil {
		return nil, err
	}
	for kind, spec := range schema.Kinds {
		num, _, err := s.kinds.num(s, string(kind))
		if err != nil {
			return nil, err
		}
		k := newKindPlan(kind, num, spec, have)
		p.kinds[kind], p.byNum[num] = k, k
	}
	for _, rel := range schema.Rels {
		if p.rels[rel], _, err = s.terms.num(s, string(rel)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func newKindPlan(kind graph.Kind, num int64, spec graph.Spec, have map[string]int64) *kindPlan {
	k := &kindPlan{
		name: kind, num: num, spec: spec,
		fields: map[string]int64{}, unique: map[string]int64{}, compared: map[string]bool{graph.PropAudience: true},
	}
	for _, l := range spec.Lists {
		where := slices.Sorted(slices.Values(l.Where))
		k.lists = append(k.lists, listPlan{have[listName(kind, l)], where, l.Sort})
		for _, p := range append(where, l.Sort) {
			k.compared[p] = true
		}
	}
	for _, p := range spec.Facets {
		k.fields[p], k.compared[p] = have[fieldName(kind, p)], true
	}
	for _, p := range spec.Unique {
		k.unique[p], k.compared[p] = have[uniqueName(kind, p)], true
	}
	for _, t := range spec.Text {
		k.compared[t.Prop] = true
	}
	return k
}

// kindOf is the number of a node's kind, which is a part of the node's number.
func kindOf(node int64) int64 { return node & maxKinds }

// kindName is the name of a node's kind, also of one that the schema no longer has.
func (s *session) kindName(node int64) (graph.Kind, error) {
	if k := s.plan.byNum[kindOf(node)]; k != nil {
		return k.name, nil
	}
	text, err := s.kinds.text(s, kindOf(node))
	return graph.Kind(text), err
}

// relNums are the numbers of relations that Checked has let through.
func (s *session) relNums(rels []graph.Rel) []int64 {
	nums := make([]int64, len(rels))
	for i, rel := range rels {
		nums[i] = s.plan.rels[rel]
	}
	return nums
}

// adopt gives the names of a schema their numbers and brings the derived tables into line with it. The caller holds
// the write transaction.
func (s *session) adopt(schema graph.Schema) error {
	for _, kind := range slices.Sorted(maps.Keys(schema.Kinds)) {
		num, err := s.kinds.intern(s, string(kind))
		if err != nil {
			return err
		}
		if num > maxKinds {
			return errs.Ef(errs.Invalid, "The store has had %d kinds of nodes; more than %d are not possible.", num, maxKinds)
		}
	}
	for _, rel := range schema.Rels {
		if _, err := s.terms.intern(s, string(rel)); err != nil {
			return err
		}
	}
	return s.rebuild(schema)
}
