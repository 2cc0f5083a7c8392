package referee

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"weir/audit"
	"weir/graph"
	"weir/graph/graphtest"
)

// world is a log in a store.
type world struct {
	t     testing.TB
	store graph.Store
	dir   string
	log   *audit.Log
	seal  *audit.Sealer
	n     int
}

func newStore() graph.Store { return graphtest.Memory(audit.Schema()) }

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, store: newStore(), dir: t.TempDir()}
	w.open()
	return w
}

func (w *world) open() {
	w.t.Helper()
	var err error
	w.log, err = audit.Open(w.t.Context(), w.store, audit.Options{Dir: w.dir, Host: "log.test"})
	w.must(err)
	w.seal = &audit.Sealer{Log: w.log}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// write appends an entry.
func (w *world) write() {
	w.t.Helper()
	w.n++
	w.must(w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, time.Date(2026, 1, 1, 0, 0, w.n, 0, time.UTC), audit.Entry{
			Actor: "usr_ann", Action: "thing.name", Decision: audit.Allowed, Facts: map[string]string{"n": fmt.Sprint(w.n)},
		})
	}))
}

// sealed signs what there is.
func (w *world) sealed() audit.Checkpoint {
	w.t.Helper()
	c, err := w.seal.Step(w.t.Context())
	w.must(err)
	return c
}

// key is the verifier key of the log.
func (w *world) key() string {
	w.t.Helper()
	keys, err := w.log.Verifiers(w.t.Context())
	w.must(err)
	return keys[0].VKey
}

func (w *world) verifier() note.Verifier {
	w.t.Helper()
	v, err := note.NewVerifier(w.key())
	w.must(err)
	return v
}

// fork is another world that begins with what w has now and has the same key: what its owner can do who wants to rewrite it.
func (w *world) fork() *world {
	w.t.Helper()
	f := &world{t: w.t, store: newStore(), dir: w.t.TempDir(), n: w.n + 1000}
	w.must(f.store.Restore(w.t.Context(), w.store.Dump(w.t.Context())))
	for _, name := range []string{"audit.key", "audit.pub", "payload.key"} {
		b, err := os.ReadFile(filepath.Join(w.dir, name))
		w.must(err)
		w.must(os.WriteFile(filepath.Join(f.dir, name), b, 0o600))
	}
	f.open()
	return f
}
