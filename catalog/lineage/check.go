package lineage

import (
	"context"
	"maps"
	"slices"

	"weir/catalog"
	"weir/graph"
)

// Drift is an INHERITS edge that isn't as it has to be. Want is nil for one that should not be, Stored for one that is
// missing.
type Drift struct {
	Asset, Class graph.ID
	Want, Stored *Mark
}

// Check computes all inherited classes from what is declared, trusting nothing that is stored, and returns where the store
// differs, by (Asset, Class). It reads what declares or inherits a class, and what derives from that.
func (p *Propagator) Check(ctx context.Context) ([]Drift, error) {
	classes, err := p.classes(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := hop(ctx, p.store, classes, graph.EdgeQuery{
		Dir: graph.In, Rels: []graph.Rel{catalog.RelClass, catalog.RelInherits},
	})
	if err != nil {
		return nil, err
	}
	declared, stored := sortMarks(rows)
	want, err := p.everything(ctx, declared)
	if err != nil {
		return nil, err
	}
	assets := slices.Collect(maps.Keys(want))
	assets = slices.AppendSeq(assets, maps.Keys(stored))
	var out []Drift
	for _, e := range edits(assets, declared, stored, want) {
		out = append(out, Drift{e.asset, e.class, e.want, e.stored})
	}
	return out, nil
}

// classes lists all data classes.
func (p *Propagator) classes(ctx context.Context) ([]graph.ID, error) {
	q := graph.Query{Kind: catalog.ClassType.Kind, Sort: propName, Limit: graph.MaxPage}
	var out []graph.ID
	for {
		page, err := p.store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, n := range page.Nodes {
			out = append(out, n.ID)
		}
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}

// everything computes all marks: of columns by flow, then of datasets, then of consumers.
func (p *Propagator) everything(ctx context.Context, declared marks) (marks, error) {
	g := &region{r: p.store, most: int(^uint(0) >> 1), inside: map[graph.ID]bool{}, out: map[graph.ID][]graph.ID{}}
	var seeds []seed
	for asset, classes := range declared {
		g.inside[asset] = true // datasets too: nothing derives from them
		for class, m := range classes {
			seeds = append(seeds, seed{asset, class, m})
		}
	}
	if err := g.spread(ctx); err != nil {
		return nil, err
	}
	want := flow(seeds, g.out)
	has, err := hop(ctx, p.store, slices.Collect(maps.Keys(want)), graph.EdgeQuery{Dir: graph.In, Rels: []graph.Rel{catalog.RelHas}})
	if err != nil {
		return nil, err
	}
	left, err := gone(ctx, p.store, ends(has, graph.Out))
	if err != nil {
		return nil, err
	}
	want.carry(slices.DeleteFunc(has, func(e graph.Edge) bool { return left[e.To] }), graph.In, 0)
	read, err := hop(ctx, p.store, slices.Collect(maps.Keys(want)), graph.EdgeQuery{Rels: []graph.Rel{catalog.RelDelivers}})
	if err != nil {
		return nil, err
	}
	want.carry(read, graph.Out, 1)
	return want, nil
}

// carry gives the other ends of rows what the asked ends have, except for what they declare themselves.
func (ms marks) carry(rows []graph.Edge, dir graph.Dir, edges int64) {
	for _, e := range rows {
		to := other(e, dir)
		for class, m := range ms[asked(e, dir)] {
			if own, ok := ms[to][class]; ok && own.Origin == to {
				continue
			}
			ms.offer(to, class, Mark{m.Depth + edges, m.Origin})
		}
	}
}
