package gqlschema

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"weir/errs"
)

// Whatever a body holds, the answer is JSON with data or errors, and never one about us.
func FuzzRequest(f *testing.F) {
	for _, query := range []string{
		introspection, describeCustomers, `{ datasets(first: 3, after: "x") { edges { cursor } } }`, `{ ...a } fragment a on Query { ...a }`,
		`query($a: [ID!]! = ["x"]) { nodes(ids: $a) { id @skip(if: false) ... on Dataset { columns(first: 1000000000000) { totalCount } } } }`,
		`{ lineage(id: "x", direction: BOTH, filter: {since: "x"}, maxNodes: -5) { nodes { node { id } } } }`, `{ search(query: "\uD800 sort: class:") { notes } }`,
	} {
		b, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"a": []any{1, nil, "y"}, "in": map[string]any{"id": "ds_x"}}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	f.Cleanup(func() { slog.SetDefault(old) })
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		req.Header.Set("Content-Type", mediaJSON)
		rec := httptest.NewRecorder()
		w.ServeHTTP(rec, req)
		var r reply
		if err := json.Unmarshal(rec.Body.Bytes(), &r); err != nil || rec.Code >= http.StatusInternalServerError {
			t.Fatalf("%d %s: %v", rec.Code, rec.Body, err)
		}
		for _, e := range r.Errors {
			if e.Extensions["code"] == codes[errs.Internal] {
				t.Errorf("%s is answered %s", body, rec.Body)
			}
		}
	})
}

// A cursor that is taken leads to a page that the catalog can read, and comes back as it was.
func FuzzCursor(f *testing.F) {
	f.Add(page{field: "datasets"}.cursor("x", 3))
	f.Add(page{field: "owners"}.cursor("", 0))
	f.Add("")
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := pageOf("datasets", nil, &cursor)
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%q: %v", cursor, err)
			}
			return
		}
		if p.skip < 0 || p.limit() < 1 || p.limit() > 1_000 {
			t.Errorf("%q leads to %+v", cursor, p)
		}
		again := p.cursor(p.after, p.skip)
		if q, err := pageOf("datasets", nil, &again); err != nil || q != p {
			t.Errorf("%+v comes back as %+v, %v", p, q, err)
		}
	})
}
