package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/audit/verify"
)

// bundle writes a log of one entry and returns the file, its checkpoint and the key.
func bundle(t *testing.T) (file, checkpoint, key string) {
	t.Helper()
	secret, key, err := note.GenerateKey(nil, "weir.test/audit/1")
	must(t, err)
	signer, err := note.NewSigner(secret)
	must(t, err)
	leaf := []byte(`{"action":"thing.name","actor":"u","decision":"allowed","id":"ent_1","ts":"2026-01-01T00:00:00Z","v":1}`)
	hash := tlog.RecordHash(leaf)
	signed, err := note.Sign(&note.Note{Text: "weir.test/audit/1\n1\n" + hash.String() + "\n"}, signer)
	must(t, err)
	var b bytes.Buffer
	w, err := verify.Begin(&b, []verify.Span{{Key: key}})
	must(t, err)
	must(t, w.Checkpoint(1, signed))
	must(t, w.Add(hash, leaf))
	must(t, w.End())
	dir := t.TempDir()
	file, checkpoint = filepath.Join(dir, "log.tar"), filepath.Join(dir, "checkpoint")
	must(t, os.WriteFile(file, b.Bytes(), 0o600))
	must(t, os.WriteFile(checkpoint, signed, 0o600))
	return file, checkpoint, key
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestExitCodes(t *testing.T) {
	file, checkpoint, key := bundle(t)
	whole, err := os.ReadFile(file)
	must(t, err)
	broken := filepath.Join(t.TempDir(), "broken.tar")
	must(t, os.WriteFile(broken, bytes.Replace(whole, []byte("thing.name"), []byte("thing.nome"), 1), 0o600))
	for name, tt := range map[string]struct {
		args []string
		code int
		says string
	}{
		"holds":              {[]string{file, "--key", key}, 0, "The bundle holds."},
		"flags first":        {[]string{"-key", key, "-checkpoint", checkpoint, file}, 0, "The bundle holds."},
		"a checkpoint":       {[]string{"--key", key, checkpoint}, 0, "The checkpoint holds."},
		"broken":             {[]string{broken, "--key", key}, 1, "BROKEN (leaf): entry 1 (index 0)"},
		"broken, as JSON":    {[]string{broken, "--json"}, 1, `"reason": "leaf"`},
		"no such file":       {[]string{"nowhere"}, 2, "can't check nowhere"},
		"no log":             {[]string{os.Args[0]}, 2, "neither a bundle"},
		"no file":            {nil, 2, "Usage:"},
		"two files":          {[]string{file, broken}, 2, "Usage:"},
		"an unknown flag":    {[]string{"--nonsense", file}, 2, "nonsense"},
		"a checkpoint alone": {[]string{checkpoint}, 2, "--key"},
	} {
		var out, trouble bytes.Buffer
		code := run(t.Context(), tt.args, strings.NewReader(""), &out, &trouble)
		if code != tt.code || !strings.Contains(out.String()+trouble.String(), tt.says) {
			t.Errorf("%s: exit %d, want %d\n%s%s", name, code, tt.code, &out, &trouble)
		}
	}
}

func TestStandardInputAsJSON(t *testing.T) {
	file, _, key := bundle(t)
	f, err := os.Open(file)
	must(t, err)
	defer func() { must(t, f.Close()) }()
	var out, trouble bytes.Buffer
	if code := run(t.Context(), []string{"-", "--json", "--key", key}, f, &out, &trouble); code != 0 {
		t.Fatalf("exit %d: %s", code, &trouble)
	}
	var r verify.Result
	must(t, json.Unmarshal(out.Bytes(), &r))
	if !r.OK || r.Size != 1 || r.Broken != -1 || !r.Pinned {
		t.Errorf("%+v", r)
	}
}
