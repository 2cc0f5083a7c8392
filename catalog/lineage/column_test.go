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

// columns is a company's names: web.name and crm.name flow into stage.name, which flows into mart.name in clear and
// into mart.hash masked; mart.name is also filtered by stage.day. The transforms are clean, shape and hash.
type columns struct {
	*world
	webDS, crmDS, stageDS, martDS                             graph.ID
	webName, crmName, stageName, stageDay, martName, martHash graph.ID
	clean, shape, hash                                        graph.ID
}

func newColumns(t testing.TB, store graph.Store) columns {
	t.Helper()
	w := newWorld(t, store)
	c := columns{world: w, webDS: w.dataset("web"), crmDS: w.dataset("secret crm"), stageDS: w.dataset("stage"), martDS: w.dataset("mart"),
		clean: w.transform("clean"), shape: w.transform("shape"), hash: w.transform("hashing")}
	c.webName, c.crmName = w.column(c.webDS, "name"), w.column(c.crmDS, "secret")
	c.stageName, c.stageDay = w.column(c.stageDS, "name"), w.column(c.stageDS, "day")
	c.martName, c.martHash = w.column(c.martDS, "name"), w.column(c.martDS, "hash")
	via := func(id graph.ID, subtype string) []func(*graph.Edge) {
		return []func(*graph.Edge){prop(catalog.EdgeVia, string(id)), prop(catalog.EdgeSubtype, subtype), key("src_x/" + id)}
	}
	w.link(c.webName, catalog.RelDerives, c.stageName, via(c.clean, "IDENTITY")...)
	w.link(c.crmName, catalog.RelDerives, c.stageName, via(c.clean, "TRANSFORMATION")...)
	w.link(c.stageName, catalog.RelDerives, c.martName, via(c.shape, "IDENTITY")...)
	w.link(c.stageName, catalog.RelMasked, c.martHash, via(c.hash, "TRANSFORMATION")...)
	w.link(c.stageDay, catalog.RelAffects, c.martName, via(c.shape, "FILTER")...)
	w.write()
	return c
}

func TestColumnLineage(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newColumns(t, store)
		ask := func(q ColumnQuery) ColumnAnswer {
			t.Helper()
			a, err := c.service().ColumnLineage(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		up := ask(ColumnQuery{Column: c.martName, Direction: Upstream, Depth: 9})
		if want := map[graph.ID]int{c.stageName: 1, c.webName: 2, c.crmName: 2}; !maps.Equal(found(up.Nodes), want) {
			t.Errorf("found %v, want %v", found(up.Nodes), want)
		}
		for _, id := range []graph.ID{c.webDS, c.crmDS, c.stageDS, c.martDS, c.clean, c.shape} {
			if up.Related[id].ID != id {
				t.Errorf("%s is not among what the answer names", id)
			}
		}
		for _, e := range up.Edges {
			if e.From == c.webName && (e.Masked() || !slices.Equal(e.Subtypes, []string{"IDENTITY"}) || !slices.Equal(e.Via, []graph.ID{c.clean})) {
				t.Errorf("%+v", e)
			}
		}
		all := ask(ColumnQuery{Column: c.martName, Direction: Upstream, Depth: 9, Indirect: true})
		if want := map[graph.ID]int{c.stageName: 1, c.stageDay: 1, c.webName: 2, c.crmName: 2}; !maps.Equal(found(all.Nodes), want) {
			t.Errorf("with indirect ones found %v, want %v", found(all.Nodes), want)
		}
		down := ask(ColumnQuery{Column: c.webName, Direction: Downstream, Depth: 2})
		if want := map[graph.ID]int{c.stageName: 1, c.martName: 2, c.martHash: 2}; !maps.Equal(found(down.Nodes), want) {
			t.Errorf("downstream %v, want %v", found(down.Nodes), want)
		}
		masked := slices.IndexFunc(down.Edges, Edge.Masked)
		if masked < 0 || down.Edges[masked].To != c.martHash || !slices.Equal(down.Edges[masked].Via, []graph.ID{c.hash}) {
			t.Errorf("edges %+v: the masked one leads to hash", down.Edges)
		}
		_, err := c.service().ColumnLineage(context.Background(), ColumnQuery{Column: c.martDS, Depth: 1})
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("a dataset's columns: %v", err)
		}
	})
}

