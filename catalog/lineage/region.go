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
	rows, err := arcs(ctx, g.r, keys(g.datasets), graph.EdgeQuery{Rels: []graph.Rel{catalog.RelHas}, All: true})
	for _, e := range rows {
		g.inside[e.to] = true
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
		rows, err := arcs(ctx, g.r, level, graph.EdgeQuery{Rels: []graph.Rel{catalog.RelDerives}})
		if err != nil {
			return err
		}
		level = nil
		for _, e := range rows {
			g.out[e.from] = append(g.out[e.from], e.to)
			if !g.inside[e.to] {
				g.inside[e.to] = true
				level = append(level, e.to)
			}
		}
	}
	return nil
}

// columns computes the marks of the columns inside, from what is declared there and what flows in from outside.
func (g *region) columns(ctx context.Context) error {
	inside := keys(g.inside)
	rows, err := arcs(ctx, g.r, inside, graph.EdgeQuery{Dir: graph.In, Rels: []graph.Rel{catalog.RelDerives}})
	if err != nil {
		return err
	}
	if err := g.learn(ctx, append(g.outside(rows, graph.In, nil), inside...)); err != nil {
		return err
	}
	var seeds []seed
	for _, id := range inside {
		for class, m := range g.declared[id] {
			seeds = append(seeds, seed{id, class, m})
		}
	}
	for _, e := range rows {
		if g.inside[e.from] {
			continue
		}
		for class, m := range shown(g.declared, g.stored, e.from) {
			seeds = append(seeds, seed{e.to, class, Mark{m.Depth + 1, m.Origin}})
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
	rows, err := arcs(ctx, g.r, keys(g.inside), graph.EdgeQuery{Dir: graph.In, Rels: has})
	if err != nil {
		return err
	}
	for _, e := range rows {
		g.datasets[e.from] = true
	}
	if rows, err = arcs(ctx, g.r, keys(g.datasets), graph.EdgeQuery{Rels: has}); err != nil {
		return err
	}
	if err := g.learn(ctx, append(g.outside(rows, graph.Out, g.inside), keys(g.datasets)...)); err != nil {
		return err
	}
	var marked []graph.ID
	for _, e := range rows {
		if len(g.now(e.to, g.inside)) > 0 {
			marked = append(marked, e.to)
		}
	}
	left, err := gone(ctx, g.r, marked)
	if err != nil {
		return err
	}
	for _, e := range rows {
		if !left[e.to] {
			g.want.pass(g.now(e.to, g.inside), e.from, 0)
		}
	}
	g.declare(g.datasets)
	return nil
}

// gone tells which of columns their datasets no longer have: no schema names them any more.
func gone(ctx context.Context, r graph.Reader, columns []graph.ID) (map[graph.ID]bool, error) {
	nodes, err := fetch(ctx, r, columns)
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
	rows, err := arcs(ctx, g.r, keys(g.datasets), graph.EdgeQuery{Rels: delivers, All: true})
	if err != nil {
		return err
	}
	for _, e := range rows {
		g.consumers[e.to] = true
	}
	if rows, err = arcs(ctx, g.r, keys(g.consumers), graph.EdgeQuery{Dir: graph.In, Rels: delivers}); err != nil {
		return err
	}
	if err := g.learn(ctx, append(g.outside(rows, graph.In, g.datasets), keys(g.consumers)...)); err != nil {
		return err
	}
	for _, e := range rows {
		g.want.pass(g.now(e.from, g.datasets), e.to, 1)
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
func (g *region) outside(rows []arc, dir graph.Dir, among map[graph.ID]bool) []graph.ID {
	var out []graph.ID
	for _, e := range rows {
		id := e.to
		if dir == graph.In {
			id = e.from
		}
		if !among[id] {
			out = append(out, id)
		}
	}
	return out
}

func keys(set map[graph.ID]bool) []graph.ID { return slices.Sorted(maps.Keys(set)) }
