package openlineage

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"weir/catalog"
	"weir/errs"
)

// seeds adds our own events and the published ones.
func seeds(f *testing.F) {
	for _, raw := range []string{
		event(), job("a"), output(`"schema":{"fields":[{"name":"a","fields":[{"name":"b"}]}]},"tags":{"tags":[{"key":"pii","field":"a"}]}`),
		output(`"columnLineage":{"fields":{"c":{"inputFields":[` + from(`{"type":"DIRECT","masking":true}`) + `]}}}`),
		event(`"job":{"namespace":"ns","name":"j","facets":{"lineage":{"entries":[{"type":"JOB","inputs":[{"type":"DATASET","namespace":"n","name":"d"}]}]}}}`),
		event(`"run":{"runId":"x","facets":{"environmentVariables":{"environmentVariables":[{"name":"a","value":"b"}]},"parent":{"run":{"runId":"y"},"job":{"namespace":"n","name":"p"}}}}`),
		`{"a":"\ud83d\ude00\u0000"}`, `[` + job("a") + `,{"x":]}]`, job("a") + "\n{\"a\":1\n" + job("b"), "\ufeff[]", `{"events":[{}]}`,
	} {
		f.Add([]byte(raw))
	}
	for _, pattern := range []string{"*/*/*.json", "*/*/*/*.json"} {
		files, err := filepath.Glob(filepath.Join(samples, pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if strings.Contains(file, "facet-samples") {
				raw = []byte(event(`"run":{"runId":"r","facets":`+string(raw)+`}`, `"job":{"namespace":"n","name":"j","facets":`+string(raw)+`}`,
					`"outputs":[{"namespace":"n","name":"d","facets":`+string(raw)+`}]`))
			}
			if len(raw) < 10_000 {
				f.Add(raw)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		ev, err := Parse(raw)
		if err != nil {
			if k := errs.KindOf(err); k != errs.Invalid && k != errs.TooLarge {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, bytes.TrimPrefix(raw, []byte("\ufeff"))); err != nil || !bytes.Equal(compact.Bytes(), ev.Raw) {
			t.Fatalf("%q: compact is %q, not %q: %v", raw, ev.Raw, compact.Bytes(), err)
		}
		again, err := Parse(ev.Raw)
		if err != nil || again.Hash != ev.Hash || len(again.Datasets) != len(ev.Datasets) {
			t.Fatalf("%q reads differently once compact: %v", raw, err)
		}
		checkEvent(t, ev)
	})
}

// checkEvent asks for what holds of every event.
func checkEvent(t *testing.T, ev catalog.Event) {
	t.Helper()
	if ev.At.IsZero() || ev.Producer == "" || (ev.Run != nil) != (ev.How == catalog.Observed) {
		t.Fatalf("core: %+v", ev)
	}
	facets := []catalog.Facet{}
	if ev.Job != nil {
		facets = append(facets, ev.Job.Facets...)
		checkNames(t, ev.Job.Namespace, ev.Job.Name)
	}
	if ev.Run != nil {
		facets = append(facets, ev.Run.Facets...)
		checkNames(t, ev.Run.UUID, ev.Run.UUID)
	}
	type key struct {
		namespace, name string
		role            catalog.Role
	}
	seen := map[key]bool{}
	for _, d := range ev.Datasets {
		checkNames(t, d.Namespace, d.Name)
		if k := (key{d.Namespace, d.Name, d.Role}); seen[k] {
			t.Fatalf("%+v twice", k)
		} else {
			seen[k] = true
		}
		for _, c := range d.Columns {
			checkNames(t, c.Path, c.Path)
		}
		facets = append(facets, d.Facets...)
	}
	for _, f := range facets {
		if !json.Valid(f.Body) || !utf8.ValidString(f.Key) {
			t.Fatalf("facet %q is %q", f.Key, f.Body)
		}
	}
}

func checkNames(t *testing.T, names ...string) {
	t.Helper()
	for _, n := range names {
		if n == "" || len(n) > MaxName || !utf8.ValidString(n) || strings.IndexByte(n, 0) >= 0 {
			t.Fatalf("name %q", n)
		}
	}
}

func FuzzRead(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		index, line := 0, 1
		for it, err := range Read(bytes.NewReader(raw)) {
			if err != nil {
				t.Fatalf("%q: %v", raw, err)
			}
			if it.Index != index || it.Line < line || len(it.Raw) == 0 || !bytes.Contains(raw, it.Raw) {
				t.Fatalf("%q: item %+v after %d at line %d", raw, it, index, line)
			}
			index, line = index+1, it.Line
		}
		items, err := parseBatch(raw)
		isContainer := func(it Item) bool { return it.Raw[0] == '{' || it.Raw[0] == '[' }
		if err != nil || !json.Valid(raw) || !bytes.HasPrefix(raw, []byte("[")) || !all(items, isContainer) {
			return
		}
		if len(items) != index {
			t.Fatalf("%q: %d events as a batch, %d as a file", raw, len(items), index)
		}
	})
}

func all(items []Item, holds func(Item) bool) bool {
	return !slices.ContainsFunc(items, func(it Item) bool { return !holds(it) })
}

func FuzzScan(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d document
		err := d.scan(raw)
		if bytes.HasPrefix(raw, []byte("\ufeff")) || !utf8.Valid(raw) || err != nil && strings.Contains(err.Error(), "deeper") {
			return
		}
		if valid := json.Valid(raw); valid != (err == nil) {
			t.Fatalf("%q: %v, but valid is %v", raw, err, valid)
		}
	})
}
