package flow

import (
	"fmt"
	"reflect"
	"testing"

	"weir/catalog"
	"weir/graph"
)

func TestCoarse_ClassesBehindAGap(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		raw, crm, mart := w.dataset("raw"), w.dataset("crm"), w.dataset("mart")
		load, build := w.transform("load"), w.transform("build")
		w.through(raw, load, crm)
		w.through(crm, build, mart) // says nothing of columns
		secret, name, total, count := w.column(raw, "secret"), w.column(crm, "name"), w.column(mart, "a total"), w.column(mart, "count")
		w.link(secret, catalog.RelDerives, name, via(load))
		w.link(secret, catalog.RelClass, w.class("pii"))
		w.link(crm, catalog.RelClass, w.class("phi"))
		w.write()
		got := w.read(Ask{Dataset: mart})
		both := []graph.ID{total, count}
		gap := Step{From: crm, To: mart, Via: []graph.ID{build}}
		want := []Coarse{
			{Class: "phi", Columns: both, Depth: 1, Origin: crm, Steps: []Step{gap}},
			{Class: "pii", Columns: both, Depth: 2, Origin: raw, Steps: []Step{{From: secret, To: name, Via: []graph.ID{load}}, gap}},
		}
		if !reflect.DeepEqual(got.Coarse, want) || len(got.Inflows) != 0 {
			t.Errorf("got %+v and %+v, want %+v", got.Coarse, got.Inflows, want)
		}
		for _, id := range []graph.ID{raw, crm, mart, secret, name, load, build} {
			if got.Names[id].Name == "" {
				t.Errorf("%s has no name", id)
			}
		}
		if o := got.Origins(); len(o) != 0 {
			t.Errorf("nobody knows that they flow in, but origins are %v", o)
		}
	})
}

func TestCoarse_WhatIsStatedOfOneColumnIsTakenAsWhole(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		crm, log, mart := w.dataset("crm"), w.dataset("log"), w.dataset("mart")
		build, count := w.transform("build"), w.transform("count")
		w.through(crm, build, mart)
		w.through(log, count, mart)
		name, day, total, rows := w.column(crm, "name"), w.column(crm, "day"), w.column(mart, "total"), w.column(mart, "rows")
		ip := w.column(log, "ip")
		w.link(day, catalog.RelAffects, total, via(build))
		w.link(name, catalog.RelClass, w.class("pii"))
		w.link(ip, catalog.RelClass, w.class("pii"))
		w.write()
		got := w.read(Ask{mart, []graph.ID{rows}}).Coarse
		if len(got) != 1 || got[0].Origin != log {
			t.Errorf("build said what it takes, count did not, but %+v", got)
		}
	})
}

func TestCoarse_ADatasetDeclaredAsAWhole(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		crm, mart := w.dataset("crm"), w.dataset("mart")
		name, mail, out := w.column(crm, "name"), w.column(crm, "mail"), w.column(mart, "out")
		pii, phi := w.class("pii"), w.class("phi")
		w.link(crm, catalog.RelClass, pii)
		w.link(crm, catalog.RelClass, phi)
		w.link(mail, catalog.RelClass, pii)
		w.link(name, catalog.RelDerives, out)
		w.write()
		want := []Coarse{{Class: "phi", Columns: []graph.ID{out}, Depth: 1, Origin: crm, Steps: []Step{{From: name, To: out}}}}
		if got := w.read(Ask{Dataset: mart}).Coarse; !reflect.DeepEqual(got, want) {
			t.Errorf("a column tells where pii is, none where phi is: got %+v, want %+v", got, want)
		}
		want = []Coarse{{Class: "phi", Columns: []graph.ID{name}, Origin: crm}}
		if got := w.read(Ask{crm, []graph.ID{name}}).Coarse; !reflect.DeepEqual(got, want) {
			t.Errorf("of the dataset itself: got %+v, want %+v", got, want)
		}
		w.column(crm, "mail", func(c *catalog.Column) { c.Gone = true })
		w.write()
		if got := w.read(Ask{Dataset: mart}).Coarse; len(got) != 2 {
			t.Errorf("the column that had pii is gone, but %+v", got)
		}
	})
}

