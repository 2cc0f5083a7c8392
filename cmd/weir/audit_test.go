package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"weir/audit/verify"
	"weir/authz"
	"weir/identity"
)

// audits runs a command over the log and returns what it printed and what the program would exit with.
func audits(t *testing.T, cfg Config, args ...string) (printed string, code int) {
	t.Helper()
	c := root()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(append(append([]string{"audit"}, args...), "--dir", cfg.Dir, "--store", cfg.Store))
	err := c.ExecuteContext(t.Context())
	var exit exitCode
	switch {
	case errors.As(err, &exit):
		code = int(exit)
	case err != nil:
		return out.String() + explain(err), 1
	}
	return out.String(), code
}

// recorded is a server with some entries, all of which are signed.
func recorded(t *testing.T, cfg Config) *running {
	t.Helper()
	s := start(t, cfg, nil)
	for _, name := range []string{"a", "b", "c"} {
		if a := s.send("POST", "/api/v1/lineage", event(`"inputs":[{"namespace":"ns","name":"`+name+`"}]`)); a.status >= 300 {
			t.Fatalf("%+v", a)
		}
	}
	s.signed(t)
	return s
}

// signed waits until all entries are.
func (r *running) signed(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		state, err := r.Log.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if state.Sealed == state.Size && state.Size > 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d entries are signed: %v", state.Sealed, state.Size, state.Trouble)
		}
	}
}

// An auditor gets a file from beside a running server, checks it elsewhere, and checks the server too.
func TestAudit_ExportAndVerify(t *testing.T) {
	for engine, cfg := range engines(t) {
		t.Run(engine, func(t *testing.T) {
			s := recorded(t, cfg)
			file := filepath.Join(t.TempDir(), "log.tar")
			if printed, code := audits(t, cfg, "export", "--out", file); code != 0 || !strings.Contains(printed, "weir-verify") {
				t.Fatalf("export: %d %s", code, printed)
			}
			key := strings.TrimSpace(read(t, filepath.Join(cfg.Dir, "audit.pub")))
			printed, code := audits(t, cfg, "verify", file, "--key", key, "--json")
			var r verify.Result
			if err := json.Unmarshal([]byte(printed), &r); err != nil || code != 0 || !r.OK || r.Payloads == 0 || !r.Pinned {
				t.Errorf("verify: %d %s", code, printed)
			}
			if printed, code := audits(t, cfg, "verify"); code != 0 || !strings.Contains(printed, "The log holds.") {
				t.Errorf("the log where it lies: %d %s", code, printed)
			}
			t.Setenv("WEIR_TOKEN", strings.TrimPrefix(s.bearer, "Bearer "))
			if printed, code := audits(t, cfg, "verify", s.URL(), "--key", key); code != 0 || !strings.Contains(printed, "The log holds.") {
				t.Errorf("the server: %d %s", code, printed)
			}
			if printed, code := audits(t, cfg, "export", "--out", file); code != 1 || !strings.Contains(printed, "exists") {
				t.Errorf("a file that is there is written over: %d %s", code, printed)
			}
			broken := write(t, "broken.tar", strings.Replace(read(t, file), `"actor":"`, `"actor":"x`, 1)[:len(read(t, file))])
			if printed, code := audits(t, cfg, "verify", broken, "--key", key); code != 1 || !strings.Contains(printed, "BROKEN (") {
				t.Errorf("a broken file: %d %s", code, printed)
			}
			if printed, code := audits(t, cfg, "verify", filepath.Join(cfg.Dir, "nowhere")); code != 2 {
				t.Errorf("no file: %d %s", code, printed)
			}
		})
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Keys are rotated and people erased at the machine, with no server and beside one.
func TestAudit_KeepsTheLog(t *testing.T) {
	cfg := temporary(t)
	s := recorded(t, cfg)
	first := strings.TrimSpace(read(t, filepath.Join(cfg.Dir, "audit.pub")))
	if printed, code := audits(t, cfg, "rotate-key"); code != 0 {
		t.Fatalf("rotate-key: %s", printed)
	}
	s.signed(t)
	if printed, code := audits(t, cfg, "retire-key", "--key", first); code != 0 {
		t.Fatalf("retire-key: %s", printed)
	}
	u, err := s.Identity.CreateUser(authz.With(t.Context(), authz.Operator), identity.NewUser{Login: "eve", Name: "Eve"})
	if err != nil {
		t.Fatal(err)
	}
	s.signed(t)
	s.stop()
	if printed, code := audits(t, cfg, "erase", "--subject", string(u.ID), "--basis", "a request"); code != 0 {
		t.Errorf("erase: %s", printed)
	}
	for _, args := range [][]string{
		{"erase", "--subject", "usr_nobody"}, {"redact", "--entry", "1"}, {"redact", "--entry", "9999", "--basis", "x"},
		{"retire-key", "--key", "nonsense"}, {"prune", "--keep-from", "256", "--archive", filepath.Join(cfg.Dir, "audit.pub"), "--basis", "x"}, {"export"},
	} {
		if printed, code := audits(t, cfg, args...); code != 1 {
			t.Errorf("%v: %d %s", args, code, printed)
		}
	}
	file := filepath.Join(t.TempDir(), "log.tar")
	if printed, code := audits(t, cfg, "export", "--out", file); code != 0 {
		t.Fatalf("export: %s", printed)
	}
	if printed, code := audits(t, cfg, "verify", file, "--key", first); code != 0 || strings.Contains(printed, "signed by   "+first) {
		t.Errorf("by the first key: %d %s", code, printed)
	}
	if printed, code := audits(t, cfg, "verify"); code != 0 {
		t.Errorf("where it lies: %d %s", code, printed)
	}
}
