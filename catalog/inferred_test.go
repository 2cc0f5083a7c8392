package catalog_test

import (
	"context"
	"testing"
	"time"

	"weir/catalog"
)

// What column lineage alone names is marked, stands in lineage, and is left out where people look for data, until
// something states it.
func TestInferredDatasetsAreKeptApart(t *testing.T) {
	ctx := context.Background()
	c := catalog.New(memory(t), time.Now)
	derive := catalog.Event{At: day, How: catalog.Observed, Source: "p", Raw: []byte("1"), Hash: [32]byte{1},
		Run: &catalog.RunFact{UUID: "1", Type: catalog.EventComplete}, Job: &catalog.JobFact{Namespace: "jobs", Name: "j"},
		Datasets: []catalog.DatasetFact{{Namespace: "db", Name: "orders", Role: catalog.Output, Derivations: []catalog.Derivation{
			{Column: "id", Namespace: "db", Name: "order_cte", From: "id"}}}}}
	accept := func(e catalog.Event) {
		t.Helper()
		p, err := catalog.Prepare("acc", e)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Apply(ctx, []catalog.Prepared{p}); err != nil {
			t.Fatal(err)
		}
	}
	look := func() (listed, counted, found int) {
		t.Helper()
		page, err := c.Datasets(ctx, catalog.DatasetList{First: 10})
		if err != nil {
			t.Fatal(err)
		}
		counts, err := c.Counts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		hits, err := c.Search(ctx, catalog.SearchInput{Query: "order", Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items), counts.Datasets, hits.Total
	}
	accept(derive)
	if l, n, f := look(); l != 1 || n != 1 || f != 1 {
		t.Errorf("%d listed, %d counted, %d found: want the stated one each time", l, n, f)
	}
	page, err := c.Datasets(ctx, catalog.DatasetList{First: 10, Inferred: true})
	if err != nil || len(page.Items) != 1 || page.Items[0].Name != "order_cte" {
		t.Errorf("asked for, it is %v, %v", page.Items, err)
	}
	hits, err := c.Search(ctx, catalog.SearchInput{Query: "is:inferred order", Limit: 10})
	if err != nil || hits.Total != 1 {
		t.Errorf("searched for, %d are found, %v", hits.Total, err)
	}
	accept(catalog.Event{At: day, How: catalog.Declared, Source: "p", Raw: []byte("2"), Hash: [32]byte{2},
		Datasets: []catalog.DatasetFact{{Namespace: "db", Name: "order_cte", Role: catalog.Subject}}})
	if l, n, f := look(); l != 2 || n != 2 || f != 2 {
		t.Errorf("once stated: %d listed, %d counted, %d found", l, n, f)
	}
}
