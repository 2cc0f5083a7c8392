package catalog_test

import (
	"context"
	"testing"
	"time"

	"weir/audit"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

func ptr[T any](v T) *T { return &v }

// described is a store with one dataset that events describe, and its service.
func described(t *testing.T) (graph.Store, *catalog.Service, graph.ID) {
	t.Helper()
	s := memory(t)
	c := catalog.New(s, time.Now)
	state(t, c, "first words", day)
	return s, c, catalog.DatasetID("db", "orders")
}

// state lets an event say what orders is.
func state(t *testing.T, c *catalog.Service, words string, at time.Time) {
	t.Helper()
	e := catalog.Event{At: at, How: catalog.Declared, Producer: "p", Source: "p", Raw: []byte(words), Hash: [32]byte{byte(len(words))},
		Datasets: []catalog.DatasetFact{{Namespace: "db", Name: "orders", Role: catalog.Subject,
			Values: catalog.Values{catalog.FieldDescription: {words}, catalog.FieldOwners: {"ann"}, catalog.FieldDomain: {"sales"}}}}}
	p, err := catalog.Prepare("acc", e)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Apply(context.Background(), []catalog.Prepared{p}); err != nil {
		t.Fatal(err)
	}
}

func TestDescribe_APersonOutranksEventsUntilCleared(t *testing.T) {
	ctx := context.Background()
	s, c, id := described(t)
	in := catalog.DescribeInput{ID: id, Version: ptr(0), Description: ptr("a person's words"), Owners: ptr([]string{"bob", "bob", " "})}
	if err := c.Describe(ctx, in); err != nil {
		t.Fatal(err)
	}
	state(t, c, "later words of an event", day.Add(time.Hour))
	v, err := c.Dataset(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if v.Dataset.Description != "a person's words" || len(v.Owners) != 1 || v.Owners[0].Name != "bob" || v.Edits != 1 {
		t.Errorf("shown: %q, owners %v, edits %d", v.Dataset.Description, v.Owners, v.Edits)
	}
	if !v.Said[catalog.FieldDescription].Person {
		t.Error("the page doesn't say that a person said so")
	}
	if err := c.Describe(ctx, catalog.DescribeInput{ID: id, Clear: []catalog.Field{catalog.FieldDescription, catalog.FieldOwners}}); err != nil {
		t.Fatal(err)
	}
	v, err = c.Dataset(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if v.Dataset.Description != "later words of an event" || len(v.Owners) != 1 || v.Owners[0].Name != "ann" {
		t.Errorf("after clearing: %q, owners %v", v.Dataset.Description, v.Owners)
	}
	h, err := audit.Of(ctx, s, id, 10, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(h.Entries) != 3 || h.Entries[1].Action != "catalog.describe" {
		t.Fatalf("history: %+v", h.Entries)
	}
	want := audit.Change{Asset: id, Field: "description", Before: "first words", After: "a person's words"}
	if got := h.Entries[1].Changes[0]; got != want {
		t.Errorf("the log says %+v, not %+v", got, want)
	}
}

func TestDescribe_RefusesAndChangesNothing(t *testing.T) {
	ctx := context.Background()
	s, c, id := described(t)
	if err := c.Describe(ctx, catalog.DescribeInput{ID: id, Title: ptr("Orders")}); err != nil {
		t.Fatal(err)
	}
	before := picture(t, s)
	long := make([]byte, catalog.MaxTitle+1)
	for i := range long {
		long[i] = 'x'
	}
	for name, tc := range map[string]struct {
		in   catalog.DescribeInput
		kind errs.Kind
	}{
		"an old version":     {catalog.DescribeInput{ID: id, Version: ptr(0), Title: ptr("Mine")}, errs.Conflict},
		"no such asset":      {catalog.DescribeInput{ID: catalog.DatasetID("db", "none"), Title: ptr("x")}, errs.NotFound},
		"a long title":       {catalog.DescribeInput{ID: id, Title: ptr(string(long))}, errs.Invalid},
		"control characters": {catalog.DescribeInput{ID: id, Title: ptr("a\x00b")}, errs.Invalid},
		"not UTF-8":          {catalog.DescribeInput{ID: id, Tags: ptr([]string{"\xff"})}, errs.Invalid},
		"no classification":  {catalog.DescribeInput{ID: id, Classification: ptr("secret")}, errs.Invalid},
		"not of a dataset":   {catalog.DescribeInput{ID: id, Purpose: ptr("x")}, errs.Invalid},
	} {
		if err := c.Describe(ctx, tc.in); !errs.Is(err, tc.kind) {
			t.Errorf("%s: %v, not %s", name, err, tc.kind)
		}
	}
	if after := picture(t, s); after != before {
		t.Errorf("something was written:\n%s", difference(before, after))
	}
}

func TestDescribe_Domain(t *testing.T) {
	ctx := context.Background()
	_, c, _ := described(t)
	id := catalog.DomainID("sales")
	if err := c.Describe(ctx, catalog.DescribeInput{ID: id, Title: ptr("Sales and orders"), Description: ptr("What we sell."), Owners: ptr([]string{"eve"})}); err != nil {
		t.Fatal(err)
	}
	state(t, c, "other words", day.Add(time.Hour))
	v, err := c.Domain(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if v.Domain.Title != "Sales and orders" || v.Domain.Description != "What we sell." || len(v.Owners) != 1 || v.Edits != 1 {
		t.Errorf("%+v", v)
	}
	if err := c.Describe(ctx, catalog.DescribeInput{ID: id, Title: ptr("")}); err != nil {
		t.Fatal(err)
	}
	if v, err = c.Domain(ctx, id); err != nil || v.Domain.Title != "Sales" {
		t.Errorf("without a title: %q, %v", v.Domain.Title, err)
	}
}