func TestCoarse_EndsAtMasking(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		crm, stage, mart := w.dataset("crm"), w.dataset("stage"), w.dataset("mart")
		load, hash := w.transform("load"), w.transform("hash")
		w.through(crm, load, stage)
		w.through(stage, hash, mart)
		id, hashed := w.column(stage, "id"), w.column(mart, "hashed")
		w.link(w.column(crm, "name"), catalog.RelClass, w.class("pii"))
		w.link(id, catalog.RelMasked, hashed, via(hash))
		w.write()
		if got := w.read(Ask{Dataset: mart}); len(got.Coarse) != 0 {
			t.Errorf("%+v", got.Coarse)
		}
		if got := w.read(Ask{Dataset: stage}); len(got.Coarse) != 1 {
			t.Errorf("%+v", got.Coarse)
		}
	})
}

func TestCoarse_GapsInACircle(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		a, b := w.dataset("a"), w.dataset("b")
		there, back := w.transform("there"), w.transform("back")
		w.through(a, there, b)
		w.through(b, back, a)
		x, y := w.column(a, "x"), w.column(b, "y")
		w.link(x, catalog.RelClass, w.class("pii"))
		w.write()
		got := w.read(Ask{b, []graph.ID{y}}).Coarse
		if len(got) != 1 || got[0].Origin != a || got[0].Depth != 1 {
			t.Errorf("%+v", got)
		}
		if got := w.read(Ask{Dataset: a}).Coarse; len(got) != 0 {
			t.Errorf("x declares itself what comes back to it, but %+v", got)
		}
	})
}

func TestRead_SaysWhenThereIsMore(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		d := w.dataset("d")
		var chain []graph.ID
		for i := range graph.MaxDepth + 2 {
			chain = append(chain, w.column(d, fmt.Sprint(i)))
			if i > 0 {
				w.link(chain[i-1], catalog.RelDerives, chain[i])
			}
		}
		w.link(chain[0], catalog.RelClass, w.class("pii"))
		w.link(chain[50], catalog.RelDerives, chain[0])
		w.write()
		last := chain[len(chain)-1]
		got := w.read(Ask{d, []graph.ID{last}})
		if !got.Partial || !got.Of(last).Partial || len(got.Inflows) != 0 {
			t.Errorf("pii is beyond the depth, but partial is %v", got.Partial)
		}
		if got := w.read(Ask{d, chain[len(chain)-2 : len(chain)-1]}); got.Partial || len(got.Inflows) != 1 {
			t.Errorf("pii is just within the depth, but partial is %v", got.Partial)
		}
	})
}

func TestRead_SaysWhenTooManyColumnsAreBehindGaps(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		crm, shop, mart, build := w.dataset("crm"), w.dataset("shop"), w.dataset("mart"), w.transform("build")
		w.through(crm, build, mart)
		w.through(shop, build, mart)
		pii := w.class("pii")
		for _, c := range []graph.ID{w.column(crm, "a"), w.column(crm, "b"), w.column(shop, "a"), w.column(shop, "b")} {
			w.link(c, catalog.RelClass, pii)
		}
		w.column(mart, "out")
		w.write()
		for left, want := range map[int]struct {
			partial bool
			coarse  int
		}{1: {true, 0}, 2: {true, 1}, 3: {true, 1}, 4: {false, 2}} {
			world := newWorld(reader{w.store, day(5)})
			world.gaps.left = left
			got, err := world.read(t.Context(), []Ask{{Dataset: mart}})
			if err != nil || got.Partial != want.partial || len(got.Coarse) != want.coarse {
				t.Errorf("with %d: %+v (%v)", left, got, err)
			}
		}
	})
}

func TestCoarse_AGapBehindStatedColumnsBehindAGap(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		first, second, third, last := w.dataset("first"), w.dataset("second"), w.dataset("third"), w.dataset("last")
		unsaid, said, again := w.transform("unsaid"), w.transform("said"), w.transform("again")
		w.through(first, unsaid, second)
		w.through(second, said, third)
		w.through(third, again, last)
		w.link(w.column(first, "name"), catalog.RelClass, w.class("pii"))
		from, to, out := w.column(second, "c"), w.column(third, "c"), w.column(last, "out")
		w.link(from, catalog.RelDerives, to, via(said))
		w.write()
		want := []Coarse{{
			Class: "pii", Columns: []graph.ID{out}, Depth: 3, Origin: first,
			Steps: []Step{
				{From: first, To: second, Via: []graph.ID{unsaid}}, {From: from, To: to, Via: []graph.ID{said}},
				{From: third, To: last, Via: []graph.ID{again}},
			},
		}}
		if got := w.read(Ask{Dataset: last}).Coarse; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}
