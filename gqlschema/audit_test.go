package gqlschema

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The audits of the GraphQL-over-HTTP working group, by their own program.
func TestOverHTTPAudits(t *testing.T) {
	needsNode(t)
	w := newWorld(t)
	server := httptest.NewServer(w)
	defer server.Close()
	dir := installed(t, "testdata", "audit.mjs")
	var results []struct{ ID, Name, Status, Reason string }
	if err := json.Unmarshal(run(t, dir, "node", "audit.mjs", server.URL), &results); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, r := range results {
		count[r.Status]++
		if r.Status != "ok" {
			t.Logf("%s %s: %s: %s", r.Status, r.ID, r.Name, r.Reason)
		}
	}
	t.Logf("%d audits: %v", len(results), count)
	if len(results) < 61 || count["error"] > 0 || count["warn"] > 3 {
		t.Errorf("%d audits: %v; wanted are 61 without an error and with at most 3 warnings", len(results), count)
	}
}

// installed is a folder with a program and what it needs from npm.
func installed(t *testing.T, from, program string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{program, "package.json"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, dir, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
	return dir
}

func needsNode(t *testing.T) {
	t.Helper()
	if !slices.Contains(strings.Split(os.Getenv("WEIR_TEST_REQUIRE"), ","), "node") {
		t.Skip("installs a program from npm: set WEIR_TEST_REQUIRE=node to run it")
	}
}

func run(t *testing.T, dir, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return out
}
