package gqlschema

import (
	"context"

	"weir/catalog"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
)

func (q queries) Node(ctx context.Context, id graph.ID) (gen.Node, error) {
	a, err := assetOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return q.marketNode(ctx, id)
	}
	return showNode(*a), nil
}

func (queries) Nodes(ctx context.Context, ids []graph.ID) ([]gen.Node, error) {
	if len(ids) > mostFirst {
		return nil, errs.Badf("ids", "are %d; at most %d are looked up at once.", len(ids), mostFirst)
	}
	found, err := loadersOf(ctx).assets.loadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]gen.Node, len(ids))
	for i, id := range ids {
		if a, ok := found[id]; ok {
			out[i] = showNode(a)
		}
	}
	return out, nil
}

// byID looks an asset of a certain type up; nil if there is none.
func byID[T, N any](ctx context.Context, id graph.ID, show func(T) *N) (*N, error) {
	a, err := assetOf(ctx, id)
	if err != nil || a == nil {
		return nil, err
	}
	v, ok := a.Value.(T)
	if !ok {
		return nil, nil
	}
	return show(v), nil
}

func (queries) Dataset(ctx context.Context, namespace, name string) (*gen.Dataset, error) {
	return byID(ctx, catalog.DatasetID(namespace, name), showDataset)
}

func (queries) Transform(ctx context.Context, namespace, name string) (*gen.Transform, error) {
	return byID(ctx, catalog.TransformID(namespace, name), showTransform)
}

func (queries) Consumer(ctx context.Context, namespace, name string) (*gen.Consumer, error) {
	return byID(ctx, catalog.ConsumerID(namespace, name), showConsumer)
}

func (q queries) Datasets(ctx context.Context, first *int, after, domain *string, recent, inferred *bool) (*gen.DatasetConnection, error) {
	if or(recent, false) && or(domain, "") != "" {
		return nil, errs.Bad("recent", "can't be asked for together with domain.")
	}
	return q.datasetsOf(ctx, catalog.DatasetList{
		Domain: domainID(domain), Recent: or(recent, false), Inferred: or(inferred, false),
	}, first, after)
}

func (q queries) Transforms(ctx context.Context, first *int, after, domain *string, state *gen.RunState, recent *bool) (*gen.TransformConnection, error) {
	p, err := pageOf("transforms", first, after)
	if err != nil {
		return nil, err
	}
	if state != nil && or(domain, "") != "" || or(recent, false) && or(domain, "") != "" {
		return nil, errs.Bad("domain", "can't be asked for together with state or recent.")
	}
	if or(state, "") == gen.RunStateLost {
		return nil, errs.Bad("state", "LOST is not kept with a job; ask for RUNNING.")
	}
	read, err := q.catalog.Transforms(ctx, catalog.JobList{
		Domain: domainID(domain), State: catalog.RunState(lower(state)), Recent: or(recent, false), First: p.limit(), After: p.after,
	})
	if err != nil {
		return nil, err
	}
	w := windowOf(p, read.Items, read.Next)
	out := &gen.TransformConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showTransform, func(at string, n *gen.Transform) *gen.TransformEdge {
		return &gen.TransformEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func (q queries) Consumers(ctx context.Context, first *int, after, domain *string, typ *gen.ConsumerType) (*gen.ConsumerConnection, error) {
	p, err := pageOf("consumers", first, after)
	if err != nil {
		return nil, err
	}
	if typ != nil && or(domain, "") != "" {
		return nil, errs.Bad("domain", "can't be asked for together with type.")
	}
	read, err := q.catalog.Consumers(ctx, catalog.JobList{
		Domain: domainID(domain), Type: catalog.ConsumerType(lower(typ)), First: p.limit(), After: p.after,
	})
	if err != nil {
		return nil, err
	}
	w := windowOf(p, read.Items, read.Next)
	out := &gen.ConsumerConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showConsumer, func(at string, n *gen.Consumer) *gen.ConsumerEdge {
		return &gen.ConsumerEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func (q queries) Runs(ctx context.Context, first *int, after *string, state *gen.RunState) (*gen.RunConnection, error) {
	if or(state, "") == gen.RunStateLost {
		return nil, errs.Bad("state", "LOST is not kept with a run; ask for RUNNING.")
	}
	return q.runsOf(ctx, catalog.RunList{State: catalog.RunState(lower(state))}, first, after)
}

func (q queries) Counts(ctx context.Context) (*gen.Counts, error) {
	c, err := q.catalog.Counts(ctx)
	return showCounts(c), err
}
