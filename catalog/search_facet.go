package catalog

import (
	"context"
	"slices"

	"weir/graph"
)

// facetFields are the fields that results are counted by, in the order of the page.
var facetFields = []string{byKind, byDomain, byClassification, byClass, byOwner, byTag, byPlatform}

// facetParts are what the store counts by for a field. A class is either declared or inherited: two parts to be added.
var facetParts = map[string][]graph.Facet{
	byKind: {{Prop: "kind"}}, byDomain: {{Prop: "domain"}}, byClassification: {{Prop: "classification"}}, byPlatform: {{Prop: "platform"}},
	byClass: {{Rel: RelClass}, {Rel: RelInherits}}, byOwner: {{Rel: RelOwned}}, byTag: {{Rel: RelTagged}},
}

func facetsOf(fields ...string) []graph.Facet {
	var out []graph.Facet
	for _, f := range fields {
		out = append(out, facetParts[f]...)
	}
	return out
}

const (
	maxCalls  = 12 // to the store, of one search
	hitCalls  = 4  // of them kept for attributesAnd
	typesPart = "consumer types"
)

// ownFacets are the buckets of the main search, with those of each field that is filtered by counted anew without its
// own filter, and consumers counted by type. A search that was refined one by one counts within its result.
func (s *Service) ownFacets(ctx context.Context, p *plan, res graph.Result) (map[string][]graph.Bucket, error) {
	buckets := res.Facets
	types, err := s.consumerTypes(ctx, p, buckets["kind"])
	if err != nil {
		return nil, err
	}
	buckets[typesPart] = types
	if len(p.checks) > 0 {
		return buckets, nil
	}
	for _, field := range facetFields {
		if len(p.typed.of(field)) == 0 || p.calls+hitCalls >= maxCalls {
			continue
		}
		q := p.search(field)
		q.Facets = facetsOf(field)
		p.calls++
		own, err := s.find(ctx, q)
		if err != nil {
			return nil, err
		}
		for name, b := range own.Facets {
			buckets[name] = b
		}
	}
	return buckets, nil
}

// consumerTypes counts the consumers among the matches by their type. kinds are the matches counted by kind.
func (s *Service) consumerTypes(ctx context.Context, p *plan, kinds []graph.Bucket) ([]graph.Bucket, error) {
	some := slices.ContainsFunc(kinds, func(b graph.Bucket) bool { return b.Value == string(ConsumerKind.Kind) })
	if !some && len(p.typed.of(byKind)) == 0 {
		return nil, nil
	}
	without := byKind
	if len(p.checks) > 0 {
		without = ""
	}
	q := p.search(without)
	if !slices.Contains(q.Kinds, ConsumerKind.Kind) {
		return nil, nil
	}
	q.Kinds, q.Facets = []graph.Kind{ConsumerKind.Kind}, []graph.Facet{{Prop: "type"}}
	p.calls++
	res, err := s.find(ctx, q)
	return res.Facets["type"], err
}
