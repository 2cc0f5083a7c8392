package catalog

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"weir/graph"
)

// attrRels lead from an asset to what its Attributes hold.
var attrRels = []graph.Rel{RelOwned, RelTagged, RelClass, RelInherits}

// Attributes looks up what lists show of assets beside their own values, in five calls however many ids there are, up
// to graph.MaxBatch. Ids that don't exist are absent.
func (s *Service) Attributes(ctx context.Context, ids []graph.ID) (map[graph.ID]Attributes, error) {
	found, err := s.strict(ctx, ids)
	if err != nil {
		return nil, err
	}
	return s.attributesOf(ctx, slices.Collect(maps.Values(found)))
}

// attributesOf is Attributes of assets that were read already, in four calls.
func (s *Service) attributesOf(ctx context.Context, of []Asset) (map[graph.ID]Attributes, error) {
	out, _, err := s.attributesAnd(ctx, of, nil)
	return out, err
}

// attributesAnd also looks other ids up, in the same calls.
func (s *Service) attributesAnd(ctx context.Context, of []Asset, others []graph.ID) (map[graph.ID]Attributes, map[graph.ID]Asset, error) {
	if len(of) == 0 {
		named, err := s.named(ctx, nil, nil, others)
		return map[graph.ID]Attributes{}, named, err
	}
	ids := assetIDs(of)
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: ids, Dir: graph.Out, Rels: attrRels})
	if err != nil {
		return nil, nil, err
	}
	named, err := s.named(ctx, of, page.Edges, others)
	if err != nil {
		return nil, nil, err
	}
	degrees, err := s.store.Degrees(ctx, ids, LineageRels, noTime)
	if err != nil {
		return nil, nil, err
	}
	edges := map[graph.ID][]graph.Edge{}
	for _, e := range page.Edges {
		edges[e.From] = append(edges[e.From], e)
	}
	out := make(map[graph.ID]Attributes, len(of))
	for _, a := range of {
		at := attributes(a, edges[a.ID], named)
		at.In, at.Out = degrees[a.ID].In, degrees[a.ID].Out
		out[a.ID] = at
	}
	return out, named, nil
}

func assetIDs(of []Asset) []graph.ID {
	ids := make([]graph.ID, len(of))
	for i, a := range of {
		ids[i] = a.ID
	}
	return ids
}

// named looks up what attribute edges and domains lead to: with the columns where classes come from their datasets.
func (s *Service) named(ctx context.Context, of []Asset, edges []graph.Edge, others []graph.ID) (map[graph.ID]Asset, error) {
	want := slices.Clone(others)
	for _, a := range of {
		want = append(want, a.DomainID())
	}
	for _, e := range edges {
		want = append(want, e.To, origin(e))
	}
	out, err := s.assets(ctx, want)
	if err != nil {
		return nil, err
	}
	var homes []graph.ID
	for _, a := range out {
		if c, ok := a.Value.(Column); ok {
			homes = append(homes, c.Dataset)
		}
	}
	if len(homes) == 0 {
		return out, nil
	}
	datasets, err := s.assets(ctx, homes)
	maps.Copy(out, datasets)
	return out, err
}

func byName(a, b Dataset) int {
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
}
