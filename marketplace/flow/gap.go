package flow

import (
	"context"
	"slices"

	"weir/catalog"
	"weir/graph"
)

// mostOpened is how many columns are looked at in datasets of which it isn't known which columns are taken. Beyond that a
// snapshot is Partial.
const mostOpened = 20_000

// gaps are the places upstream where nobody stated which columns a transform takes.
type gaps struct {
	into     map[graph.ID]map[graph.ID][]graph.ID // dataset → dataset that flows into it unstated → transforms, sorted
	opened   map[graph.ID][]graph.ID              // such a source → its columns; what flows into any of them may flow on
	examined map[graph.ID]bool                    // datasets whose transforms were looked at
	left     int                                  // how many columns may still be opened
}

func newGaps() *gaps {
	return &gaps{
		into: map[graph.ID]map[graph.ID][]graph.ID{}, opened: map[graph.ID][]graph.ID{}, examined: map[graph.ID]bool{}, left: mostOpened,
	}
}

// widen looks for gaps upstream of the columns, reads what may flow in through them, and so on. Each round crosses one more
// layer of gaps; there is one round where there are none.
func (w *world) widen(ctx context.Context, columns []graph.ID) error {
	for {
		fresh := w.unexamined(columns)
		if len(fresh) == 0 {
			return nil
		}
		sources, err := w.examine(ctx, fresh)
		if err != nil {
			return err
		}
		if err := w.open(ctx, sources); err != nil {
			return err
		}
	}
}

// unexamined are the datasets that values may come from in clear, as far as is known, and that weren't examined yet.
func (w *world) unexamined(columns []graph.ID) []graph.ID {
	fresh, seen := map[graph.ID]bool{}, setOf(columns)
	stack := slices.Clone(columns)
	visit := func(id graph.ID) {
		if !seen[id] {
			seen[id] = true
			stack = append(stack, id)
		}
	}
	for len(stack) > 0 {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		dataset := id
		if c, ok := w.columns[id]; ok {
			dataset = c.Dataset
			for _, from := range w.into[id] {
				if w.arcs[ends{from, id}].clear {
					visit(from)
				}
			}
		}
		for _, from := range w.gaps.opened[id] {
			visit(from)
		}
		for from := range w.gaps.into[dataset] {
			visit(from)
		}
		if !w.gaps.examined[dataset] {
			fresh[dataset] = true
		}
	}
	return sortedKeys(fresh)
}

// examine finds the gaps right before datasets, and returns the sources behind them.
func (w *world) examine(ctx context.Context, datasets []graph.ID) ([]graph.ID, error) {
	for _, id := range datasets {
		w.gaps.examined[id] = true
	}
	writes, err := w.r.edges(ctx, datasets, graph.In, catalog.RelOutput)
	if err != nil {
		return nil, err
	}
	writes, err = w.unstated(ctx, writes)
	if err != nil {
		return nil, err
	}
	transforms := make([]graph.ID, len(writes))
	for i, e := range writes {
		transforms[i] = e.From
	}
	reads, err := w.r.edges(ctx, transforms, graph.In, catalog.RelInput)
	if err != nil {
		return nil, err
	}
	sources := map[graph.ID][]graph.ID{}
	for _, e := range reads {
		sources[e.To] = append(sources[e.To], e.From)
	}
	var out []graph.ID
	for _, e := range writes {
		for _, source := range distinct(sources[e.From]) {
			w.gaps.add(source, e.From, e.To)
			out = append(out, source)
		}
	}
	return distinct(out), nil
}

// add notes that values may flow from one dataset through a transform into another one.
func (g *gaps) add(from, transform, to graph.ID) {
	if g.into[to] == nil {
		g.into[to] = map[graph.ID][]graph.ID{}
	}
	g.into[to][from] = distinct(append(g.into[to][from], transform))
}

// written is a dataset as one transform writes it.
type written struct{ transform, dataset graph.ID }

// unstated keeps of the edges from transforms to datasets those whose transform said of no column of the dataset what it is
// made of. If it said so of one, it is taken to have said all.
func (w *world) unstated(ctx context.Context, writes []graph.Edge) ([]graph.Edge, error) {
	known := map[written]bool{}
	for k, a := range w.arcs {
		dataset := w.columns[k.to].Dataset
		for _, ids := range [][]graph.ID{a.viaClear, a.viaMasked} {
			for _, id := range ids {
				known[written{id, dataset}] = true
			}
		}
	}
	drop := func(e graph.Edge) bool { return known[written{e.From, e.To}] }
	writes = slices.DeleteFunc(writes, drop)
	if len(writes) == 0 {
		return nil, nil
	}
	if err := w.stated(ctx, writes, known); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(writes, drop), nil
}

// stated adds what is stated of any column of the datasets, be it only that it is filtered or sorted by another.
func (w *world) stated(ctx context.Context, writes []graph.Edge, to map[written]bool) error {
	datasets := make([]graph.ID, len(writes))
	for i, e := range writes {
		datasets[i] = e.To
	}
	has, err := w.r.edges(ctx, datasets, graph.Out, catalog.RelHas)
	if err != nil {
		return err
	}
	home := map[graph.ID]graph.ID{}
	for _, e := range has {
		home[e.To] = e.From
	}
	rows, err := w.r.edges(ctx, sortedKeys(home), graph.In, catalog.ColumnRels...)
	for _, e := range rows {
		if via, _ := e.Props[catalog.EdgeVia].(string); via != "" {
			to[written{graph.ID(via), home[e.To]}] = true
		}
	}
	return err
}

// open reads all columns of sources and what flows into them. Of a source with more columns than may still be opened only
// what it declares as a whole is looked at.
func (w *world) open(ctx context.Context, sources []graph.ID) error {
	sources = slices.DeleteFunc(sources, func(id graph.ID) bool {
		_, there := w.gaps.opened[id]
		return there
	})
	has, err := w.r.edges(ctx, sources, graph.Out, catalog.RelHas)
	if err != nil {
		return err
	}
	of := map[graph.ID][]graph.ID{}
	for _, e := range has {
		of[e.From] = append(of[e.From], e.To)
	}
	var all []graph.ID
	for _, id := range sources {
		w.gaps.opened[id] = nil
		columns := distinct(of[id])
		if len(columns) > w.gaps.left {
			w.partial = true
			continue
		}
		w.gaps.left -= len(columns)
		w.gaps.opened[id] = columns
		all = append(all, columns...)
	}
	if err := w.walk(ctx, all); err != nil {
		return err
	}
	for _, id := range sources {
		w.gaps.opened[id] = slices.DeleteFunc(w.gaps.opened[id], func(c graph.ID) bool { return w.columns[c].Gone })
	}
	return nil
}
