package graph

import (
	"fmt"
	"slices"
	"strings"
)

// Schema declares once, for every engine, the kinds and relations that there are and what must be fast. Engines
// derive tables, constraints and indexes from it; Checked refuses what it doesn't declare.
type Schema struct {
	Kinds map[Kind]Spec
	Rels  []Rel
}

// Spec is the declaration of a kind.
type Spec struct {
	// Prefix begins every id of the kind, before the first underscore. It is unique in a Schema and has letters and
	// digits alone, so that an id tells its kind.
	Prefix string
	// Text are the properties searched, the most telling first.
	Text []Text
	// Lists are the questions that List answers.
	Lists []List
	// Facets are properties that Search filters and counts by. For a node whose kind doesn't declare it a property
	// counts as missing there. "kind" is taken: it counts by kind.
	Facets []string
	// Sorts are properties that Search sorts by.
	Sorts []string
	// Unique are string properties of which no two nodes of the kind have the same value, at most MaxSortBytes long.
	Unique []string
	// Max is the size of a node's properties in bytes; 0 is MaxProps.
	Max int
}

// Text is a searched property: a string whose Words are found. Weight is what a match of one word adds to the score.
type Text struct {
	Prop   string
	Weight float64
}

// List is a question that List answers in the order of an index: all of Where are filtered with OneOf (one value) or
// Missing, and the page is sorted by Sort ("": by id).
type List struct {
	Where []string
	Sort  string
}

// ValidName tells whether s may name a kind, a relation, a property or a sequence.
func ValidName(s string) bool {
	if s == "" || len(s) > MaxNameLen {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case '0' <= c && c <= '9' && i > 0:
		default:
			return false
		}
	}
	return true
}

// Validate reports the first mistake in a Schema.
func (s Schema) Validate() error {
	prefixes := map[string]Kind{}
	for kind, spec := range s.Kinds {
		if !ValidName(string(kind)) {
			return fmt.Errorf("kind %q: not a name", kind)
		}
		if other, ok := prefixes[spec.Prefix]; ok || spec.Prefix == "" {
			return fmt.Errorf("kind %s: id prefix %q is empty or that of %s", kind, spec.Prefix, other)
		}
		if strings.Contains(spec.Prefix, "_") || !ValidID(ID(spec.Prefix)) {
			return fmt.Errorf("kind %s: id prefix %q has more than letters and digits", kind, spec.Prefix)
		}
		prefixes[spec.Prefix] = kind
		if slices.Contains(spec.Facets, facetKind) {
			return fmt.Errorf("kind %s: the facet %q counts by kind", kind, facetKind)
		}
		if spec.Max < 0 || spec.Max > MaxDocument {
			return fmt.Errorf("kind %s: Max %d is not between 0 and %d", kind, spec.Max, MaxDocument)
		}
		for _, p := range spec.props() {
			if !ValidName(p) {
				return fmt.Errorf("kind %s: property %q: not a name", kind, p)
			}
		}
	}
	for _, rel := range s.Rels {
		if !ValidName(string(rel)) {
			return fmt.Errorf("relation %q: not a name", rel)
		}
	}
	return nil
}

func (s Spec) props() []string {
	ps := slices.Concat(s.Facets, s.Sorts, s.Unique)
	for _, t := range s.Text {
		ps = append(ps, t.Prop)
	}
	for _, l := range s.Lists {
		ps = append(ps, l.Where...)
		if l.Sort != "" {
			ps = append(ps, l.Sort)
		}
	}
	return ps
}

// Bytes is the size that a node of the kind may have.
func (s Spec) Bytes() int {
	if s.Max == 0 {
		return MaxProps
	}
	return s.Max
}

// Match returns the index in Lists of the declared list that answers q; false if there is none.
func (s Spec) Match(q Query) (int, bool) {
	var where []string
	for _, f := range q.Where {
		if f.Op == OneOf || f.Op == Missing {
			where = append(where, f.Prop)
		}
	}
	slices.Sort(where)
	for i, l := range s.Lists {
		declared := slices.Sorted(slices.Values(l.Where))
		if l.Sort == q.Sort && slices.Equal(declared, where) {
			return i, true
		}
	}
	return 0, false
}

// HasText tells whether nodes of the kind are found by Search.
func (s Spec) HasText() bool { return len(s.Text) > 0 }

// Merge returns a Schema of all kinds and relations; a kind declared twice is an error.
func Merge(schemas ...Schema) (Schema, error) {
	out := Schema{Kinds: map[Kind]Spec{}}
	for _, s := range schemas {
		for kind, spec := range s.Kinds {
			if _, ok := out.Kinds[kind]; ok {
				return Schema{}, fmt.Errorf("kind %s is declared twice", kind)
			}
			out.Kinds[kind] = spec
		}
		for _, rel := range s.Rels {
			if !slices.Contains(out.Rels, rel) {
				out.Rels = append(out.Rels, rel)
			}
		}
	}
	slices.Sort(out.Rels)
	return out, out.Validate()
}
