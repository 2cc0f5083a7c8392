package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"weir/authz"
	"weir/catalog"
	"weir/catalog/openlineage"
	"weir/graph/neo4j/neo4jtest"
)

// engines are the settings of a server on each engine: an empty SQLite file, and the Neo4j server, wiped.
func engines(t *testing.T) map[string]Config {
	t.Helper()
	out := map[string]Config{"sqlite": temporary(t)}
	if os.Getenv("WEIR_TEST_NEO4J_URI") == "" && !strings.Contains(os.Getenv("WEIR_TEST_REQUIRE"), "neo4j") {
		t.Log("not on Neo4j: WEIR_TEST_NEO4J_URI is not set")
		return out
	}
	c := temporary(t)
	c.Store = neo4jtest.URI(t)
	neo4jtest.Wipe(t)
	out["neo4j"] = c
	return out
}

// samples are events that clients were seen to send, and those of the specification's own tests if they are at hand.
func samples(t *testing.T) []catalog.Event {
	t.Helper()
	files := []string{"../../catalog/openlineage/testdata/clients.ndjson"}
	if dir := os.Getenv("WEIR_TEST_OPENLINEAGE"); dir != "" {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".json") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var events []catalog.Event
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for it, err := range openlineage.Read(bytes.NewReader(b)) {
			if err != nil {
				t.Fatal(f, err)
			}
			if it.Err == nil { // some of the specification's files are single facets
				events = append(events, it.Event)
			}
		}
	}
	return events
}

// The same events, three times over in any order, give the same graph on both engines.
func TestServe_AnyOrderOnAnyEngineGivesTheSameGraph(t *testing.T) {
	events := samples(t)
	var want []string
	for _, name := range []string{"sqlite", "neo4j"} {
		cfg, ok := engines(t)[name]
		if !ok {
			continue
		}
		s := start(t, cfg, nil)
		for round := range 3 {
			r := rand.New(rand.NewPCG(uint64(round), 7))
			r.Shuffle(len(events), func(i, k int) { events[i], events[k] = events[k], events[i] })
			for part := range slices.Chunk(events, 1+r.IntN(100)) {
				for i, err := range s.Intake.Accept(s.asOperator(t.Context()), authz.Operator.ID, part...) {
					if err != nil {
						t.Fatalf("%s, event %d: %v: %.300s", name, i, err, part[i].Raw)
					}
				}
			}
			if err := catchUpWith(t, s); err != nil {
				t.Fatal(err)
			}
			got := picture(t, s.Store)
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%s, round %d: another graph:\n%s", name, round, differences(want, got))
			}
		}
		t.Logf("%s: %d events, %d nodes and edges", name, len(events), len(want))
		s.stop()
	}
}

// catchUpWith waits until the follower beside the server has seen everything.
func catchUpWith(t *testing.T, s *running) error {
	t.Helper()
	ctx := t.Context()
	f := inherits(s.Store)
	for {
		n, err := f.Step(ctx, s.Store)
		if err == nil && n == 0 {
			return nil
		}
		if err != nil && ctx.Err() != nil {
			return err
		}
	}
}

// oddNames are names that are allowed and that break what is careless.
var oddNames = []string{
	`<script>alert(1)</script>`, `"quoted" 'twice' \ back`, `../../etc/passwd`, `a/b?c=d&e=%41#f`, "\u202eright to left\u202c", "🍲 emoji 👩‍🚀",
	"tab\tand\nline", `{"json":[1]}`, `' OR 1=1; --`, "=cmd|'/c calc'!A1", "é and e\u0301", strings.Repeat("ñ", 1_950),
}

// Odd names are kept as they are, found by their ids, and come back the same; on both engines.
func TestServe_KeepsOddNames(t *testing.T) {
	for engine, cfg := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			s := start(t, cfg, nil)
			for i, name := range oddNames {
				body, err := eventNamed(name, i)
				if err != nil {
					t.Fatal(err)
				}
				if a := s.send("POST", single, body); a.status != http.StatusCreated {
					t.Fatalf("%.50q: %+v", name, a)
				}
			}
			for _, name := range oddNames {
				checkNamed(t, s, name)
			}
		})
	}
}

func checkNamed(t *testing.T, s *running, name string) {
	t.Helper()
	ds, job := catalog.DatasetID("odd", name), catalog.TransformID("odd", name)
	col := catalog.ColumnID(ds, name)
	nodes, err := s.Store.Nodes(t.Context(), ds, job, col)
	if err != nil {
		t.Fatal(err)
	}
	if nodes[ds].Props["name"] != name || nodes[job].Props["name"] != name || nodes[col].Props["path"] != name {
		t.Errorf("%.50q: came back as %.50q, %.50q and %.50q", name, nodes[ds].Props["name"], nodes[job].Props["name"], nodes[col].Props["path"])
	}
	for _, path := range []string{"/datasets/" + string(ds), "/datasets/" + string(ds) + "/columns", "/datasets/" + string(ds) + "/lineage"} {
		a := s.send("GET", path, "")
		if a.status != http.StatusOK || strings.Contains(a.body, "<script>alert(1)") {
			t.Errorf("%.50q: %s: %d", name, path, a.status)
		}
	}
}

// eventNamed is an event in which all is called name.
func eventNamed(name string, i int) (string, error) {
	type object = map[string]any
	column := []object{{"name": name, "type": "text"}}
	origin := object{"inputFields": []object{{"namespace": "odd", "name": name, "field": name}}}
	dataset := object{"namespace": "odd", "name": name, "facets": object{"schema": object{"fields": column}}}
	output := object{"namespace": "odd", "name": "out", "facets": object{
		"schema": object{"fields": column}, "columnLineage": object{"fields": object{name: origin}},
	}}
	b, err := json.Marshal(object{
		"eventType": "COMPLETE", "eventTime": "2026-03-02T22:01:35Z", "producer": "https://example.com/odd",
		"run": object{"runId": fmt.Sprintf("0190a3c4-0000-7000-8000-%012d", i)}, "job": object{"namespace": "odd", "name": name},
		"inputs": []object{dataset}, "outputs": []object{output},
	})
	return string(b), err
}
