package graph

import (
	"fmt"
	"math"
	"slices"
	"time"
	"unicode/utf8"

	"weir/errs"
)

// facetKind is the property of a Facet that counts by kind.
const facetKind = "kind"

// rules are a Schema, prepared for checking.
type rules struct {
	schema  Schema
	rels    []Rel  // all, ordered
	texts   []Kind // kinds that are searched, ordered
	scalars map[Kind]map[string]bool
}

func newRules(schema Schema) *rules {
	r := &rules{schema: schema, rels: slices.Sorted(slices.Values(schema.Rels)), scalars: map[Kind]map[string]bool{}}
	for kind, spec := range schema.Kinds {
		if spec.HasText() {
			r.texts = append(r.texts, kind)
		}
		r.scalars[kind] = map[string]bool{PropAudience: true}
		for _, p := range spec.props() {
			r.scalars[kind][p] = true
		}
	}
	slices.Sort(r.texts)
	return r
}

// relations are the relations of a question, ordered; all of them when none are named.
func (r *rules) relations(field string, rels []Rel) ([]Rel, error) {
	if len(rels) == 0 {
		return r.rels, nil
	}
	for _, rel := range rels {
		if _, ok := slices.BinarySearch(r.rels, rel); !ok {
			return nil, errs.Badf(field, "%q is not a declared relation.", rel)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(rels))), nil
}

// ValidID tells whether s may be a node's id.
func ValidID(id ID) bool {
	if len(id) == 0 || len(id) > MaxIDLen {
		return false
	}
	for i := range len(id) {
		if id[i] <= ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

func checkID(field string, id ID) error {
	if len(id) > MaxIDLen {
		return tooLarge(field, "has %d bytes; at most %d are allowed.", len(id), MaxIDLen)
	}
	if !ValidID(id) {
		return errs.Bad(field, "is not an id: printable ASCII without spaces.")
	}
	return nil
}

// checkIDs refuses what isn't an id and drops duplicates, keeping the order.
func checkIDs(field string, ids []ID, most int) ([]ID, error) {
	if len(ids) > 2*most {
		return nil, tooLarge(field, "are %d; at most %d are allowed.", len(ids), most)
	}
	out := make([]ID, 0, len(ids))
	seen := make(map[ID]bool, len(ids))
	for _, id := range ids {
		if err := checkID(field, id); err != nil {
			return nil, err
		}
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	if len(out) > most {
		return nil, tooLarge(field, "are %d; at most %d are allowed.", len(out), most)
	}
	return out, nil
}

func checkText(field, s string, most int) error {
	if len(s) > most {
		return tooLarge(field, "has %d bytes; at most %d are allowed.", len(s), most)
	}
	if !utf8.ValidString(s) {
		return errs.Bad(field, "is not valid UTF-8.")
	}
	return nil
}

// checkTime normalises a time; the zero time stays what it is.
func checkTime(field string, t time.Time) (time.Time, error) {
	t = Time(t)
	if !t.IsZero() && (t.Before(MinTime) || t.After(MaxTime)) {
		return t, errs.Bad(field, "is not a time between the years 1 and 9999.")
	}
	return t, nil
}

// checkScalar checks a value that is compared, and normalises it.
func checkScalar(field string, v any) (any, error) {
	switch v := v.(type) {
	case []byte, []string:
		return nil, errs.Badf(field, "is a %T, which is never compared.", v)
	case string:
		return v, checkText(field, v, MaxSortBytes)
	}
	return checkValue(field, v)
}

// checkValue checks the value of a property and normalises it. It returns the value given where nothing changes, so
// that callers can tell.
func checkValue(field string, given any) (any, error) {
	switch v := given.(type) {
	case string:
		return given, checkText(field, v, MaxDocument) // not v: to put a string into an interface allocates
	case bool, int64:
		return given, nil
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, errs.Bad(field, "is not a finite number.")
		}
		return v + 0, nil // -0 becomes 0: they are equal, and must be so in every index
	case time.Time:
		if v.IsZero() {
			return nil, errs.Bad(field, "is the zero time; leave it out.")
		}
		return checkTime(field, v)
	case []byte:
		return append([]byte{}, v...), nil
	case []string:
		for _, s := range v {
			if err := checkText(field, s, MaxDocument); err != nil {
				return nil, err
			}
		}
		return append([]string{}, v...), nil
	}
	return nil, errs.Badf(field, "is a %T, which can't be kept.", given)
}

// checkProps checks properties and returns them normalised in a map of their own. nil stays where deletion is meant.
func checkProps(field string, p Props, most int) (Props, error) {
	out := make(Props, len(p))
	for k, v := range p {
		if !ValidName(k) {
			return nil, errs.Badf(field, "%q is not a name.", k)
		}
		if v == nil {
			out[k] = nil
			continue
		}
		kept, err := checkValue(field, v)
		if err != nil {
			_, err = checkValue(field+"."+k, v) // the name is put together only where it is needed
			return nil, err
		}
		out[k] = kept
	}
	if n := out.Size(); n > most {
		return nil, tooLarge(field, "have %d bytes; at most %d are allowed.", n, most)
	}
	return out, nil
}

// Value is a property's value as the text of a facet's bucket: strings as they are, numbers in shortest decimal
// form, times in RFC 3339; empty for what isn't compared.
func Value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool, int64, float64:
		return fmt.Sprint(v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return ""
}

// SortKey is the part of a string that counts in a sort: MaxSortBytes of it, cut at a rune's beginning.
func SortKey(s string) string { return cutAt(s, MaxSortBytes) }
