package neo4j

import (
	"fmt"
	"slices"
	"strings"

	"weir/graph"
)

// maxClauses is how many terms the full-text index takes in one query. Ranges and prefixes don't count.
const maxClauses = 1024

// match is a search as a query of the full-text index, with what didn't fit into it.
type match struct {
	query string
	left  int            // terms that still fit
	rest  []graph.Filter // to be checked on the hits
}

// matchOf writes a search's conditions: words, kinds, the viewer, and filters as long as they fit. The first three
// fit always.
func matchOf(s graph.Search) match {
	m := match{left: maxClauses}
	words := graph.QueryWords(s.Text)
	for i, w := range words {
		if s.Prefix && i == len(words)-1 {
			w += "*"
		}
		m.must(w)
	}
	m.must(terms(s.Kinds, kindTerm)...)
	if v := s.Visible; v != nil {
		m.must(append(terms(v.Audiences, audienceTerm), terms(v.IDs, idTerm)...)...)
	}
	for _, f := range s.Where {
		m.filter(f)
	}
	return m
}

func terms[T any](of []T, term func(T) string) []string {
	out := make([]string, len(of))
	for i, v := range of {
		out[i] = term(v)
	}
	return out
}

// must demands one of the terms.
func (m *match) must(terms ...string) {
	m.left -= len(terms)
	if len(terms) == 1 {
		m.query += " +" + terms[0]
		return
	}
	m.query += " +(" + strings.Join(terms, " ") + ")"
}

func (m *match) filter(f graph.Filter) {
	if len(f.Values)+1 > m.left {
		m.rest = append(m.rest, f)
		return
	}
	switch f.Op {
	case graph.OneOf:
		m.must(terms(f.Values, func(v any) string { return valueTerm(f.Prop, v) })...)
	case graph.Missing:
		m.query += " -" + hasTerm(f.Prop)
		m.left--
	case graph.Less:
		m.between("[", typeTerm(f, ""), orderTerm(f.Prop, f.Values[0]), "}")
	case graph.More:
		m.between("[", orderTerm(f.Prop, f.Values[0]), typeTerm(f, packEnd), "}")
	}
}

func (m *match) between(open, low, high, end string) {
	m.query += fmt.Sprintf(" +%s%s TO %s%s", open, low, high, end)
	m.left--
}

// typeTerm begins, or with an end ends, the order terms of the values that have the filter's type.
func typeTerm(f graph.Filter, end string) string {
	tag := orderKey(f.Values[0])[:1]
	if end != "" {
		tag = string(tag[0] + 1)
	}
	return "_o" + f.Prop + "." + packed(tag)
}

// among demands one of some ids on top, in pieces that fit.
func (m match) among(ids []graph.ID) []string {
	var out []string
	for piece := range slices.Chunk(ids, max(m.left, 1)) {
		more := m
		more.must(terms(piece, idTerm)...)
		out = append(out, more.query)
	}
	return out
}

// passes checks a filter on a hit, for those that the index wasn't asked.
func passes(f graph.Filter, v any) bool {
	if f.Op == graph.Missing || v == nil {
		return f.Op == graph.Missing && v == nil
	}
	switch f.Op {
	case graph.OneOf:
		return slices.ContainsFunc(f.Values, func(w any) bool { return same(v, w) })
	case graph.Less:
		return sameType(v, f.Values[0]) && orderKey(v) < orderKey(f.Values[0])
	default:
		return sameType(v, f.Values[0]) && orderKey(v) >= orderKey(f.Values[0])
	}
}

func sameType(a, b any) bool { return orderKey(a)[:1] == orderKey(b)[:1] }
