package gqlschema

import (
	"context"

	"weir/catalog"
	"weir/gqlschema/gen"
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
