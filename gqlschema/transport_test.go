package gqlschema

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
)

const introspection = `query IntrospectionQuery { __schema { queryType { name } mutationType { name } types { ...FullType } directives { name locations args { ...InputValue } } } }
fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name args { ...InputValue } type { ...TypeRef } isDeprecated }
  inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name type { ...TypeRef } defaultValue }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } }`

func TestTransport(t *testing.T) {
	w := newWorld(t)
	const query = `{"query": "{ __typename }"}`
	tests := []struct {
		name, method, contentType, accept, body string
		status                                  int
		media                                   string
	}{
		{"plain JSON", "POST", "application/json", "application/json", query, 200, mediaJSON},
		{"the newer type", "POST", "application/json; charset=utf-8", mediaResponse, query, 200, mediaResponse},
		{"both, the newer wanted more", "POST", "application/json", mediaJSON + ";q=0.5, " + mediaResponse, query, 200, mediaResponse},
		{"no wish", "POST", "application/json", "", query, 200, mediaJSON},
		{"anything", "POST", "application/json", "*/*", query, 200, mediaJSON},
		{"neither", "POST", "application/json", "text/html", query, 406, ""},
		{"refused by weight", "POST", "application/json", "application/json;q=0", query, 406, ""},
		{"get", "GET", "", mediaJSON, "", 405, mediaJSON},
		{"put", "PUT", "application/json", mediaJSON, query, 405, mediaJSON},
		{"a form of another site", "POST", "application/x-www-form-urlencoded", mediaJSON, "query=%7B__typename%7D", 415, mediaJSON},
		{"text, which a form can send too", "POST", "text/plain", mediaJSON, query, 415, mediaJSON},
		{"no type", "POST", "", mediaJSON, query, 415, mediaJSON},
		{"another charset", "POST", "application/json; charset=latin1", mediaJSON, query, 415, mediaJSON},
		{"truncated", "POST", "application/json", mediaJSON, `{"query": "{`, 400, mediaJSON},
		{"two values", "POST", "application/json", mediaJSON, query + query, 400, mediaJSON},
		{"batch", "POST", "application/json", mediaJSON, " [" + query + "]", 400, mediaJSON},
		{"no query", "POST", "application/json", mediaJSON, `{"variables": {}}`, 400, mediaJSON},
		{"wrong type", "POST", "application/json", mediaJSON, `{"query": "{ __typename }", "variables": [1]}`, 400, mediaJSON},
		{"does not parse, JSON", "POST", "application/json", mediaJSON, `{"query": "{"}`, 200, mediaJSON},
		{"does not parse, newer", "POST", "application/json", mediaResponse, `{"query": "{"}`, 400, mediaResponse},
		{"unknown field", "POST", "application/json", mediaResponse, `{"query": "{ nope }"}`, 400, mediaResponse},
		{"as large as may be", "POST", "application/json", mediaResponse, padded(query, mostBody), 200, mediaResponse},
		{"too large", "POST", "application/json", mediaResponse, padded(query, mostBody+1), 413, mediaResponse},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := w.raw(tt.method, tt.contentType, tt.accept, tt.body)
			if r.Status != tt.status || tt.media != "" && r.header.Get("Content-Type") != tt.media+"; charset=utf-8" {
				t.Errorf("%d %s, want %d %s: %s", r.Status, r.header.Get("Content-Type"), tt.status, tt.media, r.body)
			}
			if strings.Contains(r.body, `"data"`) != (tt.status == 200 && !strings.Contains(tt.name, "parse")) {
				t.Errorf("data is there or not: %s", r.body)
			}
			if tt.status == 405 && r.header.Get("Allow") != http.MethodPost {
				t.Errorf("Allow is %q", r.header.Get("Allow"))
			}
		})
	}
}

// padded is a request of exactly n bytes.
func padded(query string, n int) string { return query + strings.Repeat(" ", n-len(query)) }

func TestEachKindOfErrorHasItsCode(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range errs.Kinds() {
		code, ok := codes[kind]
		if want := strings.ToUpper(kind.String()); !ok || code != want || seen[code] {
			t.Errorf("%v has the code %q, want %q of its own", kind, code, want)
		}
		seen[code] = true
	}
	if len(codes) != len(errs.Kinds()) {
		t.Errorf("%d codes for %d kinds", len(codes), len(errs.Kinds()))
	}
}

// broken answers nothing but an error.
type broken struct {
	graph.Store
	err error
}

func (b broken) Nodes(context.Context, ...graph.ID) (map[graph.ID]graph.Node, error) {
	return nil, b.err
}

// hanging answers only when the caller gives up; panicking does worse.
type (
	hanging   struct{ graph.Store }
	panicking struct{ graph.Store }
)

