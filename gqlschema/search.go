package gqlschema

import (
	"context"
	"strconv"

	"weir/catalog"
	"weir/errs"
	"weir/gqlschema/gen"
)

// sorts are the orders as the catalog spells them.
var sorts = map[gen.SearchSort]string{
	gen.SearchSortRelevance: "relevance", gen.SearchSortName: "name", gen.SearchSortWritten: "written", gen.SearchSortRan: "ran",
}

// Search counts facets only where they are asked for.
func (q queries) Search(ctx context.Context, query string, kinds []gen.AssetKind, sort *gen.SearchSort, descending *bool, first *int, after *string, offset *int) (*gen.SearchConnection, error) {
	p, err := pageOf("search", first, after)
	if err != nil {
		return nil, err
	}
	from, err := p.offset()
	if err != nil {
		return nil, err
	}
	if p.after == "" {
		from = or(offset, 0)
	}
	if from < 0 {
		return nil, errs.Bad("offset", "is below 0.")
	}
	res, err := q.catalog.Search(ctx, catalog.SearchInput{
		Query: query, Kinds: storeKinds(kinds), Sort: sorts[or(sort, "")], Desc: or(descending, false),
		Offset: from, Limit: p.first, Facets: wants(ctx, "facets"),
	})
	if err != nil {
		return nil, err
	}
	for _, h := range res.Hits {
		loadersOf(ctx).attributes.prime(h.Asset.ID, h.Attributes)
	}
	return searchConnection(p, from, res), nil
}

func searchConnection(p page, from int, res catalog.SearchResult) *gen.SearchConnection {
	w := window[catalog.SearchHit]{items: res.Hits}
	for i := range w.items {
		w.cursors = append(w.cursors, p.cursor(strconv.Itoa(from+i+1), 0))
	}
	w.info = infoOf(w.cursors, from+len(w.items) < res.Total && len(w.items) > 0, from > 0)
	out := &gen.SearchConnection{
		PageInfo: w.info, TotalCount: res.Total, IsCapped: res.Capped, Notes: append([]string{}, res.Notes...),
		Facets: all(res.Facets, showFacetCounts), Edges: []*gen.SearchEdge{}, Nodes: []gen.Asset{}, Spelling: text(res.Help.Spelling),
	}
	for i, h := range w.items {
		shown := showAsset(h.Asset)
		out.Nodes = append(out.Nodes, shown)
		out.Edges = append(out.Edges, &gen.SearchEdge{Cursor: w.cursors[i], Node: shown, Score: h.Score, Matches: all(h.Matches, showMatch)})
	}
	return out
}

func showMatch(m catalog.Match) *gen.SearchMatch {
	return &gen.SearchMatch{Field: m.Field, Text: m.Text, Ranges: all(m.Ranges, func(r catalog.Range) *gen.TextRange {
		return &gen.TextRange{From: r.From, To: r.To}
	})}
}

func showFacetCounts(f catalog.FacetCounts) *gen.FacetCounts {
	return &gen.FacetCounts{Field: f.Field, Values: all(f.Values, func(c catalog.FacetCount) *gen.FacetCount {
		return &gen.FacetCount{Value: c.Value, Title: c.Title, Count: c.Count, On: c.On}
	})}
}
