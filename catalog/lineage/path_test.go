package lineage

import (
	"context"
	"slices"
	"testing"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

func TestPaths(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		second := c.source("second")
		c.link(c.load, catalog.RelOutput, c.stage, key(second))
		alias := c.dataset("alias", func(d *catalog.Dataset) { d.Head = c.mart })
		c.write()
		way := []graph.ID{c.raw, c.load, c.stage, c.shape, c.mart}
		for _, tt := range []struct {
			name     string
			from, to graph.ID
			dir      Direction
			want     []graph.ID
		}{
			{"with the flow", c.raw, c.mart, Downstream, way},
			{"against it", c.mart, c.raw, Upstream, way},
			{"to an alias", c.raw, alias, Downstream, way},
			{"siblings", c.other, c.mart, Downstream, nil},
			{"the same", c.mart, c.mart, Downstream, nil},
		} {
			got, err := c.service().Paths(context.Background(), PathQuery{From: tt.from, To: tt.to})
			if err != nil || got.Direction != tt.dir || len(got.Paths) != min(1, len(tt.want)) {
				t.Errorf("%s: %+v (%v)", tt.name, got, err)
				continue
			}
			for _, p := range got.Paths {
				var ids []graph.ID
				for i, n := range p.Nodes {
					ids = append(ids, n.ID)
					if n.Depth != i || n.Node.ID != n.ID {
						t.Errorf("%s: node %+v", tt.name, n)
					}
				}
				if !slices.Equal(ids, tt.want) || len(p.Edges) != len(p.Nodes)-1 {
					t.Errorf("%s: over %v with %d edges", tt.name, ids, len(p.Edges))
				}
				if !slices.Equal(p.Edges[1].Sources, []string{"", "second"}) || p.Edges[1].From != c.load {
					t.Errorf("%s: %+v lacks a source", tt.name, p.Edges[1])
				}
			}
		}
	})
}

func TestSeveralPaths(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		a, b := w.dataset("a"), w.dataset("b")
		for _, name := range []string{"x", "y", "z"} {
			w.through(a, w.transform(name), b)
		}
		w.write()
		for most, want := range map[int]int{0: 1, 1: 1, 2: 2, 100: 3} {
			got, err := w.service().Paths(context.Background(), PathQuery{From: a, To: b, Max: most})
			if err != nil || len(got.Paths) != want {
				t.Errorf("at most %d: %d paths, want %d (%v)", most, len(got.Paths), want, err)
			}
		}
		col := w.column(a, "c")
		w.write()
		for _, q := range []PathQuery{{From: a, To: col}, {From: a, To: b, Max: 101}, {From: a, To: b, Depth: 101}, {From: a, To: b, Depth: -1}} {
			if _, err := w.service().Paths(context.Background(), q); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", q, err)
			}
		}
		if _, err := w.service().Paths(context.Background(), PathQuery{From: a, To: "ds_none"}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a missing end: %v", err)
		}
	})
}
