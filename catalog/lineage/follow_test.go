package lineage

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"weir/audit"
	"weir/catalog"
	"weir/graph"
)

// reports makes random events about a few datasets and jobs: columns derive from each other in clear and masked, are
// classified, and come and go; datasets get other names and are dropped; explicit lineage closes what it doesn't name.
type reports struct {
	rnd *rand.Rand
	n   int
}

func (r *reports) pick(names ...string) string { return names[r.rnd.IntN(len(names))] }

func (r *reports) event() catalog.Event {
	r.n++
	e := catalog.Event{
		At: day(r.rnd.IntN(30)), How: catalog.Observed, Producer: "https://spark", Source: "https://spark", Raw: []byte(strconv.Itoa(r.n)),
		Job: &catalog.JobFact{Namespace: "jobs", Name: r.pick("a", "b", "c", "board")},
		Run: &catalog.RunFact{UUID: strconv.Itoa(r.rnd.IntN(4)), Type: catalog.EventType(r.pick("START", "COMPLETE"))},
	}
	if e.Job.Name == "board" {
		e.Job.Consumer = catalog.Dashboard
	}
	for range 1 + r.rnd.IntN(2) {
		e.Datasets = append(e.Datasets, r.dataset(e.Job.Name))
	}
	if r.rnd.IntN(8) == 0 {
		target := r.pick("p", "q", "r")
		e.Links = append(e.Links, catalog.LinkFact{
			Target: catalog.Ref{Namespace: "db", Name: target}, Via: &catalog.Ref{Job: true, Namespace: "jobs", Name: e.Job.Name},
			Inputs: []catalog.Ref{{Namespace: "db", Name: r.pick("s", "t")}},
		})
	}
	e.Hash = sha256.Sum256(e.Raw)
	return e
}

func (r *reports) dataset(job string) catalog.DatasetFact {
	f := catalog.DatasetFact{Namespace: "db", Name: r.pick("p", "q", "r", "s", "t"), Role: catalog.Input, Values: catalog.Values{}}
	if job != "board" && r.rnd.IntN(2) == 0 {
		f.Role = catalog.Output
	}
	if r.rnd.IntN(2) == 0 {
		for _, c := range []string{"id", "name", "mail"}[:1+r.rnd.IntN(3)] {
			f.Columns = append(f.Columns, catalog.ColumnFact{Path: c, Type: "text"})
		}
	}
	if r.rnd.IntN(3) == 0 {
		classes := []string{}
		if r.rnd.IntN(3) > 0 {
			classes = append(classes, r.pick("pii", "pci"))
		}
		f.ColumnValues = map[string]catalog.Values{r.pick("id", "mail"): {catalog.FieldClasses: classes}}
	}
	if r.rnd.IntN(6) == 0 {
		f.Values[catalog.FieldClasses] = []string{r.pick("pii", "phi")}
	}
	if r.rnd.IntN(10) == 0 {
		f.Values[catalog.FieldLifecycle] = []string{r.pick("DROP", "CREATE")}
	}
	for range r.rnd.IntN(3) {
		f.Derivations = append(f.Derivations, catalog.Derivation{
			Column: r.pick("id", "name", "mail"), Namespace: "db", Name: r.pick("p", "q", "r", "s"), From: r.pick("id", "name", "mail"),
			Masked: r.rnd.IntN(4) == 0, Subtype: "IDENTITY",
		})
	}
	if r.rnd.IntN(8) == 0 {
		f.Symlinks = []catalog.Symlink{{Namespace: "db", Name: r.pick("p", "q", "t"), Type: r.pick("TABLE", "LOCATION")}}
	}
	return f
}

// TestFollow: whatever events and edits come, the classes that a follower of the log wrote are those that a check finds.
func TestFollow(t *testing.T) {
	for seed := range 60 {
		store := openMemory(t)
		r := &reports{rnd: rand.New(rand.NewPCG(uint64(seed), 3))}
		c, p := catalog.New(store, time.Now), NewPropagator(store)
		follower := audit.Follower{Name: "classes", Batch: 3, Do: p.Follow}
		for round := range 12 {
			accept(t, c, r.event(), r.event())
			for {
				n, err := follower.Step(context.Background(), store)
				if err != nil {
					t.Fatal(err)
				}
				if n == 0 {
					break
				}
			}
			drift, err := p.Check(context.Background())
			if err != nil || len(drift) > 0 {
				t.Fatalf("seed %d, round %d: %d edges drift, the first is %s (%v)", seed, round, len(drift), text(t, drift), err)
			}
		}
	}
}

func accept(t testing.TB, c *catalog.Service, events ...catalog.Event) {
	t.Helper()
	var group []catalog.Prepared
	for _, e := range events {
		p, err := catalog.Prepare("acc", e)
		if err != nil {
			t.Fatal(err)
		}
		group = append(group, p)
	}
	if err := c.Apply(context.Background(), group); err != nil {
		t.Fatal(err)
	}
}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestLineageOfEvents asks about what the catalog itself made of events.
func TestLineageOfEvents(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := catalog.New(store, time.Now)
		run := func(uuid string, at time.Time, in ...string) {
			e := catalog.Event{
				At: at, How: catalog.Observed, Producer: "https://spark/1.0", Source: "https://spark", Raw: []byte(uuid),
				Job: &catalog.JobFact{Namespace: "jobs", Name: "load"}, Run: &catalog.RunFact{UUID: uuid, Type: catalog.EventComplete},
				Datasets: []catalog.DatasetFact{{Namespace: "db", Name: "mart", Role: catalog.Output,
					Columns:     []catalog.ColumnFact{{Path: "mail"}},
					Derivations: []catalog.Derivation{{Column: "mail", Namespace: "db", Name: "raw", From: "mail", Subtype: "IDENTITY"}}}},
			}
			for _, name := range in {
				e.Datasets = append(e.Datasets, catalog.DatasetFact{Namespace: "db", Name: name, Role: catalog.Input, Columns: []catalog.ColumnFact{{Path: "mail"}}})
			}
			e.Hash = sha256.Sum256(e.Raw)
			accept(t, c, e)
		}
		run("1", day(1), "raw", "old")
		run("2", day(2), "raw")
		mart, raw, old, load := catalog.DatasetID("db", "mart"), catalog.DatasetID("db", "raw"), catalog.DatasetID("db", "old"), catalog.TransformID("jobs", "load")
		s := New(store, time.Now)
		a, err := s.Lineage(context.Background(), Query{Root: mart, Direction: Upstream, Depth: 2, Columns: true})
		if err != nil || len(a.Nodes) != 4 || len(a.Edges) != 3 {
			t.Fatalf("%d nodes, %d edges (%v)", len(a.Nodes), len(a.Edges), err)
		}
		for _, e := range a.Edges {
			confirmed := map[graph.ID]time.Time{raw: day(2), old: day(1), load: day(2)}[e.From]
			if e.Producer != "https://spark" || e.How != catalog.Observed || !e.Since.Equal(day(1)) || !e.ConfirmedAt.Equal(confirmed) || e.Unconfirmed != (e.From == old) {
				t.Errorf("%+v", e)
			}
		}
		if len(a.Columns) != 3 || len(a.ColumnEdges) != 1 || a.ColumnEdges[0].Producer != "https://spark" || a.ColumnEdges[0].Via[0] != load {
			t.Errorf("columns %+v, edges %+v", a.Columns, a.ColumnEdges)
		}
	})
}
