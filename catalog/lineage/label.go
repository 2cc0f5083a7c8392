package lineage

import (
	"context"
	"maps"
	"slices"

	"weir/catalog"
	"weir/graph"
)

// Labels are what hangs on an asset now: owners, and data classes declared on it and flowing into it.
type Labels struct {
	Owners, Classes, Inherited []graph.ID
}

// Labels reads the labels of assets of any number; those without any are absent, and those that the viewer may not see.
func (s *Service) Labels(ctx context.Context, ids ...graph.ID) (map[graph.ID]Labels, error) {
	if s.sees(ctx) == nil {
		return s.labels(ctx, ids)
	}
	nodes, err := fetch(ctx, s.store, ids)
	if err != nil {
		return nil, err
	}
	v, err := s.veil(ctx, assets(nodes)...)
	if err != nil {
		return nil, err
	}
	return s.labels(ctx, slices.Collect(maps.Keys(v.known(nodes))))
}

// labels reads the labels of what the viewer may see.
func (s *Service) labels(ctx context.Context, ids []graph.ID) (map[graph.ID]Labels, error) {
	rows, err := hop(ctx, s.store, ids, graph.EdgeQuery{
		Rels: []graph.Rel{catalog.RelOwned, catalog.RelClass, catalog.RelInherits},
	})
	if err != nil {
		return nil, err
	}
	out := map[graph.ID]Labels{}
	for _, e := range rows {
		l := out[e.From]
		switch e.Rel {
		case catalog.RelOwned:
			l.Owners = append(l.Owners, e.To)
		case catalog.RelClass:
			l.Classes = append(l.Classes, e.To)
		case catalog.RelInherits:
			l.Inherited = append(l.Inherited, e.To)
		}
		out[e.From] = l
	}
	for id, l := range out {
		out[id] = Labels{distinct(l.Owners), distinct(l.Classes), distinct(l.Inherited)}
	}
	return out, nil
}

// ids are all ids that labels name.
func (l Labels) ids() []graph.ID {
	var out []graph.ID
	out = append(out, l.Owners...)
	out = append(out, l.Classes...)
	return append(out, l.Inherited...)
}
