package catalog_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

const mostCalls = 12

func TestDatasetPage(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		title := "Our customers"
		if err := c.Describe(t.Context(), catalog.DescribeInput{ID: ds("crm.customers"), Title: &title}); err != nil {
			t.Fatal(err)
		}
		var v catalog.DatasetView
		c.within(mostCalls, func() { v = must(c.DatasetByName(t.Context(), "postgres://db", "crm.customers"))(t) })
		if v.Dataset.Title != title || v.Domain == nil || v.Domain.Name != "customer" || v.Edits != 1 {
			t.Errorf("got %+v of %+v", v.Dataset, v.Domain)
		}
		if len(v.Owners) != 1 || v.Owners[0].Name != "team:crm" || len(v.Tags) != 1 || v.Tags[0].Name != "gold" {
			t.Errorf("owners %v, tags %v", v.Owners, v.Tags)
		}
		if len(v.Classes) != 1 || v.Classes[0].Name != "pii" || len(v.Inherited) != 0 {
			t.Errorf("a class of an own column is declared: %v, %v", v.Classes, v.Inherited)
		}
		if v.In != 1 || v.Out != 1 {
			t.Errorf("degrees %d, %d", v.In, v.Out)
		}
		if s := v.Said[catalog.FieldTitle]; !s.Person || s.By != "operator" {
			t.Errorf("the title is said by %+v", s)
		}
		if s := v.Said[catalog.FieldDescription]; s.Person || s.By != "https://example.com/spark" || s.At.IsZero() {
			t.Errorf("the description is said by %+v", s)
		}
		if len(v.Facets) != 1 || v.Facets[0].Key != "quality" || v.Facets[0].JSON != `{"ok":true}` {
			t.Errorf("facets %+v", v.Facets)
		}
		mart := must(c.Dataset(t.Context(), ds("mart.customer_360")))(t)
		if len(mart.Inherited) != 1 || mart.Inherited[0].Path != "customer_email" || mart.Inherited[0].Name != "crm.customers" {
			t.Errorf("inherited %+v", mart.Inherited)
		}
		if want := noon.Add(-24 * time.Hour); !mart.Dataset.Written.Equal(want) {
			t.Errorf("written %v, want %v", mart.Dataset.Written, want)
		}
	})
}

func TestMissingThings(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		for name, look := range map[string]func(context.Context, graph.ID) error{
			"dataset":   func(ctx context.Context, id graph.ID) error { _, err := c.Dataset(ctx, id); return err },
			"transform": func(ctx context.Context, id graph.ID) error { _, err := c.Transform(ctx, id); return err },
			"consumer":  func(ctx context.Context, id graph.ID) error { _, err := c.Consumer(ctx, id); return err },
			"domain":    func(ctx context.Context, id graph.ID) error { _, err := c.Domain(ctx, id); return err },
			"column":    func(ctx context.Context, id graph.ID) error { _, err := c.Column(ctx, id); return err },
			"run":       func(ctx context.Context, id graph.ID) error { _, err := c.Run(ctx, id); return err },
			"code":      func(ctx context.Context, id graph.ID) error { _, err := c.Code(ctx, id); return err },
			"history":   func(ctx context.Context, id graph.ID) error { _, err := c.History(ctx, id, 1, ""); return err },
		} {
			for _, id := range []graph.ID{"ds_none", "", "not an id", graph.ID(strings.Repeat("x", 500))} {
				if err := look(t.Context(), id); !errs.Is(err, errs.NotFound) {
					t.Errorf("%s %.10q: %v", name, id, err)
				}
			}
		}
		if _, err := c.Dataset(t.Context(), tf("build_360")); !errs.Is(err, errs.NotFound) {
			t.Errorf("a job is no dataset: %v", err)
		}
	})
}

