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
	found, err := s.assets(ctx, ids)
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

// origin is the column or dataset that a class was inherited from; "" for other edges.
func origin(e graph.Edge) graph.ID {
	id, _ := e.Props[EdgeOrigin].(string)
	return graph.ID(id)
}

// attributes puts together what the edges of an asset say. A class that a column of the asset itself declares is
// declared, not inherited.
func attributes(a Asset, edges []graph.Edge, named map[graph.ID]Asset) Attributes {
	var out Attributes
	if d, ok := named[a.DomainID()].Value.(Domain); ok {
		out.Domain = &d
	}
	declared := map[graph.ID]bool{}
	for _, e := range edges {
		switch v := named[e.To].Value.(type) {
		case Owner:
			out.Owners = append(out.Owners, v)
		case Tag:
			out.Tags = append(out.Tags, v)
		case Class:
			in := inherited(v, e, named)
			if e.Rel == RelInherits && (in.From == "" || in.From != a.ID && in.Column != a.ID) {
				out.Inherited = append(out.Inherited, in)
			} else if !declared[v.ID] {
				declared[v.ID] = true
				out.Classes = append(out.Classes, v)
			}
		}
	}
	out.Inherited = slices.DeleteFunc(out.Inherited, func(in Inherited) bool { return declared[in.Class.ID] })
	out.sort()
	return out
}

func inherited(c Class, e graph.Edge, named map[graph.ID]Asset) Inherited {
	in := Inherited{Class: c}
	switch from := named[origin(e)].Value.(type) {
	case Column:
		in.Column, in.Path, in.From, in.Name = from.ID, from.Path, from.Dataset, named[from.Dataset].Name()
	case Dataset:
		in.From, in.Name = from.ID, from.Name
	}
	return in
}

func (at *Attributes) sort() {
	slices.SortFunc(at.Owners, func(a, b Owner) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(at.Tags, func(a, b Tag) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(at.Classes, func(a, b Class) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(at.Inherited, func(a, b Inherited) int { return strings.Compare(a.Class.Name, b.Class.Name) })
	at.Owners = slices.CompactFunc(at.Owners, func(a, b Owner) bool { return a.ID == b.ID })
	at.Tags = slices.CompactFunc(at.Tags, func(a, b Tag) bool { return a.ID == b.ID })
	at.Inherited = slices.CompactFunc(at.Inherited, func(a, b Inherited) bool { return a.Class.ID == b.Class.ID })
}

func byName(a, b Dataset) int {
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
}
