package lineage

import (
	"context"
	"maps"
	"testing"

	"weir/catalog"
	"weir/graph"
)

func TestFilters(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		pii, phi, anna := w.class("pii"), w.class("phi"), w.owner("anna")
		sales := catalog.DomainID("sales")
		raw := w.dataset("raw")
		load := w.transform("load", func(d *catalog.Transform) { d.Domain, d.RanAt = sales, day(20) })
		stage := w.dataset("stage", func(d *catalog.Dataset) { d.Domain, d.Written = sales, day(5) })
		shape := w.transform("shape", func(d *catalog.Transform) { d.RanAt = day(9) })
		mart := w.dataset("mart", func(d *catalog.Dataset) { d.Classification, d.Written = catalog.Restricted, day(9) })
		board := w.consumer("board", func(d *catalog.Consumer) { d.Classification, d.RanAt = catalog.Internal, day(10) })
		w.through(raw, load, stage)
		w.through(stage, shape, mart)
		w.link(mart, catalog.RelDelivers, board)
		w.link(raw, catalog.RelClass, pii) // the root is returned, and not counted
		w.link(stage, catalog.RelClass, pii)
		w.link(mart, catalog.RelInherits, pii)
		w.link(mart, catalog.RelClass, phi)
		w.link(stage, catalog.RelOwned, anna)
		w.link(board, catalog.RelOwned, anna)
		w.write()
		for _, tt := range []struct {
			name string
			f    Filter
			want map[graph.ID]int
		}{
			{"kind", Filter{Kinds: []graph.Kind{catalog.DatasetType.Kind}}, map[graph.ID]int{stage: 2, mart: 4}},
			{"kinds", Filter{Kinds: []graph.Kind{catalog.TransformType.Kind, catalog.ConsumerKind.Kind}}, map[graph.ID]int{load: 1, shape: 3, board: 5}},
			{"owner", Filter{Owners: []graph.ID{anna}}, map[graph.ID]int{stage: 2, board: 5}},
			{"domain", Filter{Domains: []graph.ID{sales}}, map[graph.ID]int{load: 1, stage: 2}},
			{"class", Filter{Classes: []graph.ID{pii}}, map[graph.ID]int{stage: 2, mart: 4}},
			{"either class", Filter{Classes: []graph.ID{phi, "cls_none"}}, map[graph.ID]int{mart: 4}},
			{"classification", Filter{Classifications: []catalog.Classification{catalog.Restricted, catalog.Internal}}, map[graph.ID]int{mart: 4, board: 5}},
			{"window", Filter{Since: day(9), Until: day(10)}, map[graph.ID]int{shape: 3, mart: 4}},
			{"since", Filter{Since: day(9)}, map[graph.ID]int{load: 1, shape: 3, mart: 4, board: 5}},
			{"all at once", Filter{Kinds: []graph.Kind{catalog.DatasetType.Kind}, Owners: []graph.ID{anna}, Domains: []graph.ID{sales},
				Classes: []graph.ID{pii}, Until: day(6)}, map[graph.ID]int{stage: 2}},
			{"nothing", Filter{Owners: []graph.ID{anna}, Domains: []graph.ID{"dom_none"}}, map[graph.ID]int{}},
		} {
			a := w.ask(Query{Root: raw, Direction: Downstream, Depth: 10, Filter: tt.f, Fields: CardFields})
			if !maps.Equal(found(a.Nodes), tt.want) || total(a.Totals) != len(tt.want) || a.IsPartial {
				t.Errorf("%s: found %v, totals %v, partial %t; want %v", tt.name, found(a.Nodes), a.Totals, a.IsPartial, tt.want)
			}
			one := w.ask(Query{Root: raw, Direction: Downstream, Depth: 10, Filter: tt.f, MaxNodes: 1})
			if total(one.Totals) != len(tt.want) || one.IsPartial != (len(tt.want) > 0) || len(one.Nodes) != 1 {
				t.Errorf("%s: one node: totals %v, partial %t", tt.name, one.Totals, one.IsPartial)
			}
			rows, err := w.service().Impact(context.Background(), ImpactQuery{Root: raw, Depth: 10, Filter: tt.f})
			if err != nil || rows.Total != len(tt.want) || len(rows.Rows) != len(tt.want) {
				t.Errorf("%s: the impact list has %d of %d rows (%v)", tt.name, len(rows.Rows), rows.Total, err)
			}
		}
	})
}

func TestEdgesAmongFilteredNodes(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		pii := c.class("pii")
		c.link(c.stage, catalog.RelClass, pii)
		c.link(c.shape, catalog.RelClass, pii)
		c.write()
		a := c.ask(Query{Root: c.raw, Direction: Downstream, Depth: 10, Filter: Filter{Classes: []graph.ID{pii}}})
		if len(a.Edges) != 1 || a.Edges[0].From != c.stage || a.Edges[0].To != c.shape {
			t.Errorf("edges %+v, want the one from stage to shape", a.Edges)
		}
	})
}
