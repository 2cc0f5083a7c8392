package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sort"
	"strings"
	"testing"

	"weir/audit"
	"weir/catalog"
	"weir/catalog/openlineage"
	"weir/graph"
	"weir/views/link"
	"weir/web"
)

// A command is one command, whichever way it comes in: the same edit through the form and through GraphQL, on two fresh
// stores, must leave the same nodes, edges and entries.
func TestParity_FormAndGraphQL(t *testing.T) {
	dataset := catalog.DatasetID("food_delivery", "public.orders")
	edits := []struct {
		name      string
		form      url.Values
		variables map[string]any
	}{
		{"title and text", url.Values{"title": {"Orders"}, "description": {"What was *ordered*."}},
			map[string]any{"title": "Orders", "description": "What was *ordered*."}},
		{"sets", url.Values{"owner": {"team:orders"}, "tags": {"gold, tier:1"}, "level": {"confidential"}, "class": {"pii"}, "domain": {"sales"}},
			map[string]any{"owners": []string{"team:orders"}, "tags": []string{"gold", "tier:1"}, "classification": "CONFIDENTIAL",
				"classes": []string{"pii"}, "domain": "sales"}},
	}
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			byForm, byGraphQL := parityServer(t), parityServer(t)
			form := shownForm(t, byForm, dataset)
			for k, vs := range e.form {
				form[k] = vs
			}
			postForm(t, byForm, link.DatasetEdit(string(dataset), "public.orders"), form)
			e.variables["id"], e.variables["version"] = dataset, 0
			describeByGraphQL(t, byGraphQL, e.variables)
			a, b := parityPicture(t, byForm.Store), parityPicture(t, byGraphQL.Store)
			if a != b {
				t.Errorf("the two ways differ\n--- form\n%s\n--- GraphQL\n%s", onlyIn(a, b), onlyIn(b, a))
			}
			if !strings.Contains(a, "catalog.describe") {
				t.Error("no entry was written")
			}
		})
	}
}

// parityServer is a server that one event has told about one dataset.
func parityServer(t *testing.T) *Server {
	t.Helper()
	cfg := defaults()
	cfg.Dir = t.TempDir()
	s, err := Open(context.Background(), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	e, err := openlineage.Parse([]byte(`{"eventTime":"2026-03-01T00:00:00Z","producer":"https://example.com/p",
		"dataset":{"namespace":"food_delivery","name":"public.orders"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Intake.Accept(s.asOperator(context.Background()), "operator", e)[0]; err != nil {
		t.Fatal(err)
	}
	return s
}

// trusting is the site for the operator, who needs no token and no session.
func (s *Server) trusting() http.Handler {
	s.tune = func(o *web.Options) { o.Trust, o.Identity, o.Sessions = true, nil, nil }
	return s.newSite().Handler()
}

// shownForm is what a browser would send of the untouched form.
func shownForm(t *testing.T, s *Server, id graph.ID) url.Values {
	t.Helper()
	w := httptest.NewRecorder()
	s.trusting().ServeHTTP(w, httptest.NewRequest(http.MethodGet, link.DatasetEdit(string(id), "public.orders"), nil))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `name="version"`) {
		t.Fatalf("the form: %d", w.Code)
	}
	return url.Values{"version": {"0"}, "title": {""}, "description": {""}, "owner": {""}, "domain": {""}, "tags": {""}, "level": {""}}
}

func postForm(t *testing.T, s *Server, path string, form url.Values) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.trusting().ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("the form was answered with %d: %.400s", w.Code, w.Body.String())
	}
}

func describeByGraphQL(t *testing.T, s *Server, input map[string]any) {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"query":     `mutation($in: DescribeInput!) { describe(input: $in) { asset { id } } }`,
		"variables": map[string]any{"in": input},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, link.GraphQL(), bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.trusting().ServeHTTP(w, r)
	answer, err := io.ReadAll(w.Body)
	if err != nil || w.Code != http.StatusOK || bytes.Contains(answer, []byte(`"errors"`)) {
		t.Fatalf("GraphQL answers %d: %s", w.Code, answer)
	}
}

// parityPicture is all that a store holds, and what its log says, without ids and times that are made anew each time.
func parityPicture(t *testing.T, s graph.Store) string {
	t.Helper()
	var lines []string
	for rec, err := range s.Dump(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		if n := rec.Node; n != nil && !ofTheMachine(n.Kind) {
			if n.Kind == "Facts" {
				n.Props = graph.Props{"edits": n.Props["edits"]} // its registers hold the time of the edit
			}
			lines = append(lines, fmt.Sprintf("node %s %v", n.ID, n.Props))
		}
		if e := rec.Edge; e != nil && e.Rel != audit.RelAbout {
			lines = append(lines, fmt.Sprintf("edge %s %s %s %v", e.From, e.Rel, e.To, e.Props))
		}
	}
	sort.Strings(lines)
	entries, err := audit.Since(context.Background(), s, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("entry %d %s %s %s %s %v", e.Seq, e.Actor, e.Action, e.Target, e.Decision, e.Changes))
	}
	return strings.Join(lines, "\n")
}

func onlyIn(a, b string) string {
	var out []string
	have := strings.Split(b, "\n")
	for _, l := range strings.Split(a, "\n") {
		if !slices.Contains(have, l) {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}
