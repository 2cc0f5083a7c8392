package catalog

import (
	"context"
	"maps"
	"slices"

	"weir/graph"
)

// AssetOf makes an asset of a node that a walk returned; false if its kind is nothing that is shown.
func AssetOf(n graph.Node) (Asset, bool, error) { return readAsset(n) }

// AttributesOf is Attributes of assets that were read already, in four calls for up to graph.MaxBatch of them.
func (s *Service) AttributesOf(ctx context.Context, of []Asset) (map[graph.ID]Attributes, error) {
	all := make(map[graph.ID]Asset, len(of))
	for _, a := range of {
		all[a.ID] = a
	}
	seen, err := s.sieve(ctx, all)
	if err != nil {
		return nil, err
	}
	return s.attributesOf(ctx, slices.Collect(maps.Values(seen)))
}

// ColumnsOf are the columns of each of several datasets, in the order of Columns and merged with those of its aliases,
// in four calls for up to graph.MaxBatch columns.
func (s *Service) ColumnsOf(ctx context.Context, of []Dataset) (map[graph.ID][]Column, error) {
	if err := s.recordReads(ctx, of...); err != nil {
		return nil, err
	}
	subjects := make([]graph.ID, len(of))
	for i, d := range of {
		subjects[i] = d.ID
	}
	all, err := s.factsOf(ctx, subjects...)
	if err != nil {
		return nil, err
	}
	heads := map[graph.ID]graph.ID{} // of each name the dataset that it stands for
	for _, id := range subjects {
		heads[id] = id
		for _, member := range ids(all[id].Members) {
			heads[member] = id
		}
	}
	edges, err := adjacent(ctx, s.store, sortedKeys(heads), graph.Out, RelHas)
	if err != nil {
		return nil, err
	}
	found, err := s.assets(ctx, ends(edges))
	if err != nil {
		return nil, err
	}
	return columnsByHead(heads, found), nil
}

// columnsByHead gives columns to the datasets that they are shown in, one for each path.
func columnsByHead(heads map[graph.ID]graph.ID, found map[graph.ID]Asset) map[graph.ID][]Column {
	type place struct {
		head graph.ID
		path string
	}
	best := map[place]Column{}
	for _, a := range found {
		c, ok := a.Value.(Column)
		if !ok {
			continue
		}
		at := place{heads[c.Dataset], c.Path}
		if old, ok := best[at]; !ok || better(c, old, at.head) {
			best[at] = c
		}
	}
	out := map[graph.ID][]Column{}
	for at, c := range best {
		out[at.head] = append(out[at.head], c)
	}
	for _, cs := range out {
		slices.SortFunc(cs, byPosition)
	}
	return out
}

// Mentions tells whether a text is a part of the column's path, type or description, whatever its case.
func (c Column) Mentions(text string) bool { return c.mentions(text) }

// Codes are the source texts of several transforms, in one call, four under a policy; those without any are absent, and
// those that the viewer may not read.
func (s *Service) Codes(ctx context.Context, of []Transform) (map[graph.ID]string, error) {
	var want []graph.ID
	for _, t := range of {
		if t.Code != "" {
			want = append(want, t.Code)
		}
	}
	var jobs []graph.ID
	v := s.visible(ctx)
	for _, t := range of {
		if t.Code != "" && sees(v, t.Audience) {
			jobs = append(jobs, t.ID)
		}
	}
	open, err := s.readable(ctx, jobs)
	if err != nil {
		return nil, err
	}
	bodies, err := s.documents(ctx, want)
	if err != nil {
		return nil, err
	}
	out := map[graph.ID]string{}
	for _, t := range of {
		if text, ok := bodies[t.Code]; ok && open[t.ID] {
			out[t.ID] = text
		}
	}
	return out, nil
}

// CountsByDomain are the counts of each domain that has assets, in four calls.
func (s *Service) CountsByDomain(ctx context.Context) (map[graph.ID]Counts, error) {
	_, by, err := s.counts(ctx)
	out := make(map[graph.ID]Counts, len(by))
	for id, c := range by {
		out[id] = *c
	}
	return out, err
}
