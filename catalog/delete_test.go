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

func TestDeleteDataset_EndsItsLineageAndKeepsTheHistory(t *testing.T) {
	ctx := context.Background()
	s := memory(t)
	c := catalog.New(s, time.Now)
	report(t, c, "j", "a", "b", day)
	report(t, c, "k", "b", "c", day)
	b := catalog.DatasetID("db", "b")
	if err := c.DeleteDataset(ctx, catalog.DeleteInput{ID: b}); !errs.Is(err, errs.Conflict) {
		t.Fatalf("deleting what k reads: %v, want a conflict", err)
	}
	if err := c.DeleteDataset(ctx, catalog.DeleteInput{ID: b, Despite: true}); err != nil {
		t.Fatal(err)
	}
	d, err := c.Dataset(ctx, b)
	if err != nil || d.Dataset.Lifecycle != catalog.Dropped {
		t.Errorf("its lifecycle is %q, %v; want DROP", d.Dataset.Lifecycle, err)
	}
	if got := inputs(t, s, "k"); len(got) != 0 {
		t.Errorf("k still reads %v", got)
	}
	if got := inputs(t, s, "j"); len(got) != 1 {
		t.Errorf("j reads %v, want a: that was not deleted", got)
	}
	past, err := s.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{b}, Dir: graph.Out, Rels: []graph.Rel{catalog.RelInput}, All: true})
	if err != nil || len(past.Edges) == 0 {
		t.Errorf("its history is %v, %v; want the edge to k", past.Edges, err)
	}
	if err := c.DeleteDataset(ctx, catalog.DeleteInput{ID: b, Despite: true}); !errs.Is(err, errs.Conflict) {
		t.Errorf("deleting twice: %v, want a conflict", err)
	}
	log, err := audit.Latest(ctx, s, 1)
	if err != nil || len(log) != 1 || log[0].Action != "catalog.delete" || log[0].Target != b {
		t.Errorf("the log says %+v, %v", log, err)
	}
}

func TestDeleteDataset_LateNewsDoesNotOpenItAndLaterNewsDoes(t *testing.T) {
	ctx := context.Background()
	s := memory(t)
	now := day.Add(time.Hour)
	c := catalog.New(s, func() time.Time { return now })
	report(t, c, "j", "a", "b", day)
	a := catalog.DatasetID("db", "a")
	if err := c.DeleteDataset(ctx, catalog.DeleteInput{ID: a, Despite: true}); err != nil {
		t.Fatal(err)
	}
	report(t, c, "j", "a", "b", day.Add(30*time.Minute))
	if got := inputs(t, s, "j"); len(got) != 0 {
		t.Errorf("after an older event j reads %v", got)
	}
	report(t, c, "j", "a", "b", day.Add(2*time.Hour))
	if got := inputs(t, s, "j"); len(got) != 1 {
		t.Errorf("after a later event j reads %v, want a", got)
	}
}

func TestDeleteDataset_WithoutReaders(t *testing.T) {
	ctx := context.Background()
	c := catalog.New(memory(t), time.Now)
	report(t, c, "j", "a", "b", day)
	if err := c.DeleteDataset(ctx, catalog.DeleteInput{ID: catalog.DatasetID("db", "b")}); err != nil {
		t.Errorf("what nobody reads: %v", err)
	}
	if err := c.DeleteDataset(ctx, catalog.DeleteInput{ID: catalog.DatasetID("db", "none")}); !errs.Is(err, errs.NotFound) {
		t.Errorf("what there isn't: %v", err)
	}
}
