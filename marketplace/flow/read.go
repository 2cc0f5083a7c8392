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
	columns, err := w.begin(ctx, want)
	if err != nil {
		return Snapshot{}, err
	}
	if err := w.widen(ctx, columns); err != nil {
		return Snapshot{}, err
	}
	if err := w.look(ctx); err != nil {
		return Snapshot{}, err
	}
	out := Snapshot{Columns: w.describe(columns), Missing: distinct(want.missing), Partial: w.partial}
	out.Inflows = w.inflows(out.Columns)
	if out.Coarse, err = w.coarse(ctx, out.Columns, out.Inflows); err != nil {
		return Snapshot{}, err
	}
	out.Names, err = w.names(ctx, out.named())
	return out, err
}

// begin walks from everything that may be asked and returns the columns that are. Of several names' columns of one path
// the head's is asked; only where that has none is it another name's, which then counts as the head's.
func (w *world) begin(ctx context.Context, want asked) ([]graph.ID, error) {
	members, err := w.r.members(ctx, want.whole)
	if err != nil {
		return nil, err
	}
	has, err := w.r.edges(ctx, sortedKeys(members), graph.Out, catalog.RelHas)
	if err != nil {
		return nil, err
	}
	var whole []wanted
	for _, e := range has {
		whole = append(whole, wanted{members[e.From], e.To})
	}
	if err := w.walkWanted(ctx, slices.Concat(whole, want.columns)); err != nil {
		return nil, err
	}
	return w.settle(want.columns, whole), nil
}

// walkWanted walks from columns and from those of the same paths at their heads.
func (w *world) walkWanted(ctx context.Context, columns []wanted) error {
	var from []graph.ID
	for _, c := range columns {
		from = append(from, c.id)
	}
	if err := w.walk(ctx, from); err != nil {
		return err
	}
	from = nil
	for _, c := range columns {
		if at, ok := w.columns[c.id]; ok && at.Dataset != c.head {
			from = append(from, catalog.ColumnID(c.head, at.Path))
		}
	}
	return w.walk(ctx, from)
}

// settle chooses the columns that stand for wanted ones; those of whole datasets only if they are still there.
func (w *world) settle(named, whole []wanted) []graph.ID {
	asked := map[graph.ID]bool{}
	for _, c := range named {
		asked[c.id] = true
	}
	all := slices.Concat(named, whole)
	slices.SortFunc(all, func(a, b wanted) int {
		return cmp.Or(compareBool(w.columns[a.id].Gone, w.columns[b.id].Gone), cmp.Compare(a.id, b.id))
	})
	type spot struct {
		head graph.ID
		path string
	}
	stands := map[spot]graph.ID{}
	found := map[graph.ID]bool{}
	for _, c := range all {
		at, ok := w.columns[c.id]
		if !ok {
			continue // deleted while it was read
		}
		k := spot{c.head, at.Path}
		if stands[k] == "" {
			stands[k] = w.standIn(c, at)
		}
		if id := stands[k]; asked[c.id] || !w.columns[id].Gone {
			found[id] = true
		}
	}
	return sortedKeys(found)
}

// standIn is the column of that path at the head. Where that has none it is the wanted column, which then counts as the head's.
func (w *world) standIn(c wanted, at catalog.Column) graph.ID {
	id := catalog.ColumnID(c.head, at.Path)
	if at.Dataset == c.head {
		return c.id
	}
	if _, ok := w.columns[id]; ok {
		return id
	}
	at.Dataset = c.head
	w.columns[c.id] = at
	return c.id
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
