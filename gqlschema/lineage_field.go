package gqlschema

import (
	"context"
	"slices"
	"time"

	"weir/catalog"
	"weir/gqlschema/gen"
)

// The questions about lineage, asked of an asset that was found by its name.

func (d datasets) Lineage(ctx context.Context, of *gen.Dataset, direction gen.LineageDirection, depth *int, asOf *time.Time, filter *gen.LineageFilter, maxNodes *int, knownAt *time.Time) (*gen.Lineage, error) {
	return queries(d).Lineage(ctx, of.ID, direction, depth, asOf, filter, maxNodes, knownAt)
}

func (t transforms) Lineage(ctx context.Context, of *gen.Transform, direction gen.LineageDirection, depth *int, asOf *time.Time, filter *gen.LineageFilter, maxNodes *int, knownAt *time.Time) (*gen.Lineage, error) {
	return queries(t).Lineage(ctx, of.ID, direction, depth, asOf, filter, maxNodes, knownAt)
}

func (c consumers) Lineage(ctx context.Context, of *gen.Consumer, direction gen.LineageDirection, depth *int, asOf *time.Time, filter *gen.LineageFilter, maxNodes *int, knownAt *time.Time) (*gen.Lineage, error) {
	return queries(c).Lineage(ctx, of.ID, direction, depth, asOf, filter, maxNodes, knownAt)
}

func (d datasets) Impact(ctx context.Context, of *gen.Dataset, depth *int, asOf *time.Time, filter *gen.LineageFilter, first *int, after *string, knownAt *time.Time) (*gen.ImpactConnection, error) {
	return queries(d).Impact(ctx, of.ID, depth, asOf, filter, first, after, knownAt)
}

func (c columns) Origins(ctx context.Context, of *gen.Column, asOf, knownAt *time.Time) (*gen.ColumnOrigins, error) {
	return queries(c).ColumnOrigins(ctx, of.ID, asOf, knownAt)
}

// Column looks among the columns that the dataset shows, since one that came in under another name counts too.
func (datasets) Column(ctx context.Context, of *gen.Dataset, name string) (*gen.Column, error) {
	found, _, err := loadersOf(ctx).columns.load(ctx, of.Value)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(found, func(c catalog.Column) bool { return c.Path == name })
	if i < 0 {
		return nil, nil
	}
	return showColumn(found[i]), nil
}
