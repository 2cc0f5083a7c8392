package flow

import (
	"context"
	"fmt"
	"testing"

	"weir/catalog"
	"weir/graph"
)

// mesh makes layers of so many columns in one dataset each; a column is made of two of the layer before, every third one
// masked. Every fifth column of the first layer declares a class. It returns the last layer's dataset. Stated tells
// whether the transforms say which columns they take.
func (w *teller) mesh(layers, width int, stated bool) graph.ID {
	pii := w.class("pii")
	var before []graph.ID
	var dataset graph.ID
	for i := range layers {
		d, t := w.dataset(fmt.Sprint("layer", i)), w.transform(fmt.Sprint("make", i))
		if i > 0 {
			w.through(dataset, t, d)
		}
		var now []graph.ID
		for j := range width {
			c := w.column(d, fmt.Sprint("c", j), func(c *catalog.Column) { c.Position = j + 1 })
			now = append(now, c)
			if i == 0 && j%5 == 0 {
				w.link(c, catalog.RelClass, pii)
			}
			if i == 0 || !stated {
				continue
			}
			rel := catalog.RelDerives
			if j%3 == 0 {
				rel = catalog.RelMasked
			}
			w.link(before[j], rel, c, via(t))
			w.link(before[(j+1)%width], catalog.RelDerives, c, via(t))
		}
		before, dataset = now, d
	}
	w.write()
	return dataset
}

func BenchmarkRead(b *testing.B) {
	for _, bb := range []struct {
		name          string
		layers, width int
		stated        bool
	}{
		{"50 asked, 1000 upstream", 21, 50, true},
		{"500 asked, 1000 upstream", 3, 500, true},
		{"500 asked, 5000 upstream", 11, 500, true},
		{"50 asked, 1000 upstream, nothing stated", 21, 50, false},
		{"500 asked, 10000 upstream, nothing stated", 21, 500, false},
	} {
		b.Run(bb.name, func(b *testing.B) {
			w := &teller{t: b, store: openSQLite(b)}
			ask := []Ask{{Dataset: w.mesh(bb.layers, bb.width, bb.stated)}}
			for b.Loop() {
				s, err := Read(context.Background(), w.store, ask, day(5))
				if err != nil || len(s.Columns) != bb.width || len(s.Inflows)+len(s.Coarse) == 0 {
					b.Fatalf("%d columns (%v)", len(s.Columns), err)
				}
				b.ReportMetric(float64(len(s.Inflows)), "inflows")
			}
		})
	}
}

func BenchmarkCanonical(b *testing.B) {
	w := &teller{t: b, store: openSQLite(b)}
	s := w.read(Ask{Dataset: w.mesh(21, 50, true)})
	for b.Loop() {
		b.SetBytes(int64(len(s.Canonical())))
	}
}

// BenchmarkDownstream has 2,000 datasets, 1,000 transforms and 1,000 consumers downstream.
func BenchmarkDownstream(b *testing.B) {
	w := &teller{t: b, store: openSQLite(b)}
	first := w.dataset("first")
	for i := range 1_000 {
		t, d, e := w.transform(fmt.Sprint(i)), w.dataset(fmt.Sprint("d", i)), w.dataset(fmt.Sprint("e", i))
		w.through(first, t, d)
		w.link(t, catalog.RelOutput, e)
		w.link(e, catalog.RelDelivers, w.consumer(fmt.Sprint(i)))
	}
	w.write()
	for b.Loop() {
		r, err := Downstream(context.Background(), w.store, []graph.ID{first}, day(5))
		if err != nil || r.Datasets != 2_000 || len(r.Nearest) != 50 {
			b.Fatalf("%+v (%v)", r, err)
		}
	}
}