func TestAliasesAnswerWithTheirHead(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		file := catalog.DatasetFact{
			Namespace: "file", Name: "/data/addresses", Role: catalog.Subject, Columns: []catalog.ColumnFact{{Path: "zip"}, {Path: "street"}},
			Symlinks: []catalog.Symlink{{Namespace: "postgres://db", Name: "crm.addresses", Type: "TABLE"}},
			Facets:   []catalog.Facet{{Key: "storage", Body: []byte(`{}`)}},
		}
		c.send(about(file))
		alias := catalog.DatasetID("file", "/data/addresses")
		var v catalog.DatasetView
		c.within(mostCalls, func() { v = must(c.Dataset(t.Context(), alias))(t) })
		if v.Dataset.ID != ds("crm.addresses") || len(v.Aliases) != 1 || v.Aliases[0].ID != alias {
			t.Fatalf("got %s with %v", v.Dataset.Name, v.Aliases)
		}
		if len(v.Facets) != 1 || v.Facets[0].Key != "storage" {
			t.Errorf("facets of an alias are shown with the head: %v", v.Facets)
		}
		if a := must(c.Assets(t.Context(), alias))(t)[alias]; a.ID != v.Dataset.ID {
			t.Errorf("as an asset it is %s", a.ID)
		}
		for _, d := range must(c.Datasets(t.Context(), catalog.DatasetList{First: 100}))(t).Items {
			if d.ID == alias {
				t.Error("an alias is listed")
			}
		}
		var cols catalog.ColumnPage
		c.within(mostCalls, func() {
			cols = must(c.Columns(t.Context(), catalog.ColumnList{Dataset: alias, First: 10}))(t)
		})
		var paths []string
		for _, col := range cols.Items {
			paths = append(paths, col.Column.Path)
		}
		if got := strings.Join(paths, " "); got != "street zip" && got != "zip street" {
			t.Errorf("columns of both names, each once: %q", got)
		}
	})
}

func TestColumns(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		ask := func(q catalog.ColumnList) (catalog.ColumnPage, string) {
			t.Helper()
			var page catalog.ColumnPage
			c.within(mostCalls, func() { page = must(c.Columns(t.Context(), q))(t) })
			var paths []string
			for _, col := range page.Items {
				paths = append(paths, col.Column.Path)
			}
			return page, strings.Join(paths, " ")
		}
		of := ds("crm.customers")
		page, got := ask(catalog.ColumnList{Dataset: of, First: 2})
		if got != "id customer_email" || page.Next == "" || page.Total != 3 || page.All != 3 {
			t.Errorf("first page %q %+v", got, page)
		}
		if _, got := ask(catalog.ColumnList{Dataset: of, First: 2, After: page.Next}); got != "address.city" {
			t.Errorf("second page %q", got)
		}
		if page, got := ask(catalog.ColumnList{Dataset: of, First: 9, Text: " EMAIL"}); got != "customer_email" || page.Total != 1 || page.All != 3 {
			t.Errorf("by text %q %+v", got, page)
		}
		if page, got := ask(catalog.ColumnList{Dataset: of, First: 9, Sensitive: true}); got != "customer_email" || len(page.Items[0].Classes) != 1 {
			t.Errorf("sensitive %q %+v", got, page)
		}
		page, got = ask(catalog.ColumnList{Dataset: ds("mart.customer_360"), First: 9, Sensitive: true})
		if got != "email" || len(page.Items[0].Inherited) != 1 || page.Items[0].Inherited[0].Name != "crm.customers" {
			t.Errorf("inherited %q %+v", got, page)
		}
		if _, err := c.Columns(t.Context(), catalog.ColumnList{Dataset: of, First: 2, After: "x"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a made-up cursor: %v", err)
		}
		v := must(c.Column(t.Context(), catalog.ColumnID(of, "address.city")))(t)
		if v.Dataset.Name != "crm.customers" || v.Column.Position != 3 {
			t.Errorf("column %+v", v)
		}
	})
}

func TestCallsDontGrowWithTheRows(t *testing.T) {
	onEngines(t, func(t *testing.T, c *company) {
		c.fill()
		var ids []graph.ID
		for _, d := range must(c.Datasets(t.Context(), catalog.DatasetList{First: 100}))(t).Items {
			ids = append(ids, d.ID)
		}
		c.within(5, func() {
			at := must(c.Attributes(t.Context(), ids))(t)
			if len(at) != 5 || len(at[ds("crm.customers")].Owners) != 1 {
				t.Errorf("attributes of %d: %+v", len(at), at)
			}
		})
	})
}

// must gives the value, or fails the test.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
