package lineage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"weir/catalog"
	"weir/graph"
)

// edit is a difference between what the store holds as flowing into assets and what it has to hold. A nil side: nothing.
type edit struct {
	asset, class graph.ID
	want, stored *Mark
}

// edits compares the marks of assets. What an asset declares itself isn't stored as flowing in.
func edits(assets []graph.ID, declared, stored, want marks) []edit {
	var out []edit
	for _, id := range distinct(assets) {
		for class, m := range want[id] {
			if _, own := declared[id][class]; own {
				continue
			}
			old, ok := stored[id][class]
			switch {
			case !ok:
				out = append(out, edit{id, class, &m, nil})
			case old != m:
				out = append(out, edit{id, class, &m, &old})
			}
		}
		for class, old := range stored[id] {
			_, own := declared[id][class]
			if _, ok := want[id][class]; !ok || own {
				out = append(out, edit{id, class, nil, &old})
			}
		}
	}
	slices.SortFunc(out, func(a, b edit) int {
		return cmp.Or(cmp.Compare(a.asset, b.asset), cmp.Compare(a.class, b.class))
	})
	return out
}

// apply writes edits, at most graph.MaxBatch of them. The edges have no time: they follow from others that have.
func apply(ctx context.Context, tx graph.Tx, es []edit) error {
	var link, unlink []graph.Edge
	for _, e := range es {
		edge := graph.Edge{From: e.asset, To: e.class, Rel: catalog.RelInherits}
		if e.want == nil {
			unlink = append(unlink, edge)
			continue
		}
		edge.Props = graph.Props{catalog.EdgeOrigin: string(e.want.Origin), catalog.EdgeDepth: e.want.Depth}
		link = append(link, edge)
	}
	if len(unlink) > 0 {
		if err := tx.Unlink(ctx, time.Time{}, unlink...); err != nil {
			return err
		}
	}
	if len(link) > 0 {
		return tx.Link(ctx, link...)
	}
	return nil
}
