package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// run runs a command in this process and returns what it printed and what an operator would read of its error.
func run(t *testing.T, args ...string) (printed, failed string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	c := root()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(args)
	if err := c.ExecuteContext(ctx); err != nil {
		failed = explain(err)
	}
	return out.String(), failed
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Operator's commands work beside a running server; a second server does not.
func TestCommands_BesideAServer(t *testing.T) {
	for engine, cfg := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			s := start(t, cfg, nil)
			on := []string{"--dir", cfg.Dir, "--store", cfg.Store}
			file := write(t, "events.ndjson", event()+"\n"+event(`"inputs":7`)+"\n"+event(`"inputs":[{"namespace":"ns","name":"in"}]`)+"\n")

			printed, failed := run(t, append([]string{"import", "openlineage", file}, on...)...)
			if !strings.Contains(printed, file+":2: event 2: inputs: ") || !strings.Contains(printed, "2 events accepted, 1 refused") || !strings.Contains(failed, "1 events were refused") {
				t.Errorf("import: %s\n%s", printed, failed)
			}
			if a := s.send("GET", "/metrics", ""); !strings.Contains(a.body, `weir_events_total{result="accepted"} 2`) {
				t.Error("the import did not go through the server")
			}
			if printed, failed := run(t, append([]string{"config", "check"}, on...)...); failed != "" || !strings.Contains(printed, "settings: ok") {
				t.Errorf("config check: %s\n%s", printed, failed)
			}
			if printed, failed := run(t, append([]string{"check", "--derived"}, on...)...); failed != "" {
				t.Errorf("check: %s\n%s", printed, failed)
			}
			_, failed = run(t, append([]string{"serve", "--addr", "127.0.0.1:0"}, on...)...)
			if !strings.Contains(failed, "Another Weir serves the directory "+cfg.Dir+" at "+s.URL()) {
				t.Errorf("a second server: %q", failed)
			}
			if a := s.send("GET", "/readyz", ""); a.status != http.StatusOK {
				t.Errorf("after that: %+v", a)
			}
		})
	}
}

// Without a server the import opens the store itself, even where a killed server has left its address behind.
func TestImport_WithoutAServer(t *testing.T) {
	cfg := temporary(t)
	other := start(t, temporary(t), nil)
	if err := os.WriteFile(filepath.Join(cfg.Dir, addressName), []byte(other.URL()), 0o600); err != nil {
		t.Fatal(err)
	}
	file := write(t, "event.json", zipped(t, event(`"inputs":[{"namespace":"ns","name":"in"}]`)))
	for range 2 {
		if printed, failed := run(t, "import", "openlineage", file, "--dir", cfg.Dir); failed != "" || printed != "1 events accepted, 0 refused\n" {
			t.Errorf("%q, %q", printed, failed)
		}
	}
	counts, err := other.Catalog.Counts(other.asOperator(t.Context()))
	if err != nil || counts.Datasets != 0 {
		t.Errorf("the events went to the server of another directory: %+v, %v", counts, err)
	}
	again := start(t, cfg, nil)
	counts, err = again.Catalog.Counts(again.asOperator(t.Context()))
	if err != nil || counts.Datasets != 1 {
		t.Errorf("in the directory: %+v, %v", counts, err)
	}
}

func TestCommands_SayWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file := write(t, "file", "x")
	tests := []struct {
		args []string
		want string
	}{
		{[]string{"demo", "--dir", dir, "--addr", "0.0.0.0:8080"}, "can be reached from other machines"},
		{[]string{"serve", "--dir", dir, "--external-url", "weir.example.com"}, "external-url: has to be an address without a path"},
		{[]string{"serve", "--dir", dir, "--addr", "8080"}, "addr: has to be host:port"},
		{[]string{"serve", "--dir", dir, "--store", "mysql://x"}, `"mysql://x" is neither sqlite:PATH nor neo4j://HOST:PORT`},
		{[]string{"serve", "--dir", dir, "--store", "sqlite:"}, "needs a path"},
		{[]string{"serve", "--dir", dir, "--store", "bolt://127.0.0.1:1"}, "No Neo4j server can be reached at bolt://127.0.0.1:1"},
		{[]string{"serve", "--dir", dir, "--log-level", "loud"}, "log-level: is one of"},
		{[]string{"serve", "--dir", dir, "--log-format", "xml"}, "log-format: is text or json"},
		{[]string{"serve", "--dir", filepath.Join(file, "x")}, "dir: can't be made"},
		{[]string{"serve", "--dir", dir, "--config", filepath.Join(dir, "none")}, "config: there is no file"},
		{[]string{"config", "check", "--dir", dir, "--config", write(t, "c", "dri: x\n")}, `unknown field "dri"`},
		{[]string{"config", "check", "--dir", dir, "--config", write(t, "c", "dir: [\n")}, "config: "},
		{[]string{"import", "openlineage", "--dir", dir, filepath.Join(dir, "none.json")}, "can't be opened: no such file"},
		{[]string{"import", "openlineage", "--dir", dir, dir}, "is a directory"},
		{[]string{"import", "openlineage", "--dir", dir, write(t, "z", "\x1f\x8bxx")}, "is not gzip"},
		{[]string{"check", "--dir", dir}, "weir check --derived"},
	}
	for _, tt := range tests {
		if printed, failed := run(t, tt.args...); !strings.Contains(failed, tt.want) {
			t.Errorf("%v: %q (printed %q), want %q", tt.args, failed, printed, tt.want)
		}
	}
}

// TERM ends the program in good order while it still fills, and a directory that it filled is shown again.
func TestDemo_StopsAndStartsAgain(t *testing.T) {
	dir := t.TempDir()
	for _, round := range []string{"first", "again"} {
		begin := time.Now()
		c := spawn(t, "demo", "--addr", "127.0.0.1:0", "--dir", dir)
		c.bearer = "Bearer " + printedToken(t, "--dir", dir)
		a := c.send(t, "GET", "/", "")
		if a.status != http.StatusOK || !strings.Contains(a.body, "/datasets/") {
			t.Errorf("%s: no page with data: %d", round, a.status)
		}
		t.Logf("%s: a page with data %v after the start", round, time.Since(begin))
		if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := c.cmd.Wait(); err != nil {
			t.Errorf("%s: %v", round, err)
		}
		if printed, failed := run(t, "config", "check", "--dir", dir); failed != "" {
			t.Errorf("%s: %s %s", round, printed, failed)
		}
	}
}
