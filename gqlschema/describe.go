package gqlschema

import (
	"context"

	"weir/catalog"
	"weir/gqlschema/gen"
	"weir/graph"
)

// Describe is the command behind the edit form.
func (m mutations) Describe(ctx context.Context, in gen.DescribeInput) (*gen.DescribePayload, error) {
	if err := m.catalog.Describe(ctx, describeInput(in)); err != nil {
		return nil, err
	}
	loadersOf(ctx).forget()
	a, err := assetOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if a == nil {
		return nil, gone("asset")
	}
	return &gen.DescribePayload{Asset: showAsset(*a)}, nil
}

func describeInput(in gen.DescribeInput) catalog.DescribeInput {
	out := catalog.DescribeInput{
		ID: in.ID, Version: in.Version, Title: in.Title, Description: in.Description, Domain: in.Domain,
		Retention: in.Retention, Purpose: in.Purpose, Owners: set(in.Owners), Tags: set(in.Tags), Classes: set(in.Classes),
	}
	if in.Classification != nil {
		level := lower(in.Classification)
		out.Classification = &level
	}
	if in.Visibility != nil {
		who := lower(in.Visibility)
		out.Visibility = &who
	}
	for _, f := range in.Clear {
		out.Clear = append(out.Clear, catalog.Field(lower(&f)))
	}
	return out
}

// set is nil where a client left the set out, not where it said that there is nothing in it.
func set(in []string) *[]string {
	if in == nil {
		return nil
	}
	return &in
}

// CloseLineage is the command by which a person ends lineage.
func (m mutations) CloseLineage(ctx context.Context, from, to graph.ID) (*gen.CloseLineagePayload, error) {
	if err := m.catalog.CloseLineage(ctx, catalog.CloseInput{From: from, To: to}); err != nil {
		return nil, err
	}
	loadersOf(ctx).forget()
	a, b, err := twoAssets(ctx, from, to)
	if err != nil {
		return nil, err
	}
	return &gen.CloseLineagePayload{From: showAsset(*a), To: showAsset(*b)}, nil
}

// SetSame is the command by which a person says whether two datasets are the same.
func (m mutations) SetSame(ctx context.Context, a, b graph.ID, same bool) (*gen.SetSamePayload, error) {
	if err := m.catalog.SetSame(ctx, catalog.SameInput{A: a, B: b, Same: same}); err != nil {
		return nil, err
	}
	loadersOf(ctx).forget()
	x, y, err := twoAssets(ctx, a, b)
	if err != nil {
		return nil, err
	}
	p, okA := showAsset(*x).(*gen.Dataset)
	q, okB := showAsset(*y).(*gen.Dataset)
	if !okA || !okB {
		return nil, gone("dataset")
	}
	return &gen.SetSamePayload{A: p, B: q}, nil
}

func twoAssets(ctx context.Context, a, b graph.ID) (x, y *catalog.Asset, err error) {
	if x, err = assetOf(ctx, a); err != nil {
		return nil, nil, err
	}
	if y, err = assetOf(ctx, b); err != nil {
		return nil, nil, err
	}
	if x == nil || y == nil {
		return nil, nil, gone("asset")
	}
	return x, y, nil
}
