package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"weir/web"
)

// echo answers queries with what was asked, and the outline's with a small schema.
func echo(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Query     string
		Variables map[string]any
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || r.Method != http.MethodPost {
		http.Error(w, "not a query", http.StatusBadRequest)
		return
	}
	if strings.Contains(asked.Query, "__schema") {
		_, _ = fmt.Fprint(w, `{"data":{"__schema":{"types":[{"name":"Query","kind":"OBJECT","fields":[{"name":"node","args":[{"name":"id",`+
			`"type":{"kind":"NON_NULL","ofType":{"kind":"SCALAR","name":"ID"}}}],"type":{"kind":"INTERFACE","name":"Node"}}]},{"name":"__Type","kind":"OBJECT"}]}}}`)
		return
	}
	_, _ = fmt.Fprintf(w, `{"data":{"asked":%q,"id":%q}}`, asked.Query, asked.Variables["id"])
}

func TestPlayground(t *testing.T) {
	if a := newWorld(t).get("/playground"); a.status != http.StatusNotFound {
		t.Errorf("without the option it is there: status %d", a.status)
	}
	w := newWorld(t, func(o *web.Options) { o.Playground, o.GraphQL = true, http.HandlerFunc(echo) })
	page := w.ok("/playground")
	if text := textOf(page); !strings.Contains(text, "node(id: ID!): Node") || strings.Contains(text, "__Type") {
		t.Errorf("the outline is %.300s", text)
	}
	if len(hrefs(page, "/playground?example=")) < 3 {
		t.Error("there are no examples")
	}
	a := w.send(http.MethodPost, "/playground", url.Values{"query": {"{ mine }"}, "variables": {`{"id": "x1"}`}})
	if text := textOf(parse(t, a.body)); !strings.Contains(text, `"asked": "{ mine }"`) || !strings.Contains(text, `"id": "x1"`) {
		t.Errorf("without script it answers %.300s", text)
	}
	if a := w.send(http.MethodPost, "/playground", url.Values{"query": {"{ mine }"}, "variables": {"{"}}); a.status != http.StatusBadRequest {
		t.Errorf("variables that are no JSON: status %d", a.status)
	}
}
