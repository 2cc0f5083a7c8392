package web_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"weir/catalog"
	"weir/views/link"
)

// oddNames are valid names that a page may not trip over.
var oddNames = []string{
	`<script>alert("x")</script>`, `"><img src=x onerror=alert(1)>`, `'; drop table x; --`, "../../etc/passwd", "\u202egnp.exe", "🦫 beavers 🏞️",
	strings.Repeat("long_name.", 390), "a b\tc", "{{.}}${x}", "javascript:alert(1)", "%2e%2e%2f", "日本語の表",
}

// TestOddNames shows each odd name as dataset, job, column, owner, tag, description and error on every page that names it.
func TestOddNames(t *testing.T) {
	w := newWorld(t)
	for i, name := range oddNames {
		dataset := map[string]any{"namespace": name, "name": name, "facets": oddFacets(name)}
		job := map[string]any{"namespace": name, "name": name, "facets": map[string]any{
			"sql":           facet(map[string]any{"query": name}),
			"documentation": facet(map[string]any{"description": name}),
		}}
		e := runEvent(job, []map[string]any{{"namespace": "db", "name": "in"}}, []map[string]any{dataset})
		e["run"] = map[string]any{"runId": "0190a5c8-0000-7000-8000-0000000000" + string(rune('0'+i/10)) + string(rune('0'+i%10)), "facets": map[string]any{
			"errorMessage": facet(map[string]any{"message": name, "programmingLanguage": "SQL"}),
		}}
		w.tellJSON(e)
	}
	for _, name := range oddNames {
		id := catalog.DatasetID(name, name)
		job, column := catalog.TransformID(name, name), catalog.ColumnID(id, name)
		page := link.Dataset(string(id), name)
		pages := []string{
			page, page + "/columns", page + "/lineage", page + "/runs", page + "/activity", page + "/edit", link.Column(string(id), name, string(column)),
			link.Transform(string(job), name), link.TransformTab(string(job), name, link.Runs), link.TransformEdit(string(job), name),
			link.Lineage(string(id), link.LineageQuery{Columns: true}), link.Lineage(string(job), link.LineageQuery{View: "table"}),
			link.Impact(string(catalog.DatasetID("db", "in")), link.LineageQuery{}), link.Path(string(id), string(job)), link.Search(name), "/",
		}
		for _, address := range pages {
			a := w.get(address)
			if a.status != 200 {
				t.Errorf("%.40q: %.120s: status %d", name, address, a.status)
				continue
			}
			checkHarmless(t, address, a.body)
		}
		if got := heading(w.ok(page)); !strings.Contains(got, strings.Join(strings.Fields(name), " ")) {
			t.Errorf("%.40q is headed %.60q", name, got)
		}
	}
}

// checkHarmless looks for anything that a name could have brought into a page.
func checkHarmless(t *testing.T, address, body string) {
	t.Helper()
	for _, raw := range []string{"<script>alert", "<img src=x", "onerror=alert(1)>"} {
		if strings.Contains(body, raw) {
			t.Errorf("%.120s holds %s as it came", address, raw)
		}
	}
	for n := range parse(t, body).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil) || n.Data == "img" {
			t.Errorf("%.120s has a <%s> of its own", address, n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || (a.Key == "href" || a.Key == "action") && strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
				t.Errorf("%.120s: <%s %s=%.60q>", address, n.Data, a.Key, a.Val)
			}
		}
	}
}

func facet(values map[string]any) map[string]any {
	values["_producer"], values["_schemaURL"] = "https://example.org/tests", "https://example.org/facet.json"
	return values
}

func oddFacets(name string) map[string]any {
	return map[string]any{
		"schema":        facet(map[string]any{"fields": []map[string]any{{"name": name, "type": name, "description": name}}}),
		"documentation": facet(map[string]any{"description": name}),
		"ownership":     facet(map[string]any{"owners": []map[string]any{{"name": name, "type": name}}}),
		"custom":        facet(map[string]any{"said": name}),
		"columnLineage": facet(map[string]any{"fields": map[string]any{name: map[string]any{
			"inputFields": []map[string]any{{"namespace": "db", "name": "in", "field": "a"}}}}}),
	}
}
