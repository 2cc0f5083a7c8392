package catalog

import (
	"context"

	"weir/graph"
)

// SearchInput asks for assets by words and qualifiers. Terms count as if they were typed into Query. Sort is "" for the
// best match (by name if there are no words), or name, written, ran or relevance; it outranks a typed sort:, which
// begins with the newest for written and ran.
type SearchInput struct {
	Query  string
	Terms  []Term
	Kinds  []graph.Kind // of SearchKinds; none: all, or what kind: says
	Sort   string
	Desc   bool
	Offset int
	Limit  int // 0 counts alone, at most graph.MaxPage
	Facets bool
}

// SearchKinds are the kinds that a search finds.
var SearchKinds = []graph.Kind{DatasetType.Kind, TransformType.Kind, ConsumerKind.Kind, DomainType.Kind}

// SearchResult is a page of what was found. Capped says that Total and counts are "at least".
type SearchResult struct {
	Typed  Typed // as it was understood, Terms of the input included
	Hits   []SearchHit
	Total  int
	Capped bool
	Facets []FacetCounts // kind, domain, classification, class, owner, tag, platform; none unless asked for
	Notes  []string      // sentences about what was not understood, not found or not looked at
	Help   Help          // where nothing was found
}

// SearchHit is one thing found. Its Asset is a Dataset, Transform, Consumer or Domain.
type SearchHit struct {
	Asset Asset
	Attributes
	Score   float64
	Matches []Match // in the order of weight: name, title, columns, description
}

// FacetCounts are the values of one field. Counts are made without the filter on that field itself, so that they tell
// what another choice would bring, unless terms with a minus, column: or many fields are set: then within the result.
type FacetCounts struct {
	Field  string // a qualifier
	Values []FacetCount
}

// FacetCount is one value of a facet: Value is what the qualifier takes, Title what people read.
type FacetCount struct {
	Value, Title string
	Count        int
	On           bool // asked for
}

// Search finds assets, in twelve calls at most. Errors: Invalid and TooLarge name the part that is not right.
func (s *Service) Search(ctx context.Context, in SearchInput) (SearchResult, error) {
	p, err := s.plan(ctx, in)
	if err != nil {
		return SearchResult{}, err
	}
	main := p.search("")
	main.Offset, main.Limit = in.Offset, in.Limit
	main.Sort, main.Desc = p.sort()
	if in.Facets {
		main.Facets = facetsOf(facetFields...)
	}
	res, err := s.find(ctx, main)
	if err != nil {
		return SearchResult{}, err
	}
	p.calls++
	out := SearchResult{Typed: p.typed, Total: res.Total, Capped: res.Capped || p.partial, Notes: p.notes}
	if res.Total == 0 && in.Limit > 0 {
		out.Help, err = s.help(ctx, p)
		if err != nil {
			return out, err
		}
	}
	buckets := res.Facets
	if in.Facets {
		if buckets, err = s.ownFacets(ctx, p, res); err != nil {
			return out, err
		}
	}
	found, named, err := s.hits(ctx, p, res.Hits, bucketIDs(buckets))
	out.Hits = found
	if in.Facets {
		out.Facets = facetCounts(p, buckets, named)
	}
	return out, err
}

// hits adds attributes and matches to what was found, and looks other ids up in the same calls.
func (s *Service) hits(ctx context.Context, p *plan, hits []graph.Hit, others []graph.ID) ([]SearchHit, map[graph.ID]Asset, error) {
	of := make([]Asset, len(hits))
	for i, h := range hits {
		a, _, err := readAsset(h.Node)
		if err != nil {
			return nil, nil, err
		}
		of[i] = a
	}
	at, named, err := s.attributesAnd(ctx, of, others)
	if err != nil {
		return nil, nil, err
	}
	words := graph.QueryWords(p.text())
	out := make([]SearchHit, len(hits))
	for i, h := range hits {
		out[i] = SearchHit{Asset: of[i], Attributes: at[h.Node.ID], Score: h.Score, Matches: matches(h.Node, words)}
	}
	return out, named, nil
}
