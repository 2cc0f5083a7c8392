package web

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"

	"weir/errs"
	"weir/views/link"
	view "weir/views/playground"
	"weir/views/ui"
)

// example is a query to begin with.
type example struct{ title, query string }

// examples answer the questions of the home page as queries.
var examples = []example{
	{"What contains personal data?", "{\n  search(query: \"class:pii kind:dataset\", first: 10) {\n    totalCount\n    edges { node { ... on Dataset { id namespace name classification } } }\n  }\n}"},
	{"The first datasets", "{\n  datasets(first: 5) {\n    edges { node { id namespace name } }\n    pageInfo { hasNextPage endCursor }\n  }\n}"},
	{"Which types are there?", "{\n  __schema {\n    types { name kind }\n  }\n}"},
}

// playground answers the page to try GraphQL on; without script the form is sent here.
func (s *Site) playground(w http.ResponseWriter, r *http.Request) error {
	props := view.Props{Query: examples[0].query}
	for i, e := range examples {
		props.Examples = append(props.Examples, ui.Link{Text: e.title, Href: link.Playground() + "?example=" + string(rune('0'+i))})
		if r.URL.Query().Get("example") == string(rune('0'+i)) {
			props.Query = e.query
		}
	}
	props.Types = outline(s.ask(r, outlineQuery, ""))
	if r.Method == http.MethodPost {
		if err := readForm(w, r); err != nil {
			return err
		}
		props.Query, props.Variables = r.PostForm.Get("query"), r.PostForm.Get("variables")
		if props.Variables != "" && !json.Valid([]byte(props.Variables)) {
			return errs.Bad("variables", "are not JSON.")
		}
		props.Result = indented(string(s.ask(r, props.Query, props.Variables)))
	}
	return s.show(w, r, http.StatusOK, view.Page(s.shell(r), props))
}

// ask puts a query to the GraphQL endpoint as a client would, and returns its answer.
func (s *Site) ask(r *http.Request, query, variables string) []byte {
	body := map[string]any{"query": query}
	if variables != "" {
		body["variables"] = json.RawMessage(variables)
	}
	sent, err := json.Marshal(body)
	if err != nil {
		slog.WarnContext(r.Context(), "a query can't be written as JSON", "error", err)
		return nil
	}
	inner := r.Clone(r.Context())
	inner.Method, inner.URL.Path, inner.URL.RawQuery = http.MethodPost, link.GraphQL(), ""
	inner.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}
	inner.Body, inner.ContentLength = readCloser{bytes.NewReader(sent)}, int64(len(sent))
	answer := &captured{header: http.Header{}}
	s.GraphQL.ServeHTTP(answer, inner)
	return answer.body.Bytes()
}

// readCloser is a body that needs no closing.
type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// captured keeps an answer instead of sending it.
type captured struct {
	header http.Header
	body   bytes.Buffer
}

func (c *captured) Header() http.Header         { return c.header }
func (c *captured) Write(b []byte) (int, error) { return c.body.Write(b) }
func (c *captured) WriteHeader(int)             {}
