package lineage

import (
	"context"
	"maps"
	"slices"
	"testing"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// company is the pipeline of most tests: raw → load → stage → shape → mart → dashboard, and beside it raw → copy → other.
type company struct {
	*world
	raw, load, stage, shape, mart, dashboard, copy, other graph.ID
}

func newCompany(t testing.TB, store graph.Store, change ...func(*catalog.Dataset)) company {
	t.Helper()
	w := newWorld(t, store)
	c := company{world: w, raw: w.dataset("raw"), load: w.transform("load"), stage: w.dataset("stage"), shape: w.transform("shape"),
		mart: w.dataset("mart", change...), dashboard: w.consumer("dashboard"), copy: w.transform("copy"), other: w.dataset("other")}
	w.through(c.raw, c.load, c.stage)
	w.through(c.stage, c.shape, c.mart)
	w.link(c.mart, catalog.RelDelivers, c.dashboard)
	w.through(c.raw, c.copy, c.other)
	w.write()
	return c
}

func TestDirections(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		tests := []struct {
			name  string
			root  graph.ID
			dir   Direction
			depth int
			want  map[graph.ID]int
		}{
			{"up", c.stage, Upstream, 9, map[graph.ID]int{c.load: 1, c.raw: 2}},
			{"down", c.stage, Downstream, 9, map[graph.ID]int{c.shape: 1, c.mart: 2, c.dashboard: 3}},
			{"both without siblings", c.stage, Both, 9, map[graph.ID]int{c.load: 1, c.raw: 2, c.shape: 1, c.mart: 2, c.dashboard: 3}},
			{"one edge", c.stage, Both, 1, map[graph.ID]int{c.load: 1, c.shape: 1}},
			{"one step", c.stage, Downstream, Depth(1), map[graph.ID]int{c.shape: 1, c.mart: 2}},
			{"transform", c.load, Both, 1, map[graph.ID]int{c.raw: 1, c.stage: 1}},
			{"consumer", c.dashboard, Upstream, 100, map[graph.ID]int{c.mart: 1, c.shape: 2, c.stage: 3, c.load: 4, c.raw: 5}},
			{"end", c.dashboard, Downstream, 100, map[graph.ID]int{}},
		}
		for _, tt := range tests {
			a := c.ask(Query{Root: tt.root, Direction: tt.dir, Depth: tt.depth})
			if got := found(a.Nodes); !maps.Equal(got, tt.want) {
				t.Errorf("%s: found %v, want %v", tt.name, got, tt.want)
			}
			if a.IsPartial || total(a.Totals) != len(tt.want) || len(a.Edges) != len(tt.want) {
				t.Errorf("%s: partial %t, totals %v, %d edges", tt.name, a.IsPartial, a.Totals, len(a.Edges))
			}
			if a.Root != tt.root || a.Nodes[0].ID != tt.root || a.Nodes[0].Depth != 0 || a.Nodes[0].Side != SideRoot {
				t.Errorf("%s: the root is %+v", tt.name, a.Nodes[0])
			}
		}
	})
}

func TestNodesCarryWhatTheStoreHas(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		a := c.ask(Query{Root: c.raw, Direction: Downstream, Depth: 2})
		i := slices.IndexFunc(a.Nodes, func(n Node) bool { return n.ID == c.stage })
		d, err := catalog.DatasetType.Read(a.Nodes[i].Node)
		if err != nil || d.Name != "stage" || a.Nodes[i].In != 1 || a.Nodes[i].Out != 1 || a.Nodes[i].Count != 1 || a.Nodes[i].Hidden {
			t.Errorf("stage is %+v (%v)", a.Nodes[i], err)
		}
		if a.Nodes[0].Out != 2 {
			t.Errorf("raw has %d neighbours downstream, want 2", a.Nodes[0].Out)
		}
		card := c.ask(Query{Root: c.raw, Direction: Downstream, Depth: 2, Fields: []string{"platform"}})
		if got := card.Nodes[0].Node.Props; got["platform"] != "pg" || got["namespace"] != nil {
			t.Errorf("with one field a node has %v", got)
		}
	})
}

func TestCycle(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		a, b, c, tab, tbc, tca := w.dataset("a"), w.dataset("b"), w.dataset("c"), w.transform("ab"), w.transform("bc"), w.transform("ca")
		w.through(a, tab, b)
		w.through(b, tbc, c)
		w.through(c, tca, a)
		w.write()
		got := w.ask(Query{Root: a, Direction: Both, Depth: 100})
		want := map[graph.ID]int{tab: 1, b: 2, tbc: 3, c: 2, tca: 1}
		if !maps.Equal(found(got.Nodes), want) || total(got.Totals) != 5 || len(got.Edges) != 6 {
			t.Errorf("found %v, totals %v, %d edges", found(got.Nodes), got.Totals, len(got.Edges))
		}
		for _, n := range got.Nodes[1:] {
			if n.Side != SideBoth {
				t.Errorf("%s lies %s", n.ID, n.Side)
			}
		}
		near := w.ask(Query{Root: a, Direction: Both, Depth: 2})
		for _, n := range near.Nodes[1:] {
			want := map[graph.ID]Side{tab: SideDownstream, b: SideDownstream, c: SideUpstream, tca: SideUpstream}[n.ID]
			if n.Side != want {
				t.Errorf("within two edges %s lies %s, want %s", n.ID, n.Side, want)
			}
		}
	})
}

