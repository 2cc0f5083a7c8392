package catalog_test

import (
	"context"
	"testing"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// report lets a run of job read from and write to datasets.
func report(t *testing.T, c *catalog.Service, job, in, out string, at time.Time) {
	t.Helper()
	raw := []byte(job + in + out + at.String())
	e := catalog.Event{At: at, How: catalog.Observed, Producer: "p", Source: "p", Raw: raw, Hash: [32]byte(append(raw, make([]byte, 32)...)[:32]),
		Run: &catalog.RunFact{UUID: at.String(), Type: catalog.EventComplete}, Job: &catalog.JobFact{Namespace: "jobs", Name: job},
		Datasets: []catalog.DatasetFact{{Namespace: "db", Name: in, Role: catalog.Input}, {Namespace: "db", Name: out, Role: catalog.Output}}}
	p, err := catalog.Prepare("acc", e)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Apply(context.Background(), []catalog.Prepared{p}); err != nil {
		t.Fatal(err)
	}
}

func inputs(t *testing.T, s graph.Store, job string) []graph.ID {
	t.Helper()
	page, err := s.Edges(context.Background(), graph.EdgeQuery{
		Of: []graph.ID{catalog.TransformID("jobs", job)}, Dir: graph.In, Rels: []graph.Rel{catalog.RelInput}})
	if err != nil {
		t.Fatal(err)
	}
	var out []graph.ID
	for _, e := range page.Edges {
		out = append(out, e.From)
	}
	return out
}

func TestCloseLineage_HoldsUntilItIsStatedAgain(t *testing.T) {
	ctx := context.Background()
	s := memory(t)
	c := catalog.New(s, time.Now)
	report(t, c, "j", "a", "b", day)
	in := catalog.CloseInput{From: catalog.DatasetID("db", "a"), To: catalog.TransformID("jobs", "j")}
	if err := c.CloseLineage(ctx, in); err != nil {
		t.Fatal(err)
	}
	if got := inputs(t, s, "j"); len(got) != 0 {
		t.Errorf("after closing: %v", got)
	}
	if err := c.CloseLineage(ctx, in); !errs.Is(err, errs.NotFound) {
		t.Errorf("closing twice: %v", err)
	}
	report(t, c, "j", "a", "b", day.Add(time.Hour)) // late news from before the closing
	if got := inputs(t, s, "j"); len(got) != 0 {
		t.Errorf("after an older event: %v", got)
	}
	report(t, c, "j", "a", "b", time.Now().Add(time.Hour))
	if got := inputs(t, s, "j"); len(got) != 1 {
		t.Errorf("after a later event: %v", got)
	}
}

func TestSetSame_MovesLineageAndBack(t *testing.T) {
	ctx := context.Background()
	s := memory(t)
	c := catalog.New(s, time.Now)
	report(t, c, "j", "a", "b", day)
	report(t, c, "k", "b2", "z", day)
	before := inputs(t, s, "k")
	b, b2 := catalog.DatasetID("db", "b"), catalog.DatasetID("db", "b2")
	if err := c.SetSame(ctx, catalog.SameInput{A: b, B: b2, Same: true}); err != nil {
		t.Fatal(err)
	}
	v, err := c.Dataset(ctx, b2)
	if err != nil {
		t.Fatal(err)
	}
	head := v.Dataset.ID
	if got := inputs(t, s, "k"); len(got) != 1 || got[0] != head || len(v.Aliases) != 1 {
		t.Errorf("k reads %v, the head is %s, aliases %v", got, head, v.Aliases)
	}
	made, err := s.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{head}, Dir: graph.In, Rels: []graph.Rel{catalog.RelOutput}})
	if err != nil || len(made.Edges) != 1 {
		t.Errorf("j doesn't write the head: %v, %v", made.Edges, err)
	}
	if err := c.SetSame(ctx, catalog.SameInput{A: b, B: b2, Same: false}); err != nil {
		t.Fatal(err)
	}
	if got := inputs(t, s, "k"); len(got) != 1 || got[0] != before[0] {
		t.Errorf("after taking it back k reads %v, not %v", got, before)
	}
	if err := c.SetSame(ctx, catalog.SameInput{A: b, B: b}); !errs.Is(err, errs.Invalid) {
		t.Errorf("the same twice: %v", err)
	}
}
