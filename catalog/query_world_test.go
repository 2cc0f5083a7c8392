package catalog_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
	"weir/graph/sqlite"
)

// noon is the time of the small company that the reads are tested on.
var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// counting counts the calls that reads make to the store.
type counting struct {
	graph.Store
	calls atomic.Int64
}

func (c *counting) count() { c.calls.Add(1) }

func (c *counting) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	c.count()
	return c.Store.Nodes(ctx, ids...)
}

func (c *counting) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	c.count()
	return c.Store.Edges(ctx, q)
}

func (c *counting) Degrees(ctx context.Context, ids []graph.ID, rels []graph.Rel, at time.Time) (map[graph.ID]graph.Degree, error) {
	c.count()
	return c.Store.Degrees(ctx, ids, rels, at)
}

func (c *counting) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	c.count()
	return c.Store.List(ctx, q)
}

func (c *counting) Search(ctx context.Context, s graph.Search) (graph.Result, error) {
	c.count()
	return c.Store.Search(ctx, s)
}

// company is a store with a few datasets, jobs and consumers in it, that came in as events.
type company struct {
	*catalog.Service
	store *counting
	clock func() time.Time
	ahead atomic.Int64 // time that has passed, in nanoseconds
	t     *testing.T
	n     int
}

// onEngines runs a test on an empty company in each engine that needs nothing but this program.
func onEngines(t *testing.T, run func(t *testing.T, c *company)) {
	t.Run("memory", func(t *testing.T) { run(t, newCompany(t, memory(t))) })
	t.Run("sqlite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), schema(t), sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		run(t, newCompany(t, s))
	})
}

func newCompany(t *testing.T, s graph.Store) *company {
	t.Helper()
	store := &counting{Store: s}
	var ticks atomic.Int64 // no two changes are of one time
	c := &company{store: store, t: t}
	c.clock = func() time.Time {
		return noon.Add(time.Duration(ticks.Add(1))*time.Millisecond + time.Duration(c.ahead.Load()))
	}
	c.Service = catalog.New(store, c.clock)
	return c
}

// within fails the test if fn makes more calls to the store than a page may.
func (c *company) within(most int64, fn func()) {
	c.t.Helper()
	c.store.calls.Store(0)
	fn()
	if n := c.store.calls.Load(); n > most {
		c.t.Errorf("%d calls to the store, more than %d", n, most)
	}
}

func (c *company) send(events ...catalog.Event) {
	c.t.Helper()
	var all []catalog.Prepared
	for _, e := range events {
		c.n++
		raw := map[string]any{"eventTime": e.At.Format(time.RFC3339Nano), "n": c.n}
		if e.Run != nil {
			raw["eventType"] = e.Run.Type
			raw["run"] = map[string]any{"facets": map[string]any{
				"spark": map[string]any{"n": c.n}, "environmentVariables": map[string]any{"PASSWORD": "hunter2"},
			}}
		}
		b, err := json.Marshal(raw)
		if err != nil {
			c.t.Fatal(err)
		}
		e.Raw, e.Hash, e.How = b, sha256.Sum256(b), catalog.Observed
		if e.Producer == "" {
			e.Producer = "https://example.com/spark/3.5"
		}
		e.Source = "https://example.com/spark"
		p, err := catalog.Prepare("loader", e)
		if err != nil {
			c.t.Fatal(err)
		}
		all = append(all, p)
	}
	if err := c.Apply(c.t.Context(), all); err != nil {
		c.t.Fatal(err)
	}
}

// link adds edges that a follower would write.
func (c *company) link(es ...graph.Edge) {
	c.t.Helper()
	err := c.store.Update(c.t.Context(), "", func(ctx context.Context, tx graph.Tx) error { return tx.Link(ctx, es...) })
	if err != nil {
		c.t.Fatal(err)
	}
}

func table(name string, values catalog.Values, columns ...string) catalog.DatasetFact {
	f := catalog.DatasetFact{Namespace: "postgres://db", Name: name, Role: catalog.Subject, Values: values}
	for _, col := range columns {
		f.Columns = append(f.Columns, catalog.ColumnFact{Path: col, Type: "text"})
	}
	return f
}

func about(f catalog.DatasetFact) catalog.Event {
	return catalog.Event{At: noon.Add(-200 * time.Hour), Datasets: []catalog.DatasetFact{f}}
}