func TestColumnsOfAPicture(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newColumns(t, store)
		c.through(c.webDS, c.clean, c.stageDS)
		c.write()
		a := c.ask(Query{Root: c.stageDS, Direction: Both, Depth: 2, Columns: true})
		var paths []string
		for _, col := range a.Columns {
			paths = append(paths, col.Path)
		}
		slices.Sort(paths)
		if !slices.Equal(paths, []string{"day", "name", "name"}) || a.ColumnsCapped {
			t.Errorf("columns %v of web and stage", paths)
		}
		if len(a.ColumnEdges) != 1 || a.ColumnEdges[0].From != c.webName || a.ColumnEdges[0].To != c.stageName {
			t.Errorf("column edges %+v, want the one from web to stage", a.ColumnEdges)
		}
	})
}

func TestColumnOrigins(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newColumns(t, store)
		pii := c.class("pii")
		c.link(c.crmName, catalog.RelClass, pii)
		c.write()
		ask := func(id graph.ID) Origins {
			t.Helper()
			o, err := c.service().ColumnOrigins(context.Background(), OriginQuery{Column: id})
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		name := ask(c.martName)
		if len(name.Origins) != 2 || name.Origins[0].Masked || name.Origins[0].Depth != 2 || name.Origins[0].MaskedAt != -1 {
			t.Fatalf("%+v", name.Origins)
		}
		if !slices.Equal(name.Transforms, distinct([]graph.ID{c.clean, c.shape})) {
			t.Errorf("touched by %v, want clean and shape", name.Transforms)
		}
		for _, o := range name.Origins {
			if o.Steps[0].From != o.Column || o.Steps[0].To != c.stageName || o.Steps[1].To != c.martName {
				t.Errorf("%s: steps %+v", o.Column, o.Steps)
			}
		}
		if !slices.Equal(name.Labels[c.crmName].Classes, []graph.ID{pii}) || name.Related[pii].ID != pii || name.Related[c.webDS].ID != c.webDS {
			t.Errorf("labels %v, related %v", name.Labels, name.Related)
		}
		for _, o := range ask(c.martHash).Origins {
			if !o.Masked || o.MaskedAt != 1 || !slices.Equal(o.Steps[1].Via, []graph.ID{c.hash}) {
				t.Errorf("%+v: masked at the second step, by hash", o)
			}
		}
		if o := ask(c.webName); len(o.Origins) != 0 || o.Columns[c.webName].ID != c.webName {
			t.Errorf("an origin itself: %+v", o)
		}
	})
}

func TestOriginsPreferAClearWay(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		d := w.dataset("d")
		a, b, c, z := w.column(d, "a"), w.column(d, "b"), w.column(d, "c"), w.column(d, "z")
		w.link(a, catalog.RelMasked, z) // the short way is masked
		w.link(a, catalog.RelDerives, b)
		w.link(b, catalog.RelDerives, c)
		w.link(c, catalog.RelMasked, z) // a parallel masked edge doesn't mask the clear one
		w.link(c, catalog.RelDerives, z)
		w.write()
		o, err := w.service().ColumnOrigins(context.Background(), OriginQuery{Column: z})
		if err != nil || len(o.Origins) != 1 {
			t.Fatalf("%+v (%v)", o, err)
		}
		if got := o.Origins[0]; got.Masked || got.MaskedAt != -1 || got.Depth != 1 || len(got.Steps) != 3 || slices.ContainsFunc(got.Steps, Edge.Masked) {
			t.Errorf("%+v: in clear over b and c", got)
		}
	})
}

func TestOriginsOfCircles(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		d := w.dataset("d")
		a, b, c, z, y := w.column(d, "a"), w.column(d, "b"), w.column(d, "c"), w.column(d, "z"), w.column(d, "y")
		for _, e := range [][2]graph.ID{{a, b}, {b, c}, {c, a}, {c, z}, {z, y}, {y, z}, {y, y}} {
			w.link(e[0], catalog.RelDerives, e[1])
		}
		w.write()
		o, err := w.service().ColumnOrigins(context.Background(), OriginQuery{Column: z})
		if err != nil || len(o.Origins) != 1 || o.Origins[0].Column != c || len(o.Origins[0].Steps) != 1 {
			t.Errorf("%+v (%v): the nearest of the circle stands for it", o.Origins, err)
		}
	})
}