func TestPartial(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		hub, job, back := w.dataset("hub"), w.transform("fan"), w.transform("back")
		w.link(hub, catalog.RelInput, job)
		for i := range 30 {
			d := w.dataset("out" + string(rune('A'+i)))
			w.link(job, catalog.RelOutput, d)
			if i < 3 { // a circle, so that some lie on both sides
				w.link(d, catalog.RelInput, back)
			}
		}
		w.link(back, catalog.RelOutput, hub)
		w.write()
		for _, tt := range []struct {
			dir     Direction
			most    int
			partial bool
			total   int
		}{
			{Downstream, 0, false, 32}, {Downstream, 33, false, 32}, {Downstream, 32, true, 32}, {Downstream, 5, true, 32},
			{Both, 33, false, 32}, {Both, 32, true, 32}, {Both, 4, true, 32}, {Both, 1, true, 32},
		} {
			a := w.ask(Query{Root: hub, Direction: tt.dir, Depth: 10, MaxNodes: tt.most})
			if a.IsPartial != tt.partial || (a.PartialReason == ReasonMaxNodes) != tt.partial || total(a.Totals) != tt.total {
				t.Errorf("%s %d: partial %t %q, totals %v, want %t, %d", tt.dir, tt.most, a.IsPartial, a.PartialReason, a.Totals, tt.partial, tt.total)
			}
			if tt.most > 0 && tt.partial && len(a.Nodes) != tt.most {
				t.Errorf("%s %d: %d nodes", tt.dir, tt.most, len(a.Nodes))
			}
			if !slices.IsSortedFunc(a.Nodes, byDepth) || !slices.IsSortedFunc(a.Edges, byEnds) {
				t.Errorf("%s %d: not in order", tt.dir, tt.most)
			}
		}
	})
}

func TestAlias(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		alias := c.dataset("s3 name", func(d *catalog.Dataset) { d.Head = c.stage })
		c.write()
		a := c.ask(Query{Root: alias, Direction: Upstream, Depth: 2})
		if a.Root != c.stage || len(a.Nodes) != 3 {
			t.Errorf("the alias answered with %s and %d nodes", a.Root, len(a.Nodes))
		}
	})
}

func TestRefused(t *testing.T) {
	c := newCompany(t, openMemory(t))
	class, column := c.class("pii"), c.column(c.raw, "x")
	c.write()
	for name, tt := range map[string]struct {
		q    Query
		kind errs.Kind
	}{
		"depth 0":           {Query{Root: c.raw}, errs.Invalid},
		"depth beyond":      {Query{Root: c.raw, Depth: graph.MaxDepth + 1}, errs.Invalid},
		"nodes beyond":      {Query{Root: c.raw, Depth: 1, MaxNodes: MostNodes + 1}, errs.Invalid},
		"nodes below":       {Query{Root: c.raw, Depth: 1, MaxNodes: -1}, errs.Invalid},
		"direction":         {Query{Root: c.raw, Depth: 1, Direction: 7}, errs.Invalid},
		"not an asset":      {Query{Root: class, Depth: 1}, errs.Invalid},
		"missing":           {Query{Root: "ds_none", Depth: 1}, errs.NotFound},
		"not an id":         {Query{Root: "what is this?", Depth: 1}, errs.NotFound},
		"window":            {Query{Root: c.raw, Depth: 1, Filter: Filter{Since: day(2), Until: day(2)}}, errs.Invalid},
		"level":             {Query{Root: c.raw, Depth: 1, Filter: Filter{Classifications: []catalog.Classification{"secret"}}}, errs.Invalid},
		"filter of columns": {Query{Root: column, Depth: 1, Filter: Filter{Owners: []graph.ID{"own_x"}}}, errs.Invalid},
	} {
		if _, err := c.service().Lineage(context.Background(), tt.q); !errs.Is(err, tt.kind) {
			t.Errorf("%s: %v, want %s", name, err, tt.kind)
		}
	}
	for _, depth := range []int{1, graph.MaxDepth} {
		c.ask(Query{Root: c.raw, Depth: depth, MaxNodes: MostNodes})
	}
}
