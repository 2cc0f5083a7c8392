package gqlschema

import (
	"context"
	"slices"
	"time"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/gqlschema/gen"
	"weir/graph"
)

// Impact is what depends on an asset. Its rows hold what a list needs; who wants a node gets the whole one.
func (q queries) Impact(ctx context.Context, id graph.ID, depth *int, asOf *time.Time, filter *gen.LineageFilter, first *int, after *string, knownAt *time.Time) (*gen.ImpactConnection, error) {
	p, err := pageOf("impact", first, after)
	if err != nil {
		return nil, err
	}
	found, err := q.lineage.Impact(ctx, lineage.ImpactQuery{
		Root: id, Depth: or(depth, graph.MaxDepth), AsOf: at(asOf), KnownAt: at(knownAt), Filter: filterOf(filter),
		Limit: p.limit(), After: p.after,
	})
	if err != nil {
		return nil, err
	}
	w := windowOf(p, found.Rows, found.Next)
	out := &gen.ImpactConnection{
		PageInfo: w.info, Totals: all(found.Totals, showTotal), TotalCount: found.Total,
		IsPartial: found.IsPartial, PartialReason: text(found.PartialReason),
	}
	out.Edges, out.Nodes = edges(w, showImpactRow, func(at string, n *gen.ImpactRow) *gen.ImpactEdge {
		return &gen.ImpactEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func showImpactRow(r lineage.ImpactRow) *gen.ImpactRow {
	return &gen.ImpactRow{ID: r.ID, Depth: r.Depth, Hidden: r.Hidden, Via: r.Via}
}

func (impactRows) Node(ctx context.Context, r *gen.ImpactRow) (gen.Node, error) {
	if r.Hidden {
		return nil, nil
	}
	return queries{}.Node(ctx, r.ID)
}

// ColumnOrigins reads the transforms on the way whole, since people ask for their code.
func (q queries) ColumnOrigins(ctx context.Context, column graph.ID, asOf, knownAt *time.Time) (*gen.ColumnOrigins, error) {
	found, err := q.lineage.ColumnOrigins(ctx, lineage.OriginQuery{Column: column, AsOf: at(asOf), KnownAt: at(knownAt)})
	if err != nil {
		return nil, err
	}
	out := &gen.ColumnOrigins{
		Column: found.Column, IsPartial: found.IsPartial, PartialReason: text(found.Reason), Transforms: []*gen.Transform{},
		Origins: all(found.Origins, func(o lineage.Origin) *gen.ColumnOrigin { return showOrigin(o, found.Hidden) }),
	}
	visible := slices.DeleteFunc(slices.Clone(found.Transforms), func(id graph.ID) bool { return found.Hidden[id] })
	jobs, err := loadersOf(ctx).assets.loadAll(ctx, visible)
	if err != nil {
		return nil, err
	}
	for _, id := range visible {
		if t, ok := jobs[id].Value.(catalog.Transform); ok {
			out.Transforms = append(out.Transforms, showTransform(t))
		}
	}
	return out, nil
}

func showOrigin(o lineage.Origin, hidden map[graph.ID]bool) *gen.ColumnOrigin {
	out := &gen.ColumnOrigin{
		ID: o.Column, Hidden: hidden[o.Column], Depth: o.Depth, Masked: o.Masked, Steps: all(o.Steps, showLineageEdge),
	}
	if o.Masked {
		out.MaskedAt = &o.MaskedAt
	}
	return out
}

func (origins) Column(ctx context.Context, o *gen.ColumnOrigin) (*gen.Column, error) {
	if o.Hidden {
		return nil, nil
	}
	return byID(ctx, o.ID, showColumn)
}
