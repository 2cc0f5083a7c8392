package lineage

import (
	"context"
	"slices"
	"testing"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

func TestImpact(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		sales := catalog.DomainID("sales")
		c := newCompany(t, store, func(d *catalog.Dataset) { d.Domain = sales })
		anna, pii, phi := c.owner("anna"), c.class("pii"), c.class("phi")
		c.nodes = append(c.nodes, catalog.DomainType.Write(sales, graph.Upsert, catalog.Domain{Name: "sales"}))
		c.link(c.mart, catalog.RelOwned, anna)
		c.link(c.mart, catalog.RelClass, phi)
		c.link(c.mart, catalog.RelInherits, pii)
		c.write()
		for _, f := range []Filter{{}, {Kinds: []graph.Kind{catalog.DatasetType.Kind, catalog.ConsumerKind.Kind, catalog.TransformType.Kind}}} {
			got, err := c.service().Impact(context.Background(), ImpactQuery{Root: c.raw, Depth: 9, Filter: f})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, row := range got.Rows {
				names = append(names, row.Name)
			}
			if want := []string{"copy", "load", "other", "stage", "shape", "mart", "dashboard"}; !slices.Equal(names, want) || got.Total != 7 || got.Next != "" {
				t.Errorf("rows %v of %d, want %v", names, got.Total, want)
			}
			mart := got.Rows[5]
			if mart.Via != c.shape || mart.Domain != sales || !slices.Equal(mart.Owners, []graph.ID{anna}) ||
				!slices.Equal(mart.Classes, []graph.ID{phi}) || !slices.Equal(mart.Inherited, []graph.ID{pii}) {
				t.Errorf("%+v", mart)
			}
			for _, id := range []graph.ID{c.shape, sales, anna, phi, pii} {
				if got.Related[id].ID != id {
					t.Errorf("%s is not among what the rows name", id)
				}
			}
		}
	})
}

func TestImpactOfADatasetAlone(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		got, err := c.service().Impact(context.Background(), ImpactQuery{Root: c.raw, Depth: 9, Filter: Filter{Kinds: []graph.Kind{catalog.ConsumerKind.Kind}}})
		if err != nil || len(got.Rows) != 1 || got.Rows[0].ID != c.dashboard || got.Rows[0].Via != c.mart {
			t.Errorf("%+v (%v): the dashboard via mart, which the filter leaves out", got.Rows, err)
		}
	})
}

func TestImpactPages(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		for limit := 1; limit <= 8; limit++ {
			var names []string
			q := ImpactQuery{Root: c.raw, Depth: 9, Limit: limit}
			for {
				got, err := c.service().Impact(context.Background(), q)
				if err != nil || len(got.Rows) > limit || got.Total != 7 {
					t.Fatalf("%d: %d rows of %d (%v)", limit, len(got.Rows), got.Total, err)
				}
				for _, row := range got.Rows {
					names = append(names, row.Name)
				}
				if got.Next == "" {
					break
				}
				q.After = got.Next
			}
			if want := []string{"copy", "load", "other", "stage", "shape", "mart", "dashboard"}; !slices.Equal(names, want) {
				t.Errorf("pages of %d give %v, want %v", limit, names, want)
			}
		}
		first, err := c.service().Impact(context.Background(), ImpactQuery{Root: c.raw, Depth: 9, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []ImpactQuery{
			{Root: c.raw, Depth: 8, After: first.Next}, {Root: c.stage, Depth: 9, After: first.Next},
			{Root: c.raw, Depth: 9, After: first.Next, Filter: Filter{Kinds: []graph.Kind{"Dataset"}}}, {Root: c.raw, Depth: 9, Limit: -1},
		} {
			if _, err := c.service().Impact(context.Background(), q); !errs.Is(err, errs.Invalid) {
				t.Errorf("a cursor of another list: %v", err)
			}
		}
	})
}
