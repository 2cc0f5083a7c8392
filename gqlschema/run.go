package gqlschema

import (
	"context"

	"weir/catalog"
	"weir/gqlschema/gen"
)

func (runs) Job(ctx context.Context, r *gen.Run) (gen.Asset, error) {
	a, err := assetOf(ctx, r.Value.Job)
	if err != nil || a == nil {
		return nil, err
	}
	return showAsset(*a), nil
}

func (runs) Inputs(ctx context.Context, r *gen.Run) ([]*gen.RunData, error) {
	v, _, err := loadersOf(ctx).runs.load(ctx, r.ID)
	return all(v.Inputs, showRunData), err
}

func (runs) Outputs(ctx context.Context, r *gen.Run) ([]*gen.RunData, error) {
	v, _, err := loadersOf(ctx).runs.load(ctx, r.ID)
	return all(v.Outputs, showRunData), err
}

// runsOf is a page of runs. Their jobs came along: they are told to the loader, so that nobody reads them again.
func (r *resolver) runsOf(ctx context.Context, q catalog.RunList, first *int, after *string) (*gen.RunConnection, error) {
	p, err := pageOf("runs", first, after)
	if err != nil {
		return nil, err
	}
	q.First, q.After = p.limit(), p.after
	read, err := r.catalog.Runs(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, item := range read.Items {
		if item.Job.Value != nil {
			loadersOf(ctx).assets.prime(item.Job.ID, item.Job)
		}
	}
	w := windowOf(p, read.Items, read.Next)
	out := &gen.RunConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, func(i catalog.RunItem) *gen.Run { return showRun(i.Run) }, func(at string, n *gen.Run) *gen.RunEdge {
		return &gen.RunEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func (domains) Owners(ctx context.Context, d *gen.Domain) ([]*gen.Owner, error) {
	return ownersOf(ctx, domainAsset(d))
}

func (domains) Counts(ctx context.Context, d *gen.Domain) (*gen.Counts, error) {
	c, _, err := loadersOf(ctx).counts.load(ctx, d.ID)
	return showCounts(c), err
}

func (q domains) Datasets(ctx context.Context, d *gen.Domain, first *int, after *string) (*gen.DatasetConnection, error) {
	return q.datasetsOf(ctx, catalog.DatasetList{Domain: d.ID}, first, after)
}

func (r *resolver) datasetsOf(ctx context.Context, q catalog.DatasetList, first *int, after *string) (*gen.DatasetConnection, error) {
	p, err := pageOf("datasets", first, after)
	if err != nil {
		return nil, err
	}
	q.First, q.After = p.limit(), p.after
	read, err := r.catalog.Datasets(ctx, q)
	if err != nil {
		return nil, err
	}
	return datasetConnection(p, read.Items, read.Next), nil
}
