package catalog

import (
	"context"
	"slices"
	"strings"

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
	types, err := s.consumerTypes(ctx, p)
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

// consumerTypes counts the consumers among the matches by their type.
func (s *Service) consumerTypes(ctx context.Context, p *plan) ([]graph.Bucket, error) {
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

// bucketIDs are the nodes that buckets stand for.
func bucketIDs(buckets map[string][]graph.Bucket) []graph.ID {
	var out []graph.ID
	for _, field := range namedFields {
		for _, part := range facetParts[field] {
			for _, b := range buckets[part.Name()] {
				out = append(out, graph.ID(b.Value))
			}
		}
	}
	return out
}

// facetCounts puts buckets into words.
func facetCounts(p *plan, buckets map[string][]graph.Bucket, named map[graph.ID]Asset) []FacetCounts {
	var out []FacetCounts
	for _, field := range facetFields {
		f := FacetCounts{Field: field}
		for _, part := range facetParts[field] {
			f.add(buckets[part.Name()], named)
		}
		if field == byKind {
			f.addTypes(buckets[typesPart])
		}
		slices.SortStableFunc(f.Values, func(a, b FacetCount) int { return b.Count - a.Count })
		f.mark(p.typed.of(field))
		if len(f.Values) > 0 {
			out = append(out, f)
		}
	}
	return out
}

// kindNames are the words that kind: takes.
var kindNames = map[string]FacetCount{
	string(DatasetType.Kind):   {Value: "dataset", Title: "Dataset"},
	string(TransformType.Kind): {Value: "transform", Title: "Job"},
	string(ConsumerKind.Kind):  {Value: "consumer", Title: "Consumer"},
	string(DomainType.Kind):    {Value: "domain", Title: "Domain"},
}

// add takes buckets in.
func (f *FacetCounts) add(buckets []graph.Bucket, named map[graph.ID]Asset) {
	for _, b := range buckets {
		c := FacetCount{Value: b.Value, Title: b.Value, Count: b.Count}
		switch {
		case f.Field == byKind:
			c.Value, c.Title = kindNames[b.Value].Value, kindNames[b.Value].Title
		case slices.Contains(namedFields, f.Field):
			a, ok := named[graph.ID(b.Value)]
			if !ok {
				continue
			}
			c.Value, c.Title = a.Name(), a.Shown()
		}
		if i := slices.IndexFunc(f.Values, func(have FacetCount) bool { return have.Value == c.Value }); i >= 0 {
			f.Values[i].Count += c.Count
			continue
		}
		f.Values = append(f.Values, c)
	}
}

func (f *FacetCounts) addTypes(buckets []graph.Bucket) {
	for _, b := range buckets {
		if b.Value != "" {
			f.Values = append(f.Values, FacetCount{Value: b.Value, Title: strings.ToUpper(b.Value[:1]) + b.Value[1:], Count: b.Count})
		}
	}
}

// mark ticks the values asked for; those that nothing has any more are there with a count of 0.
func (f *FacetCounts) mark(asked []string) {
	for _, v := range asked {
		i := slices.IndexFunc(f.Values, func(c FacetCount) bool {
			return strings.EqualFold(c.Value, v) || strings.EqualFold(c.Title, v)
		})
		if i < 0 {
			f.Values = append(f.Values, FacetCount{Value: v, Title: v})
			i = len(f.Values) - 1
		}
		f.Values[i].On = true
	}
}
