package flow

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"weir/catalog"
	"weir/graph"
)

// worlds numbers the drawn worlds, so that they can share a store.
var worlds atomic.Int64

// draw makes a small world of three datasets with at most six columns. Some of its edges are closed, or to come.
func draw(t *rapid.T, w *teller) *facts {
	f := &facts{home: map[graph.ID]graph.ID{}, gone: map[graph.ID]bool{}, classes: map[graph.ID][]string{}}
	n := func(most int, what string) int { return rapid.IntRange(0, most).Draw(t, what) }
	for i := range 3 {
		d := w.dataset("d" + strconv.Itoa(i))
		f.datasets = append(f.datasets, d)
		for j := range n(2, "columns") {
			gone := n(9, "gone") == 0
			c := w.column(d, "c"+strconv.Itoa(j), func(c *catalog.Column) { c.Gone, c.Position = gone, j })
			f.columns, f.home[c], f.gone[c] = append(f.columns, c), d, gone
		}
	}
	f.drawWorks(t, w)
	for range n(8, "edges") {
		f.drawHop(t, w)
	}
	for range n(4, "declarations") {
		of, name := rapid.SampledFrom(slices.Concat(f.datasets, f.columns)).Draw(t, "declares"), rapid.SampledFrom([]string{"pii", "phi"}).Draw(t, "class")
		if ends := w.drawSpan(t, of, catalog.RelClass, w.class(name)); ends && !slices.Contains(f.classes[of], name) {
			f.classes[of] = append(f.classes[of], name)
		}
	}
	w.write()
	return f
}

func (f *facts) drawWorks(t *rapid.T, w *teller) {
	for i := range rapid.IntRange(0, 2).Draw(t, "transforms") {
		job := work{id: w.transform("t" + strconv.Itoa(i))}
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(f.datasets), 0, 2, rapid.ID[graph.ID])
		for _, d := range some.Draw(t, "reads") {
			if w.drawSpan(t, d, catalog.RelInput, job.id) {
				job.in = append(job.in, d)
			}
		}
		for _, d := range some.Draw(t, "writes") {
			if w.drawSpan(t, job.id, catalog.RelOutput, d) {
				job.out = append(job.out, d)
			}
		}
		f.works = append(f.works, job)
	}
}

func (f *facts) drawHop(t *rapid.T, w *teller) {
	if len(f.columns) == 0 {
		return
	}
	column := rapid.SampledFrom(f.columns)
	h := hop{from: column.Draw(t, "from"), to: column.Draw(t, "to"), masked: rapid.IntRange(0, 2).Draw(t, "masked") == 0}
	var change []func(*graph.Edge)
	if i := rapid.IntRange(-1, len(f.works)-1).Draw(t, "via"); i >= 0 {
		h.via = f.works[i].id
		change = append(change, via(h.via))
	}
	if rapid.IntRange(0, 9).Draw(t, "affects") == 0 {
		if w.drawSpan(t, h.from, catalog.RelAffects, h.to, change...) {
			f.affects = append(f.affects, h)
		}
		return
	}
	if w.drawSpan(t, h.from, h.relOf(), h.to, change...) {
		f.hops = append(f.hops, h)
	}
}

// drawSpan links two nodes for a time and tells whether that holds at day 5.
func (w *teller) drawSpan(t *rapid.T, from graph.ID, rel graph.Rel, to graph.ID, change ...func(*graph.Edge)) bool {
	switch rapid.IntRange(0, 9).Draw(t, "span") {
	case 0:
		w.link(from, rel, to, append(change, until(day(5)))...)
		return false
	case 1:
		w.link(from, rel, to, append(change, func(e *graph.Edge) { e.Valid.Since = day(6) })...)
		return false
	case 2:
		w.link(from, rel, to, append(change, until(day(6)))...)
		return true
	}
	w.link(from, rel, to, change...)
	return true
}

func TestRead_TellsWhatListingEveryWayTells(t *testing.T) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			store := e.open(t)
			rapid.Check(t, func(rt *rapid.T) {
				w := &teller{t: rt, store: store, prefix: "-" + strconv.FormatInt(worlds.Add(1), 10)}
				if e.name == "memory" {
					w.store = e.open(t)
				}
				f := draw(rt, w)
				if len(f.columns) == 0 {
					return
				}
				asks := map[graph.ID][]graph.ID{}
				for _, c := range rapid.SliceOfNDistinct(rapid.SampledFrom(f.columns), 1, -1, rapid.ID[graph.ID]).Draw(rt, "asked") {
					asks[f.home[c]] = append(asks[f.home[c]], c)
				}
				var list []Ask
				for d, columns := range asks {
					list = append(list, Ask{d, columns})
				}
				if err := f.compare(w, list); err != nil {
					rt.Fatal(err)
				}
			})
		})
	}
}

// compare asks the store and the oracle.
func (f *facts) compare(w *teller, asks []Ask) error {
	s := w.read(asks...)
	if s.Partial {
		return fmt.Errorf("it is partial")
	}
	for _, a := range asks {
		for _, c := range a.Columns {
			want := f.expect(c)
			slices.SortStableFunc(want, func(a, b finding) int { return strings.Compare(string(a.origin)+a.class, string(b.origin)+b.class) })
			if got := found(s, c); !slices.Equal(got, want) {
				return fmt.Errorf("into %s flows %+v, want %+v", c, got, want)
			}
			if got, want := foundCoarse(s, c), f.expectCoarse(c); !slices.Equal(got, want) {
				return fmt.Errorf("into %s may flow %v, want %v", c, got, want)
			}
			if alone := w.read(Ask{a.Dataset, []graph.ID{c}}); !bytes.Equal(alone.Canonical(), s.Of(c).Canonical()) {
				return fmt.Errorf("alone: %s, among others: %s", alone.Canonical(), s.Of(c).Canonical())
			}
		}
	}
	return f.holds(s)
}
