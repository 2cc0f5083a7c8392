package web_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/html"

	"weir/audit"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/catalog/openlineage"
	"weir/demo"
	"weir/graph"
	"weir/graph/sqlite"
	"weir/web"
)

// noon is now for all tests of pages.
var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

// counting counts the calls to a store. It stands below what the site remembers.
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

func (c *counting) Search(ctx context.Context, s graph.Search) (graph.Result, error) {
	c.calls.Add(1)
	return c.Store.Search(ctx, s)
}

func (c *counting) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	c.calls.Add(1)
	return c.Store.Traverse(ctx, w)
}

func (c *counting) Path(ctx context.Context, from, to graph.ID, w graph.Walk) ([][]graph.Edge, error) {
	c.calls.Add(1)
	return c.Store.Path(ctx, from, to, w)
}

// world is a site over a store of its own.
type world struct {
	t       *testing.T
	store   *counting
	catalog *catalog.Service
	handler http.Handler
}

func newWorld(t *testing.T, change ...func(*web.Options)) *world {
	t.Helper()
	schema, err := graph.Merge(catalog.Schema(), audit.Schema())
	if err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), schema, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: &counting{Store: s}}
	remembering := web.Remember(w.store)
	w.catalog = catalog.New(remembering, clock)
	intake := catalog.NewIntake(w.catalog)
	t.Cleanup(func() {
		intake.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	o := web.Options{
		Catalog: w.catalog, Lineage: lineage.New(remembering, clock), Intake: intake, Ready: s.Ready, Organisation: "Halden Home", Now: clock, Trust: true,
	}
	for _, c := range change {
		c(&o)
	}
	w.handler = web.New(o).Handler()
	return w
}

// newCompany is a world with the sample company in it, without most of its past.
func newCompany(t *testing.T, change ...func(*web.Options)) *world {
	t.Helper()
	w := newWorld(t, change...)
	var events [][]byte
	for e := range demo.Events(noon) {
		if events = append(events, e); len(events) == 600 {
			break
		}
	}
	w.tell(events...)
	return w
}

// tell takes events in, and carries data classes along.
func (w *world) tell(events ...[]byte) {
	w.t.Helper()
	var ready []catalog.Prepared
	for _, raw := range events {
		e, err := openlineage.Parse(raw)
		if err != nil {
			w.t.Fatal(err)
		}
		p, err := catalog.Prepare("operator", e)
		if err != nil {
			w.t.Fatal(err)
		}
		ready = append(ready, p)
	}
	for len(ready) > 0 {
		n := min(200, len(ready))
		if err := w.catalog.Apply(w.t.Context(), ready[:n]); err != nil {
			w.t.Fatal(err)
		}
		ready = ready[n:]
	}
	f := audit.Follower{Name: "inherits", Batch: 1000, Do: lineage.NewPropagator(w.store.Store).Follow}
	for {
		n, err := f.Step(w.t.Context(), w.store.Store)
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// tellJSON is tell for values that are written as JSON.
func (w *world) tellJSON(events ...map[string]any) {
	w.t.Helper()
	var all [][]byte
	for _, e := range events {
		b, err := json.Marshal(e)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, b)
	}
	w.tell(all...)
}

// answer is what the site answered.
type answer struct {
	status int
	header http.Header
	body   string
	calls  int64
}

func (w *world) send(method, address string, form url.Values, change ...func(*http.Request)) answer {
	w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(w.t.Context(), method, address, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range change {
		c(r)
	}
	rec := httptest.NewRecorder()
	before := w.store.calls.Load()
	w.handler.ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header(), rec.Body.String(), w.store.calls.Load() - before}
}

func (w *world) get(address string) answer {
	w.t.Helper()
	return w.send(http.MethodGet, address, nil)
}

// ok is get for pages that have to be there.
func (w *world) ok(address string) *html.Node {
	w.t.Helper()
	a := w.get(address)
	if a.status != http.StatusOK {
		w.t.Fatalf("%s: status %d: %.300s", address, a.status, a.body)
	}
	return parse(w.t, a.body)
}

func parse(t *testing.T, body string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return root
}
