package lineage

import (
	"context"
	"errors"
	"maps"
	"slices"

	"weir/catalog"
	"weir/graph"
)

// errWide tells that a region has more columns than one transaction should hold.
var errWide = errors.New("the region is too wide for one transaction")

// region is everything that a change can have an effect on, and what flows into it from outside.
type region struct {
	r         graph.Reader
	most      int                     // columns; more fail with errWide
	inside    map[graph.ID]bool       // columns: those of what changed, and all that derive from them in clear
	out       map[graph.ID][]graph.ID // derivations from columns inside
	datasets  map[graph.ID]bool       // of the columns inside, and those that changed
	consumers map[graph.ID]bool       // of the datasets, and those that changed
	declared  marks                   // of all of these and of their neighbours outside
	stored    marks
	want      marks
}

// plan finds what the store has to hold about classes that flow into the region of what changed, and returns the edits that
// lead there. It trusts what is stored outside of the region: nothing there derives from what changed.
func plan(ctx context.Context, r graph.Reader, changed []graph.ID, most int) ([]edit, error) {
	g := &region{
		r: r, most: most, inside: map[graph.ID]bool{}, out: map[graph.ID][]graph.ID{}, datasets: map[graph.ID]bool{},
		consumers: map[graph.ID]bool{}, declared: marks{}, stored: marks{}, want: marks{},
	}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return g.begin(ctx, changed) }, g.spread, g.columns, g.ofDatasets, g.ofConsumers,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	assets := slices.Collect(maps.Keys(g.inside))
	assets = slices.AppendSeq(assets, maps.Keys(g.datasets))
	assets = slices.AppendSeq(assets, maps.Keys(g.consumers))
	return edits(assets, g.declared, g.stored, g.want), nil
}

// begin takes what changed in. A dataset counts with all columns that it has or ever had.
func (g *region) begin(ctx context.Context, changed []graph.ID) error {
	nodes, err := fetch(ctx, g.r, changed)
	if err != nil {
		return err
	}
	for id, n := range nodes {
		switch n.Kind {
		case catalog.DatasetType.Kind:
			g.datasets[id] = true
		case catalog.ConsumerKind.Kind:
			g.consumers[id] = true
		case catalog.ColumnType.Kind:
			g.inside[id] = true
		}
	}
	rows, err := hop(ctx, g.r, keys(g.datasets), graph.EdgeQuery{Rels: []graph.Rel{catalog.RelHas}, All: true})
	for _, e := range rows {
		g.inside[e.To] = true
	}
	return err
}

// spread takes in what derives from the columns inside.
func (g *region) spread(ctx context.Context) error {
	level := keys(g.inside)
	for len(level) > 0 {
		if len(g.inside) > g.most {
			return errWide
		}
		rows, err := hop(ctx, g.r, level, graph.EdgeQuery{Rels: []graph.Rel{catalog.RelDerives}})
		if err != nil {
			return err
		}
		level = nil
		for _, e := range rows {
			g.out[e.From] = append(g.out[e.From], e.To)
			if !g.inside[e.To] {
				g.inside[e.To] = true
				level = append(level, e.To)
			}
		}
	}
	return nil
}

// columns computes the marks of the columns inside, from what is declared there and what flows in from outside.
func (g *region) columns(ctx context.Context) error {
	inside := keys(g.inside)
	rows, err := hop(ctx, g.r, inside, graph.EdgeQuery{Dir: graph.In, Rels: []graph.Rel{catalog.RelDerives}})
	if err != nil {
		return err
	}
	if err := g.learn(ctx, append(ends(rows, graph.In), inside...)); err != nil {
		return err
	}
	var seeds []seed
	for _, id := range inside {
		for class, m := range g.declared[id] {
			seeds = append(seeds, seed{id, class, m})
		}
	}
	for _, e := range rows {
		if g.inside[e.From] {
			continue
		}
		for class, m := range shown(g.declared, g.stored, e.From) {
			seeds = append(seeds, seed{e.To, class, Mark{m.Depth + 1, m.Origin}})
		}
	}
	maps.Copy(g.want, flow(seeds, g.out))
	return nil
}

