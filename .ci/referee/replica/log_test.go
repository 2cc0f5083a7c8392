package replica

import (
	"bufio"
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/audit/verify"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/graph/neo4j/neo4jtest"
	"weir/identity"
	"weir/identity/session"
	"weir/jobs"
	"weir/marketplace"
	"weir/notify"
)

// end is the store as it is when all servers are stopped.
type end struct {
	*testing.T
	ctx   context.Context
	store graph.Store
	log   *audit.Log
}

// look opens the store beside the servers, with the schema of the program.
func look(t *testing.T, uri, dir string) *end {
	t.Helper()
	schema, err := graph.Merge(catalog.Schema(), audit.Schema(), authz.Schema(), identity.Schema(), session.Schema(),
		marketplace.Schema(), jobs.Schema(), notify.Schema())
	if err != nil {
		t.Fatal(err)
	}
	e := &end{T: t, ctx: t.Context(), store: neo4jtest.Reopen(t, uri, schema)}
	if e.log, err = audit.Open(e.ctx, e.store, audit.Options{Dir: dir, Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	e.ctx = audit.Sealing(e.ctx, e.log.Keys())
	return e
}

// sealed waits until all entries are signed, and returns how many those are.
func (e *end) sealed() int64 {
	e.Helper()
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		state, err := e.log.State(e.ctx)
		if err != nil {
			e.Fatal(err)
		}
		if state.Sealed == state.Size {
			return state.Size
		}
		if time.Now().After(until) {
			e.Fatalf("%d of %d entries are signed: %v", state.Sealed, state.Size, state.Trouble)
		}
	}
}

// entries are all there are, whose numbers have no gap.
func (e *end) entries() []audit.Entry {
	e.Helper()
	var out []audit.Entry
	for {
		part, err := audit.Since(e.ctx, e.store, int64(len(out)), 200)
		if err != nil {
			e.Fatal(err)
		}
		if len(part) == 0 {
			return out
		}
		for _, entry := range part {
			if entry.Seq != int64(len(out))+1 {
				e.Fatalf("entry %d follows %d", entry.Seq, len(out))
			}
			out = append(out, entry)
		}
	}
}

// descriptions demands one entry of each acknowledged description and none of what nobody sent, that each entry begins
// where the one before it ended, and returns what the last one of each dataset says.
func (e *end) descriptions(l *ledger, entries []audit.Entry) map[graph.ID]string {
	e.Helper()
	said, last := map[string]int{}, map[graph.ID]string{}
	for _, entry := range entries {
		if entry.Action != "catalog.describe" {
			continue
		}
		if entry.Decision != audit.Allowed || len(entry.Changes) != 1 {
			e.Errorf("entry %d is not of one change: %+v", entry.Seq, entry)
			continue
		}
		c := entry.Changes[0]
		if l.sent[c.After] != c.Asset || entry.Target != c.Asset {
			e.Errorf("entry %d speaks of a change that nobody asked for: %+v", entry.Seq, c)
		}
		if c.Before != last[c.Asset] {
			e.Errorf("entry %d changes %q, but %q was there: a change has no entry", entry.Seq, c.Before, last[c.Asset])
		}
		said[c.After]++
		last[c.Asset] = c.After
	}
	for words := range l.described {
		if said[words] != 1 {
			e.Errorf("the acknowledged description %q has %d entries", words, said[words])
		}
	}
	for words, n := range said {
		if n != 1 {
			e.Errorf("the description %q has %d entries", words, n)
		}
	}
	e.Logf("%d descriptions sent, %d acknowledged, %d entries", len(l.sent), len(l.described), len(said))
	return last
}

// events demands that each acknowledged job is there with its run and both edges, and that the datasets and jobs that
// are there are those that entries speak of.
func (e *end) events(l *ledger, entries []audit.Entry) {
	e.Helper()
	told, there := map[graph.ID]bool{}, map[graph.ID]bool{}
	for _, entry := range entries {
		if entry.Action == "intake.apply" && entry.Decision == audit.Allowed && len(entry.Changes) == 0 {
			e.Errorf("entry %d says that nothing changed", entry.Seq)
		}
		for _, c := range entry.Changes {
			if reported(c.Asset) {
				told[c.Asset] = true
			}
		}
	}
	for rec, err := range e.store.Dump(e.ctx) {
		if err != nil {
			e.Fatal(err)
		}
		if rec.Node != nil && reported(rec.Node.ID) {
			there[rec.Node.ID] = true
		}
	}
	if !maps.Equal(told, there) {
		e.Errorf("entries speak of %d datasets and jobs, and %d are there", len(told), len(there))
	}
	for part := range slices.Chunk(l.jobs, 500) {
		e.jobs(part)
	}
}

func (e *end) jobs(names []string) {
	e.Helper()
	var ids []graph.ID
	for _, name := range names {
		ids = append(ids, catalog.TransformID(namespace, name))
	}
	for _, dir := range []graph.Dir{graph.In, graph.Out} {
		page, err := e.store.Edges(e.ctx, graph.EdgeQuery{Of: ids, Dir: dir, Rels: catalog.LineageRels})
		if err != nil {
			e.Fatal(err)
		}
		if len(page.Edges) != len(ids) {
			e.Errorf("%d acknowledged jobs have %d edges on one side", len(ids), len(page.Edges))
		}
	}
	nodes, err := e.store.Nodes(e.ctx, ids...)
	if err != nil {
		e.Fatal(err)
	}
	for i, id := range ids {
		if nodes[id].Props["lastState"] != string(catalog.Completed) {
			e.Errorf("the acknowledged %s is not there whole: %v", names[i], nodes[id].Props)
		}
	}
}

// reported tells whether an id is of a dataset or a job.
func reported(id graph.ID) bool {
	return strings.HasPrefix(string(id), catalog.DatasetType.Spec.Prefix+"_") || strings.HasPrefix(string(id), catalog.TransformType.Spec.Prefix+"_")
}

// chain demands that checkpoints follow one another, and that all that any server has published is among them.
func (e *end) chain(servers []*server) {
	e.Helper()
	known := map[string]bool{}
	for size := int64(0); ; {
		part, err := e.log.CheckpointsAfter(e.ctx, size, 100)
		if err != nil {
			e.Fatal(err)
		}
		if len(part) == 0 {
			break
		}
		for _, c := range part {
			if c.Prev != size || c.Size <= size {
				e.Fatalf("a checkpoint of %d entries that follows one of %d stands behind one of %d", c.Size, c.Prev, size)
			}
			size = c.Size
			known[c.Note] = true
		}
	}
	published := 0
	for _, s := range servers {
		for _, note := range e.published(s) {
			published++
			if !known[note] {
				e.Errorf("the server of %s has published a checkpoint that isn't of the chain:\n%s", s.dir, note)
			}
		}
	}
	if published == 0 {
		e.Error("no server has published a checkpoint")
	}
	e.Logf("%d checkpoints in one chain; servers have published %d times", len(known), published)
}

func (e *end) published(s *server) []string {
	e.Helper()
	f, err := os.Open(s.anchors())
	if os.IsNotExist(err) {
		return nil // the others were always faster
	}
	if err != nil {
		e.Fatal(err)
	}
	defer f.Close()
	var out []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var line struct{ Checkpoint string }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			e.Fatalf("%s: %v", s.anchors(), err)
		}
		out = append(out, line.Checkpoint)
	}
	return out
}

