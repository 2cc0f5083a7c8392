package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"weir/graph"
	"weir/views/link"
)

// addressesOf are the pages of a place, each by what it shows.
func (w *world) addressesOf(p place) map[string]string {
	ds, job, board := string(p.dataset), string(p.transform), string(p.consumer)
	addresses := map[string]string{
		"dataset": link.Dataset(ds, p.name), "transform": link.Transform(job, p.name), "consumer": link.Consumer(board, p.name),
		"run": link.Run(string(p.run)), "column": link.Column(ds, p.name, string(p.column)),
		"lineage": link.Lineage(ds, link.LineageQuery{}), "versions": link.Versions(ds, link.LineageQuery{}), "impact": link.Impact(ds, link.LineageQuery{}),
	}
	for _, tab := range []string{"columns", "lineage", "runs", "activity"} {
		addresses["dataset's "+tab] = link.Dataset(ds, p.name) + "/" + tab
	}
	for _, tab := range []string{"runs", "activity"} {
		addresses["transform's "+tab] = link.Transform(job, p.name) + "/" + tab
	}
	addresses["consumer's activity"] = link.Consumer(board, p.name) + "/activity"
	return addresses
}

// pagesOf are the pages and lists of a place. A page that a role may see is one that its place lets it see.
func (w *world) pagesOf(p place) []cell {
	sees := func(s somebody) bool { return s.sees(p) }
	var out []cell
	for what, path := range w.addressesOf(p) {
		out = append(out, w.page(what+" of "+p.name, path, sees))
	}
	out = append(out, w.door("list of lineage of "+p.name, link.LineageCSV(string(p.dataset), link.LineageQuery{}), sees),
		w.door("list of impact of "+p.name, link.ImpactCSV(string(p.dataset), link.LineageQuery{}), sees))
	return out
}

// questionsOf are what GraphQL is asked about a place. what is the field whose answer counts.
func (w *world) questionsOf(p place) []cell {
	sees := func(s somebody) bool { return s.sees(p) }
	var out []cell
	ask := func(name, field, query string, variables map[string]any) {
		out = append(out, w.question(name+" of "+p.name, field, query, variables, sees))
	}
	for kind, id := range map[string]graph.ID{"dataset": p.dataset, "column": p.column, "transform": p.transform, "run": p.run, "consumer": p.consumer} {
		ask("node: "+kind, "node", `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id})
	}
	ask("dataset by name", "dataset", `query($n: String!) { dataset(namespace: "db", name: $n) { id description } }`, map[string]any{"n": p.name})
	ask("transform by name", "transform", `query($n: String!) { transform(namespace: "jobs", name: $n) { id code } }`, map[string]any{"n": "make_" + p.name})
	ask("consumer by name", "consumer", `query($n: String!) { consumer(namespace: "boards", name: $n) { id } }`, map[string]any{"n": "show_" + p.name})
	ask("lineage", "lineage", `query($id: ID!) { lineage(id: $id, direction: BOTH, depth: 3) { nodes { id } } }`, map[string]any{"id": p.dataset})
	ask("impact", "impact", `query($id: ID!) { impact(id: $id) { totalCount } }`, map[string]any{"id": p.dataset})
	ask("history", "history", `query($id: ID!) { history(id: $id) { nodes { seq } } }`, map[string]any{"id": p.dataset})
	ask("column lineage", "columnLineage", `query($id: ID!) { columnLineage(column: $id, direction: BOTH) { nodes { id } } }`, map[string]any{"id": p.column})
	return out
}

// question is a cell of GraphQL: an answer that is there, or null, or an error that says no more than that.
func (w *world) question(name, field, query string, variables map[string]any, may func(somebody) bool) cell {
	return cell{name: "GraphQL " + name, may: may, token: true, try: func(s somebody) (verdict, error) {
		data, codes, err := w.graphQL(s, query, variables)
		if err != nil {
			return "", err
		}
		return answered(data[field], codes)
	}}
}

func answered(data json.RawMessage, codes []string) (verdict, error) {
	for _, code := range codes {
		if !slices.Contains([]string{"UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"}, code) {
			return "", fmt.Errorf("error %s", code)
		}
	}
	if len(codes) > 0 || len(data) == 0 || string(data) == "null" {
		return refused, nil
	}
	return let, nil
}

// graphQL asks as a program.
func (w *world) graphQL(s somebody, query string, variables map[string]any) (data map[string]json.RawMessage, codes []string, err error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, nil, err
	}
	a := w.call(s, http.MethodPost, link.GraphQL(), string(body))
	var got struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &got); err != nil {
		return nil, nil, fmt.Errorf("status %d: %.200s", a.status, a.body)
	}
	if got.Data == nil && len(got.Errors) == 0 {
		return nil, nil, fmt.Errorf("status %d: %.200s", a.status, a.body)
	}
	for _, e := range got.Errors {
		codes = append(codes, e.Extensions.Code)
		if e.Extensions.Code == "" {
			return nil, nil, fmt.Errorf("an error without a code: %s", e.Message)
		}
	}
	return got.Data, codes, nil
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

func (p place) domainName() string {
	if p.inherited {
		return canary + "_domain"
	}
	return "sales"
}

// changesOf are what is changed of a place.
func (w *world) changesOf(p place) []cell {
	edits := func(s somebody) bool { return s.sees(p) && s.may("edit", p.domain) }
	links := func(s somebody) bool { return s.sees(p) && s.may("link", p.domain) }
	var out []cell
	for what, path := range map[string]string{
		"dataset": link.DatasetEdit(string(p.dataset), p.name), "transform": link.TransformEdit(string(p.transform), p.name),
		"consumer": link.ConsumerEdit(string(p.consumer), p.name),
	} {
		out = append(out, w.form("describing the "+what+" "+p.name, edits, path, func(s somebody) url.Values {
			form := url.Values{"version": {"0"}, "title": {"Titled " + p.name}, "description": {"By " + s.name}, "owner": {"team:owners_of_" + p.name},
				"domain": {""}, "tags": {"tag_" + p.name}, "level": {string(p.level)}, "visibility": {string(p.visibility)}}
			if p.domain != "" {
				form.Set("domain", p.domainName())
			}
			if p.inherited {
				form.Set("visibility", "")
			}
			if what == "transform" { // it is as visible as its data
				form.Del("visibility")
			}
			if m := versionField.FindStringSubmatch(w.browse(s, http.MethodGet, path, nil).body); m != nil {
				form.Set("version", m[1])
			}
			return form
		}))
	}
	for what, id := range map[string]graph.ID{"dataset": p.dataset, "transform": p.transform, "consumer": p.consumer, "column": p.column} {
		out = append(out, w.question("describing the "+what+" "+p.name, "describe",
			`mutation($in: DescribeInput!) { describe(input: $in) { asset { id } } }`,
			map[string]any{"in": map[string]any{"id": id, "description": "Said of " + p.name}}, edits))
	}
	return append(out, w.question("same of "+p.name, "setSame",
		`mutation($a: ID!, $b: ID!) { setSame(a: $a, b: $b, same: false) { a { id } } }`,
		map[string]any{"a": p.dataset, "b": p.twin}, links))
}
