package gqlschema

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	"weir/graph/sqlite"
	"weir/identity"
	"weir/identity/session"
	"weir/jobs"
	"weir/marketplace"
	"weir/notify"
)

var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// counting counts the calls to the store.
type counting struct {
	graph.Store
	calls atomic.Int64
}

func (c *counting) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	c.calls.Add(1)
	return c.Store.Nodes(ctx, ids...)
}

func (c *counting) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	c.calls.Add(1)
	return c.Store.Edges(ctx, q)
}

func (c *counting) Degrees(ctx context.Context, ids []graph.ID, rels []graph.Rel, at time.Time) (map[graph.ID]graph.Degree, error) {
	c.calls.Add(1)
	return c.Store.Degrees(ctx, ids, rels, at)
}

func (c *counting) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	c.calls.Add(1)
	return c.Store.List(ctx, q)
}

func (c *counting) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	c.calls.Add(1)
	return c.Store.Traverse(ctx, w)
}

func (c *counting) Path(ctx context.Context, from, to graph.ID, w graph.Walk) ([][]graph.Edge, error) {
	c.calls.Add(1)
	return c.Store.Path(ctx, from, to, w)
}

func (c *counting) Search(ctx context.Context, s graph.Search) (graph.Result, error) {
	c.calls.Add(1)
	return c.Store.Search(ctx, s)
}

// world is a store with a small company in it, behind the door.
type world struct {
	http.Handler
	t       testing.TB
	store   *counting
	catalog *catalog.Service
	options Options
	events  int
}

// newWorld is a world with its company, at a fixed time.
func newWorld(t testing.TB) *world {
	t.Helper()
	var ticks atomic.Int64 // no two changes are of one time
	w := newEmptyWorld(t, func() time.Time { return noon.Add(time.Duration(ticks.Add(1)) * time.Millisecond) })
	w.fill()
	return w
}

// worldSchema is everything that the program keeps.
func worldSchema(t testing.TB) graph.Schema {
	t.Helper()
	schema, err := graph.Merge(catalog.Schema(), audit.Schema(), authz.Schema(), identity.Schema(), session.Schema(),
		marketplace.Schema(), jobs.Schema(), notify.Schema())
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func newEmptyWorld(t testing.TB, clock func() time.Time) *world {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), worldSchema(t), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return worldOver(t, s, clock)
}

// worldOver is an empty world over a store of any engine.
func worldOver(t testing.TB, s graph.Store, clock func() time.Time) *world {
	t.Helper()
	store := &counting{Store: s}
	w := &world{t: t, store: store, catalog: catalog.New(store, clock)}
	w.options = Options{
		Catalog: w.catalog, Lineage: lineage.New(store, clock), Log: store,
	}
	w.Handler = Handler(w.options)
	return w
}

func (w *world) send(events ...catalog.Event) {
	w.t.Helper()
	var all []catalog.Prepared
	for _, e := range events {
		w.events++
		raw := fmt.Appendf(nil, `{"n": %d}`, w.events)
		e.Raw, e.Hash, e.How = raw, sha256.Sum256(raw), catalog.Observed
		e.Producer, e.Source = "https://example.com/spark/3.5", "https://example.com/spark"
		p, err := catalog.Prepare("loader", e)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, p)
	}
	if err := w.catalog.Apply(w.t.Context(), all); err != nil {
		w.t.Fatal(err)
	}
}

const namespace = "postgres://db"

func table(name string, values catalog.Values, columns ...string) catalog.Event {
	f := catalog.DatasetFact{Namespace: namespace, Name: name, Role: catalog.Subject, Values: values}
	for _, col := range columns {
		f.Columns = append(f.Columns, catalog.ColumnFact{Path: col, Type: "text"})
	}
	return catalog.Event{At: noon.Add(-200 * time.Hour), Datasets: []catalog.DatasetFact{f}}
}

