package catalog

import (
	"slices"
	"strings"

	"weir/graph"
)

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