// learn reads the marks of assets that aren't known yet.
func (g *region) learn(ctx context.Context, assets []graph.ID) error {
	declared, stored, err := readMarks(ctx, g.r, assets)
	maps.Copy(g.declared, declared)
	maps.Copy(g.stored, stored)
	return err
}

// ofDatasets gives the datasets what their columns have.
func (g *region) ofDatasets(ctx context.Context) error {
	has := []graph.Rel{catalog.RelHas}
	rows, err := hop(ctx, g.r, keys(g.inside), graph.EdgeQuery{Dir: graph.In, Rels: has})
	if err != nil {
		return err
	}
	for _, e := range rows {
		g.datasets[e.From] = true
	}
	if rows, err = hop(ctx, g.r, keys(g.datasets), graph.EdgeQuery{Rels: has}); err != nil {
		return err
	}
	if err := g.learn(ctx, append(g.outside(rows, graph.Out, g.inside), keys(g.datasets)...)); err != nil {
		return err
	}
	left, err := gone(ctx, g.r, rows, func(column graph.ID) bool { return len(g.now(column, g.inside)) > 0 })
	if err != nil {
		return err
	}
	for _, e := range rows {
		if !left[e.To] {
			g.want.pass(g.now(e.To, g.inside), e.From, 0)
		}
	}
	g.declare(g.datasets)
	return nil
}

// gone tells which of the columns that matter their datasets no longer have: no schema names them any more.
func gone(ctx context.Context, r graph.Reader, has []graph.Edge, matters func(graph.ID) bool) (map[graph.ID]bool, error) {
	var ids []graph.ID
	for _, e := range has {
		if matters(e.To) {
			ids = append(ids, e.To)
		}
	}
	nodes, err := fetch(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	out := map[graph.ID]bool{}
	for id, n := range nodes {
		c, err := read(catalog.ColumnType, n)
		if err != nil {
			return nil, err
		}
		out[id] = c.Gone
	}
	return out, nil
}

// ofConsumers gives the consumers what the datasets have that they read.
func (g *region) ofConsumers(ctx context.Context) error {
	delivers := []graph.Rel{catalog.RelDelivers}
	rows, err := hop(ctx, g.r, keys(g.datasets), graph.EdgeQuery{Rels: delivers, All: true})
	if err != nil {
		return err
	}
	for _, e := range rows {
		g.consumers[e.To] = true
	}
	if rows, err = hop(ctx, g.r, keys(g.consumers), graph.EdgeQuery{Dir: graph.In, Rels: delivers}); err != nil {
		return err
	}
	if err := g.learn(ctx, append(g.outside(rows, graph.In, g.datasets), keys(g.consumers)...)); err != nil {
		return err
	}
	for _, e := range rows {
		g.want.pass(g.now(e.From, g.datasets), e.To, 1)
	}
	g.declare(g.consumers)
	return nil
}

// now is what an asset has: as computed if it is one of those, else as stored.
func (g *region) now(asset graph.ID, computed map[graph.ID]bool) map[graph.ID]Mark {
	if computed[asset] {
		return g.want[asset]
	}
	return shown(g.declared, g.stored, asset)
}

// declare lets the assets' own declarations win over what flows in.
func (g *region) declare(assets map[graph.ID]bool) {
	for id := range assets {
		for class, m := range g.declared[id] {
			g.want.set(id, class, m)
		}
	}
}

// outside are the found ends of edges that are not among those.
func (g *region) outside(rows []graph.Edge, dir graph.Dir, among map[graph.ID]bool) []graph.ID {
	return slices.DeleteFunc(ends(rows, dir), func(id graph.ID) bool { return among[id] })
}

func keys(set map[graph.ID]bool) []graph.ID { return slices.Sorted(maps.Keys(set)) }