// verified exports the log and checks it as an auditor does, who knows the key and the last checkpoint that each server signed.
func (e *end) verified(servers []*server, uri string, size int64) {
	e.Helper()
	first := servers[0]
	file := filepath.Join(e.TempDir(), "log.tar")
	if printed, code := weir(e.T, first.binary, "audit", "export", "--dir", first.dir, "--store", uri, "--out", file); code != 0 {
		e.Fatalf("export: %d %s", code, printed)
	}
	key := strings.TrimSpace(read(e.T, filepath.Join(first.dir, "audit.pub")))
	for _, s := range servers {
		printed, code := weir(e.T, first.binary, "audit", "verify", file, "--json", "--key", key, "--checkpoint", filepath.Join(s.dir, "last-checkpoint"))
		var r verify.Result
		if err := json.Unmarshal([]byte(printed), &r); err != nil || code != 0 || !r.OK || !r.Pinned || r.Size != size {
			e.Errorf("the export of %d entries, after what the server of %s signed last: %d %s", size, s.dir, code, printed)
		}
		if printed, code := weir(e.T, first.binary, "audit", "verify", "--dir", s.dir, "--store", uri); code != 0 {
			e.Errorf("the log where it lies, as the server of %s sees it: %d %s", s.dir, code, printed)
		}
	}
}