// job is a completed run that reads and writes tables.
func job(name string, kind catalog.ConsumerType, in, out []string) catalog.Event {
	e := catalog.Event{
		At: noon.Add(-3 * time.Hour), Run: &catalog.RunFact{UUID: name + "-1", Type: catalog.EventComplete},
		Job: &catalog.JobFact{Namespace: "airflow", Name: name, Consumer: kind, Values: catalog.Values{catalog.FieldCode: {"select 1 -- " + name}}},
	}
	for _, t := range in {
		e.Datasets = append(e.Datasets, catalog.DatasetFact{Namespace: namespace, Name: t, Role: catalog.Input})
	}
	for _, t := range out {
		e.Datasets = append(e.Datasets, catalog.DatasetFact{Namespace: namespace, Name: t, Role: catalog.Output, Rows: 42, Bytes: 4200})
	}
	return e
}

// fill makes addresses → load → customers → build → mart → dashboard and model, and 30 tables beside.
func (w *world) fill() {
	w.t.Helper()
	w.send(
		table("crm.customers", catalog.Values{
			catalog.FieldTitle: {"Customers"}, catalog.FieldDescription: {"Everyone who ever bought something."},
			catalog.FieldDomain: {"customer"}, catalog.FieldClassification: {"confidential"}, catalog.FieldOwners: {"team:crm"},
			catalog.FieldTags: {"gold"}, catalog.FieldClasses: {"pii"},
		}, "id", "customer_email", "city"),
		table("mart.customer_360", catalog.Values{catalog.FieldDomain: {"customer"}}, "customer_id", "email"),
		table("crm.addresses", nil, "street"),
	)
	w.send(
		job("load", "", []string{"crm.addresses"}, []string{"crm.customers"}),
		job("build", "", []string{"crm.customers"}, []string{"mart.customer_360"}),
		job("mailing", catalog.Dashboard, []string{"mart.customer_360"}, nil),
		job("churn", catalog.Model, []string{"mart.customer_360"}, nil),
	)
	var beside []catalog.Event
	for i := range 30 {
		beside = append(beside, table(fmt.Sprintf("ops.t%02d", i), catalog.Values{
			catalog.FieldDomain: {fmt.Sprint("area", i%3)}, catalog.FieldOwners: {fmt.Sprint("team:", i)}, catalog.FieldTags: {fmt.Sprint("tag", i)},
		}, "a", "b"))
	}
	w.send(beside...)
}

func ds(name string) graph.ID { return catalog.DatasetID(namespace, name) }

// reply is what came back.
type reply struct {
	Status int `json:"-"`
	header http.Header
	body   string
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions map[string]any
	}
}

// post sends a query the way that most clients do.
func (w *world) post(query string, variables map[string]any) reply {
	w.t.Helper()
	return w.raw(http.MethodPost, "application/json", mediaResponse, body(w.t, query, variables))
}

func (w *world) raw(method, contentType, accept, body string) reply {
	w.t.Helper()
	req := httptest.NewRequestWithContext(w.t.Context(), method, "/graphql", bytes.NewBufferString(body))
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	rec := httptest.NewRecorder()
	rec.Header().Set("Request-Id", "r1")
	w.ServeHTTP(rec, req)
	r := reply{Status: rec.Code, header: rec.Header(), body: rec.Body.String()}
	if rec.Code != http.StatusNotAcceptable {
		if err := json.Unmarshal(rec.Body.Bytes(), &r); err != nil {
			w.t.Fatalf("%v in %s", err, rec.Body)
		}
	}
	return r
}

// ask sends a query that has to be answered whole.
func (w *world) ask(query string, variables map[string]any) map[string]any {
	w.t.Helper()
	r := w.post(query, variables)
	if r.Status != http.StatusOK || len(r.Errors) > 0 {
		w.t.Fatalf("%d %s", r.Status, r.body)
	}
	return r.Data
}

// dig goes down objects by name and lists by index.
func dig(t *testing.T, v any, path ...any) any {
	t.Helper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, ok := v.(map[string]any)
			if !ok {
				t.Fatalf("no object with %q in %v", p, v)
			}
			v = m[p]
		case int:
			l, ok := v.([]any)
			if !ok || p >= len(l) {
				t.Fatalf("no item %d in %v", p, v)
			}
			v = l[p]
		}
	}
	return v
}

func catalogOver(s graph.Store) *catalog.Service { return catalog.New(s, time.Now) }

// as is what dig finds, of a type that it has to have.
func as[T any](t *testing.T, v any, path ...any) T {
	t.Helper()
	out, ok := dig(t, v, path...).(T)
	if !ok {
		t.Fatalf("%v is %v", path, dig(t, v, path...))
	}
	return out
}