func (hanging) Nodes(ctx context.Context, _ ...graph.ID) (map[graph.ID]graph.Node, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func (panicking) Nodes(context.Context, ...graph.ID) (map[graph.ID]graph.Node, error) {
	panic("secret")
}

func (w *world) over(s graph.Store) *world {
	o := w.options
	o.Catalog, o.Lineage, o.Timeout = catalogOver(s), lineage.New(s, time.Now), patience
	if _, waits := s.(hanging); waits {
		o.Timeout = 50 * time.Millisecond
	}
	return &world{Handler: Handler(o), t: w.t}
}

func TestErrorsTellWhatTheyMay(t *testing.T) {
	w := newWorld(t)
	for _, kind := range errs.Kinds() {
		r := w.over(broken{w.store, errs.Wrap(errors.New("secret"), kind, "Message.")}).post(`{ node(id: "ds_x") { id } }`, nil)
		if r.Status != http.StatusOK || len(r.Errors) != 1 || strings.Contains(r.body, "secret") {
			t.Fatalf("%v: %d %s", kind, r.Status, r.body)
		}
		e := r.Errors[0]
		if e.Extensions["code"] != codes[kind] || e.Extensions["requestId"] != "r1" || len(e.Path) != 1 || e.Path[0] != "node" {
			t.Errorf("%v: %+v", kind, e)
		}
		if (e.Message == "Message.") != (kind != errs.Internal) {
			t.Errorf("%v shows %q", kind, e.Message)
		}
	}
}

func TestForeignErrorsPanicsAndTimeouts(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		store graph.Store
		code  string
	}{
		{broken{w.store, errors.New("secret")}, "INTERNAL"},
		{panicking{w.store}, "INTERNAL"},
		{hanging{w.store}, "TIMEOUT"},
	} {
		for _, query := range []string{`{ node(id: "ds_x") { id } }`, `{ lineage(id: "ds_x", direction: BOTH) { root } }`} {
			r := w.over(tt.store).post(query, nil)
			if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != tt.code || strings.Contains(r.body, "secret") {
				t.Errorf("%T: %s", tt.store, r.body)
			}
		}
	}
}

func TestInvalidNamesTheField(t *testing.T) {
	w := newWorld(t)
	for query, field := range map[string]string{
		`{ datasets(first: 0) { pageInfo { hasNextPage } } }`:                       "first",
		`{ datasets(first: 101) { pageInfo { hasNextPage } } }`:                     "first",
		`{ datasets(after: "x") { pageInfo { hasNextPage } } }`:                     "after",
		`{ lineage(id: "x", direction: BOTH, depth: 0) { root } }`:                  "depth",
		`{ lineage(id: "x", direction: BOTH, maxNodes: 0) { root } }`:               "maxNodes",
		`{ lineage(id: "x", direction: BOTH, maxNodes: 100001) { root } }`:          "maxNodes",
		`{ search(query: "", offset: -1) { totalCount } }`:                          "offset",
		`{ columnLineage(column: "x", direction: BOTH, maxNodes: -1) { root } }`:    "maxNodes",
		`{ lineagePath(from: "a", to: "b", maxPaths: 101) { from } }`:               "maxPaths",
		`mutation { describe(input: {id: "x", title: "\u0000"}) { asset { id } } }`: "title",
		`{ datasets(domain: "x", recent: true) { pageInfo { hasNextPage } } }`:      "recent",
		`{ transforms(state: LOST) { pageInfo { hasNextPage } } }`:                  "state",
	} {
		r := w.post(query, nil)
		if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "INVALID" {
			t.Errorf("%s: %s", query, r.body)
			continue
		}
		if got := dig(t, r.Errors[0].Extensions, "fields", 0, "field"); got != field {
			t.Errorf("%s names %v, want %s", query, got, field)
		}
	}
	if r := w.post(`{ lineage(id: "x", direction: BOTH, asOf: "yesterday") { root } }`, nil); len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "INVALID" {
		t.Errorf("%s", r.body)
	}
	r := w.post(`{ lineage(id: "ds_none", direction: BOTH) { root } }`, nil)
	if len(r.Errors) != 1 || r.Errors[0].Extensions["code"] != "NOT_FOUND" {
		t.Errorf("%s", r.body)
	}
}

func TestHiddenSchemaTellsNothing(t *testing.T) {
	w := newWorld(t)
	o := w.options
	o.NoIntrospection = true
	closed := &world{Handler: Handler(o), t: t}
	for _, query := range []string{`{ __schema { types { name } } }`, `{ __type(name: "Dataset") { name } }`} {
		if r := closed.post(query, nil); r.Status != http.StatusBadRequest || r.Data != nil {
			t.Errorf("%s: %.300s", query, r.body)
		}
	}
	if r := closed.post(`{ dataste(namespace: "", name: "") { id } }`, nil); strings.Contains(r.body, "Did you mean") {
		t.Errorf("suggests: %s", r.body)
	}
	if r := w.post(`{ dataste(namespace: "", name: "") { id } }`, nil); !strings.Contains(r.body, "Did you mean") {
		t.Errorf("does not suggest: %s", r.body)
	}
}

func TestErrorsOfAnAnswerAreFew(t *testing.T) {
	w := newWorld(t)
	if r := w.post("{ "+strings.Repeat("nope ", mostErrors+10)+"}", nil); len(r.Errors) != mostErrors {
		t.Errorf("%d errors", len(r.Errors))
	}
	counted := &logCount{}
	old := slog.Default()
	slog.SetDefault(slog.New(counted))
	defer slog.SetDefault(old)
	if r := w.over(broken{w.store, errors.New("secret")}).post(`{ datasets { nodes { columns { totalCount } } } }`, nil); len(r.Errors) < 25 {
		t.Errorf("%d errors of 25 datasets", len(r.Errors))
	}
	if n := counted.n.Load(); n != 1 {
		t.Errorf("one failed read is logged %d times", n)
	}
}

// logCount counts errors that are logged.
type logCount struct {
	slog.Handler
	n atomic.Int64
}

func (*logCount) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }

func (c *logCount) Handle(context.Context, slog.Record) error {
	c.n.Add(1)
	return nil
}
