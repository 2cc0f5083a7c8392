package main

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/catalog"
	"weir/graph"
)

// wholeEvery is how many rounds pass between looks at every entry and asset.
const wholeEvery = 10

// chain is what was seen of the checkpoints: they may get more, and none may ever be another one.
type chain struct{ texts []string }

// checkLog looks at the log of a server that was killed: signed checkpoints continue those from before, all of it holds as
// an auditor checks it, and now and then also that entries and changes belong together.
func checkLog(t *testing.T, cfg Config, seen *chain, whole bool) {
	t.Helper()
	if printed, code := audits(t, cfg, "verify"); code != 0 {
		t.Fatalf("the log doesn't hold after a kill: %d %s", code, printed)
	}
	ctx := context.Background()
	store, err := cfg.open(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	log, err := audit.Open(ctx, store, audit.Options{Dir: cfg.Dir, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	seen.goesOn(t, log)
	if whole {
		checkEntries(audit.Sealing(ctx, log.Keys()), t, store)
	}
}

// goesOn demands that the checkpoints are those from before and perhaps more.
func (c *chain) goesOn(t *testing.T, log *audit.Log) {
	t.Helper()
	var now []string
	var size int64
	for {
		part, err := log.CheckpointsAfter(context.Background(), size, 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(part) == 0 {
			break
		}
		for _, p := range part {
			if p.Size <= size {
				t.Fatalf("a checkpoint of %d entries follows one of %d", p.Size, size)
			}
			size = p.Size
			now = append(now, p.Text())
		}
	}
	if len(now) < len(c.texts) || !slices.Equal(now[:len(c.texts)], c.texts) {
		t.Fatalf("%d checkpoints are not those %d from before and more", len(now), len(c.texts))
	}
	c.texts = now
}

// checkEntries demands numbers without a gap, an entry for each dataset and job that is there, and that each of those that
// entries speak of is there.
func checkEntries(ctx context.Context, t *testing.T, store graph.Store) {
	t.Helper()
	told := map[graph.ID]bool{}
	for last := int64(0); ; {
		entries, err := audit.Since(ctx, store, last, 200)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			if e.Seq != last+1 {
				t.Fatalf("entry %d follows %d", e.Seq, last)
			}
			last = e.Seq
			if e.Action == "intake.apply" && e.Decision == audit.Allowed && len(e.Changes) == 0 {
				t.Errorf("entry %d says that nothing changed", e.Seq)
			}
			for _, c := range e.Changes {
				if reported(c.Asset) {
					told[c.Asset] = true
				}
			}
		}
	}
	there := map[graph.ID]bool{}
	for rec, err := range store.Dump(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if rec.Node != nil && reported(rec.Node.ID) {
			there[rec.Node.ID] = true
		}
	}
	if !maps.Equal(told, there) {
		t.Errorf("entries speak of %d datasets and jobs, and %d are there", len(told), len(there))
	}
}

// reported tells whether an id is of a dataset or a job.
func reported(id graph.ID) bool {
	return strings.HasPrefix(string(id), catalog.DatasetType.Spec.Prefix+"_") || strings.HasPrefix(string(id), catalog.TransformType.Spec.Prefix+"_")
}
