package gqlschema

import (
	"maps"
	"slices"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/flow"
)

// showFlow shows what flows in, as the marketplace has redacted it for the viewer.
func showFlow(f flow.Snapshot) *gen.DataFlow {
	out := &gen.DataFlow{
		Columns: []*gen.FlowColumn{}, Inflows: []*gen.Inflow{}, Coarse: []*gen.CoarseInflow{}, Missing: full(f.Missing),
		Things: []*gen.FlowThing{}, IsPartial: f.Partial,
	}
	for _, c := range f.Columns {
		out.Columns = append(out.Columns, &gen.FlowColumn{
			ID: c.ID, Dataset: c.Dataset, Path: c.Path, Declared: full(c.Declared), IsGone: c.Gone, Masking: full(c.Masking),
		})
	}
	for _, in := range f.Inflows {
		out.Inflows = append(out.Inflows, showInflow(in))
	}
	for _, c := range f.Coarse {
		out.Coarse = append(out.Coarse, &gen.CoarseInflow{Class: c.Class, Columns: full(c.Columns), Origin: c.Origin, Depth: c.Depth, Steps: all(c.Steps, showFlowStep)})
	}
	for _, id := range slices.Sorted(maps.Keys(f.Names)) {
		out.Things = append(out.Things, showThing(id, f.Names[id]))
	}
	return out
}

func showInflow(in flow.Inflow) *gen.Inflow {
	out := &gen.Inflow{
		Class: in.Class, Column: in.Column, Origin: in.Origin, OriginDataset: in.OriginDataset, ByDeclaration: in.ByDeclaration,
		Depth: in.Depth, Masked: in.Masked, MaskedWays: in.MaskedWays, Steps: all(in.Steps, showFlowStep),
	}
	if in.Masked {
		out.MaskedAt = &in.MaskedAt
	}
	return out
}

func showFlowStep(s flow.Step) *gen.FlowStep {
	return &gen.FlowStep{From: s.From, To: s.To, Masked: s.Masked, Via: full(s.Via)}
}

func showThing(id graph.ID, t flow.Thing) *gen.FlowThing {
	out := &gen.FlowThing{
		ID: id, Name: t.Name, Dataset: ref(t.Dataset), Domain: ref(t.Domain), Classification: enum[gen.Classification](t.Classification),
		Owners: full(t.Owners), Hidden: t.Name == marketplace.HiddenName,
	}
	if kind, ok := shownKinds[t.Kind]; ok {
		out.Kind = &kind
	}
	return out
}

func showReach(r flow.Reach) *gen.DataReach {
	return &gen.DataReach{
		Datasets: r.Datasets, Transforms: r.Transforms, Consumers: r.Consumers, IsPartial: r.Partial,
		Nearest: all(r.Nearest, func(d flow.Dependent) *gen.Dependent {
			return &gen.Dependent{ID: d.Consumer, Name: d.Thing.Name, Depth: d.Depth, Hidden: d.Thing.Name == marketplace.HiddenName}
		}),
	}
}
