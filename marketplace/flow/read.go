package flow

import (
	"cmp"
	"context"
	"slices"
	"time"

	"weir/catalog"
	"weir/graph"
)

// Read tells what flows into the asked columns at a time (zero: now), as the reader sees it. Asked ids that are gone from
// the store are in Missing, not an error. Its errors are the reader's.
func Read(ctx context.Context, r graph.Reader, asks []Ask, at time.Time) (Snapshot, error) {
	return newWorld(reader{r, at}).read(ctx, asks)
}

// read is Read of a world of which nothing is known yet.
func (w *world) read(ctx context.Context, asks []Ask) (Snapshot, error) {
	want, err := resolve(ctx, w.r, asks)
	if err != nil {
		return Snapshot{}, err
	}
	asked, err := w.begin(ctx, want)
	if err != nil {
		return Snapshot{}, err
	}
	if err := w.widen(ctx, asked); err != nil {
		return Snapshot{}, err
	}
	if err := w.look(ctx); err != nil {
		return Snapshot{}, err
	}
	out := Snapshot{Columns: w.describe(asked), Missing: w.missing(want), Partial: w.partial}
	out.Inflows = w.inflows(out.Columns)
	if out.Coarse, err = w.coarse(ctx, out.Columns, out.Inflows); err != nil {
		return Snapshot{}, err
	}
	out.Names, err = w.names(ctx, out.named())
	return out, err
}

// missing are the asked ids that aren't there.
func (w *world) missing(want asked) []graph.ID {
	out := want.missing
	for _, id := range want.columns {
		if _, ok := w.columns[id]; !ok {
			out = append(out, id)
		}
	}
	return distinct(out)
}

// begin walks from all asked columns and returns those that are there.
func (w *world) begin(ctx context.Context, want asked) ([]graph.ID, error) {
	has, err := w.r.edges(ctx, want.whole, graph.Out, catalog.RelHas)
	if err != nil {
		return nil, err
	}
	named, all := setOf(want.columns), want.columns
	for _, e := range has {
		all = append(all, e.To)
	}
	all = distinct(all)
	if err := w.walk(ctx, all); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(id graph.ID) bool {
		c, ok := w.columns[id]
		return !ok || c.Gone && !named[id]
	}), nil
}

// describe puts the asked columns in order.
func (w *world) describe(asked []graph.ID) []Column {
	var out []Column
	for _, id := range asked {
		c := w.columns[id]
		slices.Sort(w.masking[id])
		out = append(out, Column{
			ID: id, Dataset: c.Dataset, Path: c.Path, Position: c.Position, Gone: c.Gone,
			Declared: w.declared[id], Masking: w.masking[id],
		})
	}
	slices.SortFunc(out, func(a, b Column) int {
		return cmp.Or(
			cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(place(a), place(b)), cmp.Compare(a.Path, b.Path), cmp.Compare(a.ID, b.ID),
		)
	})
	return out
}

// place orders columns of unknown position behind the others.
func place(c Column) int {
	if c.Position <= 0 {
		return int(^uint(0) >> 1)
	}
	return c.Position
}
