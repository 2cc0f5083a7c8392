package graph

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/errs"
)

func (r *rules) edges(q EdgeQuery) (EdgeQuery, error) {
	var err error
	if q.Of, err = checkIDs("of", q.Of, MaxBatch); err != nil {
		return q, err
	}
	if q.Rels, err = r.relations("rels", q.Rels); err != nil {
		return q, err
	}
	if q.All && !(q.At.IsZero() && q.Known.IsZero()) {
		return q, errs.Bad("all", "asks for every row; leave at and known out.")
	}
	if q.At, q.Known, err = checkMoments(q.At, q.Known); err != nil {
		return q, err
	}
	if q.Dir > In {
		return q, errs.Bad("dir", "is not a direction.")
	}
	if q.After != "" && len(q.Of) != 1 {
		return q, errs.Bad("after", "continues the edges of one node alone.")
	}
	if q.Limit == 0 {
		q.Limit = MaxBatch
	}
	if q.Limit < 0 || q.Limit > MaxBatch {
		return q, outside("limit", q.Limit, 0, MaxBatch)
	}
	return q, nil
}

func (r *rules) list(q Query) (Query, error) {
	spec, ok := r.schema.Kinds[q.Kind]
	if !ok {
		return q, errs.Badf("kind", "%q is not declared.", q.Kind)
	}
	if q.Limit < 1 || q.Limit > MaxPage {
		return q, outside("limit", q.Limit, 1, MaxPage)
	}
	var err error
	if q.Where, q.Near, err = r.conditions(q.Where, q.Near); err != nil {
		return q, err
	}
	if err := listFilters(q); err != nil {
		return q, err
	}
	if _, ok := spec.Match(q); !ok {
		return q, errs.Badf("where", "and sort %q are not a list that %s declares.", q.Sort, q.Kind)
	}
	q.Visible, err = checkVisible(q.Visible)
	return q, err
}

// listFilters holds the filters to what a list's key answers: one value for each part, at most one range of the sort.
func listFilters(q Query) error {
	ranges := map[Op]bool{}
	for i, f := range q.Where {
		field := fmt.Sprintf("where[%d]", i)
		switch f.Op {
		case OneOf:
			if len(f.Values) != 1 {
				return errs.Bad(field, "has more than one value; a list takes one.")
			}
		case Less, More:
			if f.Prop != q.Sort || ranges[f.Op] {
				return errs.Bad(field, "is a range; it may be once each way, on the property sorted by.")
			}
			ranges[f.Op] = true
		}
	}
	return nil
}

func (r *rules) walk(w Walk) (Walk, error) {
	var err error
	if w.From, err = checkIDs("from", w.From, MaxBatch); err != nil {
		return w, err
	}
	if w.Rels, err = r.relations("rels", w.Rels); err != nil {
		return w, err
	}
	if w.At, w.Known, err = checkMoments(w.At, w.Known); err != nil {
		return w, err
	}
	if w.Dir > In {
		return w, errs.Bad("dir", "is not a direction.")
	}
	if w.Depth < 1 || w.Depth > MaxDepth {
		return w, outside("depth", w.Depth, 1, MaxDepth)
	}
	for _, f := range w.Fields {
		if !ValidName(f) {
			return w, errs.Badf("fields", "hold %q, which is not a name.", f)
		}
	}
	w.Keep, err = r.keep(w.Keep)
	return w, err
}

func (r *rules) keep(k *Keep) (*Keep, error) {
	if k == nil {
		return nil, nil
	}
	out := *k
	for i, kind := range k.Kinds {
		if _, ok := r.schema.Kinds[kind]; !ok {
			return nil, errs.Badf(fmt.Sprintf("keep.kinds[%d]", i), "%q is not declared.", kind)
		}
	}
	var err error
	if out.Where, out.Near, err = r.conditions(k.Where, k.Near); err != nil {
		return nil, err
	}
	out.Visible, err = checkVisible(k.Visible)
	return &out, err
}

func (r *rules) path(from, to ID, w Walk) (Walk, error) {
	if _, err := checkIDs("from, to", []ID{from, to}, 2); err != nil {
		return w, err
	}
	w.From, w.Keep, w.Fields, w.Max = nil, nil, nil, 0
	if w.Paths == 0 {
		w.Paths = 1
	}
	if w.Paths < 0 || w.Paths > MaxPaths {
		return w, outside("paths", w.Paths, 0, MaxPaths)
	}
	return r.walk(w)
}

// conditions checks the filters and Nears of one question and returns them normalised.
func (r *rules) conditions(where []Filter, near []Near) ([]Filter, []Near, error) {
	if n := len(where) + len(near); n > MaxFilters {
		return nil, nil, tooLarge("where", "and near are %d; at most %d are allowed.", n, MaxFilters)
	}
	filters := make([]Filter, len(where))
	for i, f := range where {
		f, err := checkFilter(fmt.Sprintf("where[%d]", i), f)
		if err != nil {
			return nil, nil, err
		}
		filters[i] = f
	}
	nears := make([]Near, len(near))
	for i, n := range near {
		n, err := r.near(fmt.Sprintf("near[%d]", i), n)
		if err != nil {
			return nil, nil, err
		}
		nears[i] = n
	}
	return filters, nears, nil
}

