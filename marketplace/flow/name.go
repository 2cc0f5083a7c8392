package flow

import (
	"context"
	"slices"

	"weir/catalog"
	"weir/graph"
)

// names tells of ids, and of the datasets of columns among them, what they are.
func (w *world) names(ctx context.Context, want map[graph.ID]bool) (map[graph.ID]Thing, error) {
	out := map[graph.ID]Thing{}
	var unread []graph.ID
	for id := range want {
		c, ok := w.columns[id]
		if !ok {
			unread = append(unread, id)
			continue
		}
		out[id] = Thing{Kind: catalog.ColumnType.Kind, Name: c.Path, Dataset: c.Dataset}
		unread = append(unread, c.Dataset)
	}
	nodes, err := w.r.nodes(ctx, unread)
	if err != nil {
		return nil, err
	}
	var datasets []graph.ID
	for id, n := range nodes {
		t, err := thing(n)
		if err != nil {
			return nil, err
		}
		out[id] = t
		if t.Kind == catalog.DatasetType.Kind {
			datasets = append(datasets, id)
		}
	}
	return out, w.owners(ctx, datasets, out)
}

// thing describes a dataset, transform or consumer.
func thing(n graph.Node) (Thing, error) {
	out := Thing{Kind: n.Kind}
	switch n.Kind {
	case catalog.DatasetType.Kind:
		d, err := read(catalog.DatasetType, n)
		out.Name, out.Domain, out.Classification, out.Audience = d.Name, d.Domain, d.Classification, d.Audience
		return out, err
	case catalog.TransformType.Kind:
		t, err := read(catalog.TransformType, n)
		out.Name, out.Domain, out.Audience = t.Name, t.Domain, t.Audience
		return out, err
	case catalog.ConsumerKind.Kind:
		c, err := read(catalog.ConsumerKind, n)
		out.Name, out.Domain, out.Classification, out.Audience = c.Name, c.Domain, c.Classification, c.Audience
		return out, err
	}
	return out, nil
}

// owners adds who owns the datasets.
func (w *world) owners(ctx context.Context, datasets []graph.ID, to map[graph.ID]Thing) error {
	rows, err := w.r.edges(ctx, datasets, graph.Out, catalog.RelOwned)
	if err != nil {
		return err
	}
	of := map[graph.ID][]graph.ID{}
	var all []graph.ID
	for _, e := range rows {
		of[e.From] = append(of[e.From], e.To)
		all = append(all, e.To)
	}
	nodes, err := w.r.nodes(ctx, all)
	if err != nil {
		return err
	}
	for id, owners := range of {
		t := to[id]
		t.OwnerIDs = distinct(owners)
		for _, owner := range t.OwnerIDs {
			o, err := read(catalog.OwnerType, nodes[owner])
			if err != nil {
				return err
			}
			t.Owners = append(t.Owners, o.Name)
		}
		slices.Sort(t.Owners)
		to[id] = t
	}
	return nil
}
