package flow

import (
	"fmt"
	"reflect"
	"testing"

	"weir/catalog"
	"weir/graph"
)

func TestDownstream(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		crm, mart := w.dataset("crm"), w.dataset("mart")
		alias := w.dataset("alias", func(d *catalog.Dataset) { d.Head = crm })
		build := w.transform("build")
		near, far, old := w.consumer("near"), w.consumer("far"), w.consumer("old")
		w.through(crm, build, mart)
		w.link(mart, catalog.RelInput, build) // builds upon itself
		w.link(crm, catalog.RelDelivers, near)
		w.link(mart, catalog.RelDelivers, far)
		w.link(mart, catalog.RelDelivers, near)
		w.link(crm, catalog.RelDelivers, old, until(day(3)))
		w.write()
		thing := func(name string) Thing { return Thing{Kind: "Consumer", Name: name} }
		want := Reach{Datasets: 1, Transforms: 1, Consumers: 2, Nearest: []Dependent{{near, 1, thing("near")}, {far, 3, thing("far")}}}
		for _, from := range []graph.ID{crm, alias} {
			got, err := Downstream(t.Context(), w.store, []graph.ID{from, build, "ds_nothing"}, day(5))
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v (%v), want %+v", got, err, want)
			}
		}
		if got, err := Downstream(t.Context(), w.store, nil, day(5)); err != nil || !reflect.DeepEqual(got, Reach{}) {
			t.Errorf("%+v (%v)", got, err)
		}
		for most, complete := range map[int]bool{0: false, 1: false, 2: true, 9: true} {
			got, all, err := Consumers(t.Context(), w.store, []graph.ID{crm}, day(5), most)
			if err != nil || all != complete || !reflect.DeepEqual(got, want.Nearest[:min(most, 2)]) && most > 0 || most == 0 && len(got) > 0 {
				t.Errorf("%d: %+v, %v (%v)", most, got, all, err)
			}
		}
	})
}

func TestDownstream_ShowsTheNearestAndSaysWhenThereIsMore(t *testing.T) {
	each(t, func(t *testing.T, w *teller) {
		d := w.dataset("0")
		first := d
		for i := range graph.MaxDepth/2 + 1 {
			w.link(d, catalog.RelDelivers, w.consumer(fmt.Sprint(i)))
			next := w.dataset(fmt.Sprint(i + 1))
			w.through(d, w.transform(fmt.Sprint(i)), next)
			d = next
		}
		w.write()
		got, err := Downstream(t.Context(), w.store, []graph.ID{first}, day(5))
		if err != nil || !got.Partial || got.Datasets != 50 || got.Consumers != 50 || len(got.Nearest) != 50 || got.Nearest[1].Depth != 3 {
			t.Errorf("%+v (%v)", got, err)
		}
		_, complete, err := Consumers(t.Context(), w.store, []graph.ID{first}, day(5), 100)
		if err != nil || complete {
			t.Errorf("complete is %v (%v)", complete, err)
		}
	})
}
