package graphtest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"weir/graph"
)

func (v view) search(s graph.Search) graph.Result {
	hits := v.hits(s)
	res := graph.Result{Total: len(hits)}
	if len(hits) > graph.MaxHits {
		res.Total, res.Capped, hits = graph.MaxHits, true, hits[:graph.MaxHits]
	}
	for _, f := range s.Facets {
		if res.Facets == nil {
			res.Facets = map[string][]graph.Bucket{}
		}
		res.Facets[f.Name()] = v.buckets(f, hits)
	}
	slices.SortFunc(hits, searchOrder(s, v.schema))
	hits = hits[min(s.Offset, len(hits)):]
	res.Hits = hits[:min(s.Limit, len(hits))]
	return res
}

// hits are all matches, ordered by id.
func (v view) hits(s graph.Search) []graph.Hit {
	query := graph.QueryWords(s.Text)
	var out []graph.Hit
	for _, n := range v.nodes {
		spec := v.schema.Kinds[n.Kind]
		seen := n
		seen.Props = declaredOf(spec.Facets, n.Props)
		if !slices.Contains(s.Kinds, n.Kind) || !visible(n, s.Visible) || !v.keeps(seen, s.Where, s.Near) {
			continue
		}
		if s.Among != nil && !slices.Contains(s.Among, n.ID) {
			continue
		}
		if found(spec, n.Props, query, s.Prefix) {
			out = append(out, graph.Hit{Node: n, Score: graph.Score(spec, query, n.Props)})
		}
	}
	slices.SortFunc(out, func(a, b graph.Hit) int { return cmp.Compare(a.Node.ID, b.Node.ID) })
	return out
}

func declaredOf(names []string, props graph.Props) graph.Props {
	out := graph.Props{}
	for _, p := range names {
		if value, ok := props[p]; ok {
			out[p] = value
		}
	}
	return out
}

// found tells whether the node's text holds every word, the last one perhaps as a beginning.
func found(spec graph.Spec, props graph.Props, query []string, prefix bool) bool {
	var words []string
	for _, t := range spec.Text {
		text, _ := props[t.Prop].(string)
		words = append(words, graph.Words(text)...)
	}
	for i, q := range query {
		begins := prefix && i == len(query)-1
		if !slices.ContainsFunc(words, func(w string) bool { return w == q || begins && strings.HasPrefix(w, q) }) {
			return false
		}
	}
	return true
}

func searchOrder(s graph.Search, schema graph.Schema) func(a, b graph.Hit) int {
	if s.Sort == "" {
		return func(a, b graph.Hit) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Node.ID, b.Node.ID))
		}
	}
	order := sorting{prop: s.Sort, desc: s.Desc}
	sortable := func(n graph.Node) graph.Node {
		n.Props = declaredOf(schema.Kinds[n.Kind].Sorts, n.Props)
		return n
	}
	return func(a, b graph.Hit) int { return order.compare(sortable(a.Node), sortable(b.Node)) }
}

func (v view) buckets(f graph.Facet, hits []graph.Hit) []graph.Bucket {
	counts := map[string]int{}
	for _, h := range hits {
		for _, value := range v.facetValues(f, h.Node) {
			counts[value]++
		}
	}
	var out []graph.Bucket
	for value, n := range counts {
		out = append(out, graph.Bucket{Value: value, Count: n})
	}
	slices.SortFunc(out, func(a, b graph.Bucket) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out[:min(len(out), graph.MaxBuckets)]
}

func (v view) facetValues(f graph.Facet, n graph.Node) []string {
	if f.Rel == "" {
		if f.Prop == "kind" {
			return []string{string(n.Kind)}
		}
		if value, ok := n.Props[f.Prop]; ok && slices.Contains(v.schema.Kinds[n.Kind].Facets, f.Prop) {
			return []string{graph.Value(value)}
		}
		return nil
	}
	var out []string
	m := momentOf(time.Time{}, time.Time{})
	for _, e := range v.rowsOf(n.ID, f.Dir, []graph.Rel{f.Rel}) {
		if m.holds(e) {
			out = append(out, string(other(e, f.Dir)))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