// runOf is a run of a job that reads and writes tables, with its START, an hour before its end, and its end.
func runOf(job string, kind catalog.ConsumerType, uuid string, end catalog.EventType, at time.Time, in, out []string) []catalog.Event {
	event := func(typ catalog.EventType, at time.Time) catalog.Event {
		e := catalog.Event{At: at, Run: &catalog.RunFact{UUID: uuid, Type: typ}, Job: &catalog.JobFact{Namespace: "airflow", Name: job, Consumer: kind}}
		for _, name := range in {
			e.Datasets = append(e.Datasets, catalog.DatasetFact{Namespace: "postgres://db", Name: name, Role: catalog.Input})
		}
		for _, name := range out {
			e.Datasets = append(e.Datasets, catalog.DatasetFact{Namespace: "postgres://db", Name: name, Role: catalog.Output, Rows: 42, Bytes: 4200})
		}
		return e
	}
	last := event(end, at)
	if end == catalog.EventFail {
		last.Run.Error = "disk full"
	}
	if end == catalog.EventStart {
		return []catalog.Event{last}
	}
	return []catalog.Event{event(catalog.EventStart, at.Add(-time.Hour)), last}
}

// fill makes the company: three domains, five tables, three jobs, a dashboard and a model.
func (c *company) fill() {
	c.t.Helper()
	customers := table("crm.customers", catalog.Values{
		catalog.FieldTitle: {"Customers"}, catalog.FieldDescription: {"Everyone who ever bought something."},
		catalog.FieldDomain: {"customer"}, catalog.FieldClassification: {"confidential"}, catalog.FieldOwners: {"team:crm"},
		catalog.FieldTags: {"gold"}, catalog.FieldType: {"TABLE"},
	}, "id", "customer_email", "address.city")
	customers.ColumnValues = map[string]catalog.Values{"customer_email": {catalog.FieldClasses: {"pii"}}}
	customers.Facets = []catalog.Facet{{Key: "quality", Body: []byte(`{"ok":true}`)}}
	payments := table("pay.transactions", catalog.Values{
		catalog.FieldDomain: {"payments"}, catalog.FieldClassification: {"restricted"}, catalog.FieldClasses: {"pci"}, catalog.FieldOwners: {"team:pay"},
	}, "id", "card", "amount")
	mart := table("mart.customer_360", catalog.Values{catalog.FieldDomain: {"customer"}, catalog.FieldTitle: {"Customer 360"}}, "customer_id", "email")
	c.send(about(customers), about(payments), about(mart), about(table("crm.addresses", nil, "street")), about(table("ops.scratch", nil)))
	for i := range 5 {
		at := noon.Add(-time.Duration(24*(5-i)) * time.Hour)
		c.send(runOf("build_360", "", fmt.Sprint("b", i), catalog.EventComplete, at, []string{"crm.customers", "pay.transactions"}, []string{"mart.customer_360"})...)
	}
	c.send(runOf("load_customers", "", "l1", catalog.EventFail, noon.Add(-2*time.Hour), []string{"crm.addresses"}, []string{"crm.customers"})...)
	c.send(runOf("sync", "", "s1", catalog.EventStart, noon.Add(-80*time.Hour), []string{"ops.scratch"}, nil)...)
	c.send(runOf("spring_mailing", catalog.Dashboard, "d1", catalog.EventComplete, noon.Add(-3*time.Hour), []string{"mart.customer_360"}, nil)...)
	c.send(runOf("churn_model", catalog.Model, "m1", catalog.EventComplete, noon.Add(-4*time.Hour), []string{"mart.customer_360"}, nil)...)
	pii := catalog.ClassID("pii")
	origin := graph.Props{catalog.EdgeOrigin: string(catalog.ColumnID(ds("crm.customers"), "customer_email"))}
	for _, to := range []graph.ID{ds("crm.customers"), ds("mart.customer_360"), con("spring_mailing"), catalog.ColumnID(ds("mart.customer_360"), "email")} {
		c.link(graph.Edge{From: to, To: pii, Rel: catalog.RelInherits, Props: origin})
	}
}

func ds(name string) graph.ID  { return catalog.DatasetID("postgres://db", name) }
func tf(name string) graph.ID  { return catalog.TransformID("airflow", name) }
func con(name string) graph.ID { return catalog.ConsumerID("airflow", name) }