func (r *rules) near(field string, n Near) (Near, error) {
	if !slices.Contains(r.rels, n.Rel) {
		return n, errs.Badf(field, "relation %q is not declared.", n.Rel)
	}
	if n.Dir > In {
		return n, errs.Bad(field, "has no direction.")
	}
	var err error
	n.To, err = checkIDs(field+".to", n.To, MaxValues)
	if err == nil && len(n.To) == 0 {
		err = errs.Bad(field+".to", "is empty.")
	}
	return n, err
}

func checkFilter(field string, f Filter) (Filter, error) {
	if !ValidName(f.Prop) {
		return f, errs.Badf(field, "%q is not a name.", f.Prop)
	}
	least, most := 1, 1
	switch f.Op {
	case OneOf:
		most = MaxValues
	case Missing:
		least, most = 0, 0
	case Less, More:
	default:
		return f, errs.Bad(field, "has no comparison.")
	}
	if n := len(f.Values); n < least || n > most {
		return f, outside(field+".values", n, least, most)
	}
	values := make([]any, len(f.Values))
	for i, v := range f.Values {
		v, err := checkScalar(field+".values", v)
		if err != nil {
			return f, err
		}
		values[i] = v
	}
	f.Values = values
	return f, nil
}

// checkMoments normalises the two times of a question.
func checkMoments(at, known time.Time) (time.Time, time.Time, error) {
	at, err := checkTime("at", at)
	if err != nil {
		return at, known, err
	}
	known, err = checkTime("known", known)
	return at, known, err
}

// blind tells whether a viewer sees nothing at all; nil sees everything.
func (v *Visible) blind() bool { return v != nil && len(v.Audiences)+len(v.IDs) == 0 }

func checkVisible(v *Visible) (*Visible, error) {
	if v == nil {
		return nil, nil
	}
	ids, err := checkIDs("visible.ids", v.IDs, MaxVisibleIDs)
	if err != nil {
		return nil, err
	}
	audiences := slices.Compact(slices.Sorted(slices.Values(v.Audiences)))
	if n := len(audiences); n > MaxAudiences {
		return nil, tooLarge("visible.audiences", "are %d; at most %d are allowed.", n, MaxAudiences)
	}
	for _, a := range audiences {
		if err := checkText("visible.audiences", a, MaxSortBytes); err != nil {
			return nil, err
		}
	}
	return &Visible{Audiences: audiences, IDs: ids}, nil
}

// nothing tells whether the form of a search alone says that it finds nothing.
func (s Search) nothing() bool {
	noWords := s.Text != "" && len(QueryWords(s.Text)) == 0
	return noWords || s.Visible.blind() || (s.Among != nil && len(s.Among) == 0)
}

func (r *rules) search(s Search) (Search, error) {
	if err := checkText("text", s.Text, MaxText); err != nil {
		return s, err
	}
	s.Text = strings.TrimSpace(s.Text)
	if n := len(QueryWords(s.Text)); n > MaxWords {
		return s, tooLarge("text", "has %d words; at most %d are allowed.", n, MaxWords)
	}
	if s.Limit < 0 || s.Limit > MaxPage {
		return s, outside("limit", s.Limit, 0, MaxPage)
	}
	if s.Offset < 0 || s.Offset > MaxWindow-s.Limit {
		return s, outside("offset", s.Offset, 0, MaxWindow-s.Limit)
	}
	kinds, err := r.searched(s.Kinds)
	if err != nil {
		return s, err
	}
	s.Kinds = kinds
	if s.Among != nil {
		if s.Among, err = checkIDs("among", s.Among, MaxBatch); err != nil {
			return s, err
		}
	}
	if s.Where, s.Near, err = r.conditions(s.Where, s.Near); err != nil {
		return s, err
	}
	if err := r.declaredFor(s); err != nil {
		return s, err
	}
	s.Visible, err = checkVisible(s.Visible)
	return s, err
}

// searched fills in the kinds that have text when none are named.
func (r *rules) searched(kinds []Kind) ([]Kind, error) {
	if len(kinds) == 0 {
		return r.texts, nil
	}
	for i, kind := range kinds {
		if !slices.Contains(r.texts, kind) {
			return nil, errs.Badf(fmt.Sprintf("kinds[%d]", i), "%q is not searched.", kind)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(kinds))), nil
}

// declaredFor refuses what none of the searched kinds declares.
func (r *rules) declaredFor(s Search) error {
	var facets, sorts []string
	for _, kind := range s.Kinds {
		facets = append(facets, r.schema.Kinds[kind].Facets...)
		sorts = append(sorts, r.schema.Kinds[kind].Sorts...)
	}
	for i, f := range s.Where {
		if !slices.Contains(facets, f.Prop) {
			return errs.Badf(fmt.Sprintf("where[%d]", i), "%q is not filtered by in a search.", f.Prop)
		}
	}
	if s.Sort != "" && !slices.Contains(sorts, s.Sort) {
		return errs.Badf("sort", "%q is not sorted by in a search.", s.Sort)
	}
	if n := len(s.Facets); n > MaxFacets {
		return tooLarge("facets", "are %d; at most %d are allowed.", n, MaxFacets)
	}
	names := map[string]bool{}
	for i, f := range s.Facets {
		field := fmt.Sprintf("facets[%d]", i)
		known := f.Prop == facetKind || slices.Contains(facets, f.Prop)
		if f.Rel != "" {
			known = f.Prop == "" && f.Dir <= In && slices.Contains(r.rels, f.Rel)
		}
		if !known || names[f.Name()] {
			return errs.Badf(field, "%q is not counted by, or asked for twice.", f.Name())
		}
		names[f.Name()] = true
	}
	return nil
}
