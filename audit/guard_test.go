package audit_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// chain checks that the checkpoints in a store are one chain, each consistent with the one before, and returns them.
func chain(t *testing.T, l *audit.Log) []audit.Checkpoint {
	t.Helper()
	page, err := l.Checkpoints(t.Context(), 1000, "")
	if err != nil || page.Next != "" {
		t.Fatal(err, page.Next)
	}
	cs := page.Checkpoints
	for i := range cs[:max(len(cs)-1, 0)] {
		to, from := cs[i], cs[i+1]
		if to.Prev != from.Size {
			t.Fatalf("the checkpoint of %d follows that of %d, not of %d", to.Size, to.Prev, from.Size)
		}
		proof, err := l.Consistency(t.Context(), from.Size, to.Size)
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckTree(proof, to.Size, to.Root, from.Size, from.Root); err != nil {
			t.Fatalf("%d and %d: %v", from.Size, to.Size, err)
		}
	}
	return cs
}

func copyKeys(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{"audit.key", "audit.pub", "payload.key"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

func TestSeal_TwoServersNeverFork(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		dir := t.TempDir()
		logs := []*audit.Log{openLog(t, s, dir)}
		logs = append(logs, openLog(t, s, copyKeys(t, dir)))
		const entries = 60
		var writers, sealers sync.WaitGroup
		done := make(chan struct{})
		for w := range 3 {
			writers.Go(func() {
				for i := range entries / 3 {
					write(t, s, fmt.Sprintf("act.%d.%d", w, i))
				}
			})
		}
		for _, l := range logs {
			sealers.Go(func() {
				sealer := audit.Sealer{Log: l}
				for {
					c, err := sealer.Step(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					select {
					case <-done:
						if c.Size == 0 {
							return
						}
					default:
					}
				}
			})
		}
		writers.Wait()
		close(done)
		sealers.Wait()
		seal(t, logs[0])
		if cs := chain(t, logs[0]); cs[0].Size != entries {
			t.Errorf("sealed up to %d of %d", cs[0].Size, entries)
		}
	})
}

// failing is a store that loses transactions.
type failing struct {
	graph.Store
	fail bool
}

func (f *failing) Update(ctx context.Context, id string, fn func(context.Context, graph.Tx) error) error {
	if f.fail {
		return errs.E(errs.Unavailable, "away")
	}
	return f.Store.Update(ctx, id, fn)
}

// What was signed but not stored counts as signed: it may have been seen.
func TestSeal_GoesOnAfterACrashBetweenSigningAndStoring(t *testing.T) {
	f := &failing{Store: newStore(t)}
	dir := t.TempDir()
	l := openLog(t, f, dir)
	write(t, f, "act", "th_a")
	seal(t, l)
	write(t, f, "act", "th_a")
	write(t, f, "act", "th_a")
	f.fail = true
	if _, err := (&audit.Sealer{Log: l}).Step(t.Context()); !errs.Is(err, errs.Unavailable) {
		t.Fatal(err)
	}
	last, err := os.ReadFile(filepath.Join(dir, "last-checkpoint"))
	if err != nil || !strings.Contains(string(last), "\n3\n") {
		t.Fatalf("the signature isn't kept: %s, %v", last, err)
	}
	f.fail = false
	l = openLog(t, f, dir)
	write(t, f, "act", "th_a")
	if c := seal(t, l); c.Size != 4 || c.Prev != 1 {
		t.Errorf("%+v", c)
	}
	chain(t, l)
}

// restored copies a store as it was, into an empty one.
func restored(t *testing.T, s graph.Store) graph.Store {
	t.Helper()
	c := newStore(t)
	if err := c.Restore(t.Context(), s.Dump(t.Context())); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSeal_RefusesAnOlderOrAnotherStore(t *testing.T) {
	s := newStore(t)
	dir := t.TempDir()
	l := openLog(t, s, dir)
	write(t, s, "act.1", "th_a")
	write(t, s, "act.2", "th_a")
	seal(t, l)
	backup := restored(t, s)
	write(t, s, "act.3", "th_a")
	write(t, s, "act.4", "th_a")
	signed := seal(t, l)

	old := openLog(t, backup, dir)
	refused(t, old, "older backup")
	write(t, backup, "act.other", "th_a")
	refused(t, old, "older backup")
	write(t, backup, "act.other", "th_a")
	write(t, backup, "act.other", "th_a")
	refused(t, old, "aren't those that were signed")
	state, err := old.State(t.Context())
	if err != nil || !errs.Is(state.Trouble, errs.Conflict) || state.Sealed != 2 || state.Size != 5 {
		t.Errorf("the state doesn't tell: %+v, %v", state, err)
	}
	if _, err := old.Proof(t.Context(), 2); err != nil {
		t.Errorf("what is sealed can't be proved: %v", err)
	}
	refused(t, openLog(t, newStore(t), dir), "the store replaced?")
	b, err := os.ReadFile(filepath.Join(dir, "last-checkpoint"))
	if err != nil || string(b) != signed.Note {
		t.Errorf("a refusal changes what is known as signed: %v", err)
	}
}

func refused(t *testing.T, l *audit.Log, why string) {
	t.Helper()
	before, err := l.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = (&audit.Sealer{Log: l}).Step(t.Context())
	if err == nil || !strings.Contains(err.Error(), why) {
		t.Errorf("not refused with %q: %v", why, err)
	}
	after, err := l.State(t.Context())
	if err != nil || after.Sealed != before.Sealed {
		t.Errorf("sealed %d after %d, %v", after.Sealed, before.Sealed, err)
	}
	if after.Trouble == nil {
		t.Error("the state doesn't tell why")
	}
}

// Whoever owns the store but not the key can change what is there. Nothing is signed on top of it.
func TestSeal_RefusesAForgedPast(t *testing.T) {
	other := newStore(t)
	otherDir := t.TempDir()
	forged := openLog(t, other, otherDir)
	write(t, other, "act.forged", "th_a")
	write(t, other, "act.forged", "th_a")
	theirs := seal(t, forged)
	otherKeys, err := forged.Verifiers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		id    graph.ID
		props graph.Props
		why   string
	}{
		{"root", "log_audit", graph.Props{"root": theirs.Root[:]}, "isn't what its last checkpoint says"},
		{"size", "log_audit", graph.Props{"size": int64(1)}, "checkpoint of the log is missing"},
		{"note", "chk_2", graph.Props{"note": theirs.Note}, "isn't signed by its key"},
		{"tile", "til_0_0", graph.Props{"hashes": make([]byte, 64)}, "isn't what its last checkpoint says"},
		{"short tile", "til_0_0", graph.Props{"hashes": make([]byte, 32)}, "damaged"},
		{"keys", "log_audit", graph.Props{"keys": []string{otherKeys[0].VKey + " 0 0"}}, "isn't one of the log in the store"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			l := openLog(t, s, t.TempDir())
			write(t, s, "act", "th_a")
			write(t, s, "act", "th_a")
			seal(t, l)
			change(t, s, tt.id, tt.props)
			write(t, s, "act", "th_a")
			refused(t, l, tt.why)
		})
	}
}

func change(t *testing.T, s graph.Store, id graph.ID, props graph.Props) {
	t.Helper()
	_, err := graph.Modify(t.Context(), s, id, func(graph.Node) (graph.Props, error) { return props, nil })
	if err != nil {
		t.Fatal(err)
	}
}

func TestSeal_NoticesAMissingEntry(t *testing.T) {
	s := newStore(t)
	l := openLog(t, s, t.TempDir())
	for range 3 {
		write(t, s, "act", "th_a")
	}
	heads, err := audit.Heads(t.Context(), s, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error { return tx.Delete(ctx, heads[1].ID) }); err != nil {
		t.Fatal(err)
	}
	refused(t, l, "Entry 2 of the log is missing")
}

func TestOpen_DoesNotReplaceKeys(t *testing.T) {
	s := newStore(t)
	dir := t.TempDir()
	l := openLog(t, s, dir)
	if again := openLog(t, s, dir); again.Origin() != l.Origin() || !strings.HasPrefix(l.Origin(), "log.test/audit/") {
		t.Errorf("origins %q and %q", l.Origin(), again.Origin())
	}
	for name, mode := range map[string]os.FileMode{"audit.key": 0o600, "payload.key": 0o600, "audit.pub": 0o644} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
	write(t, s, "act", "th_a")
	seal(t, l)
	write(t, s, "act", "th_a")
	if err := os.Remove(filepath.Join(dir, "audit.key")); err != nil {
		t.Fatal(err)
	}
	refused(t, openLog(t, s, dir), "isn't on this server")
	if _, err := os.Stat(filepath.Join(dir, "audit.key")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("another key was made: %v", err)
	}
}

func TestOpen_WithoutDirectoryOnlyReads(t *testing.T) {
	s := newStore(t)
	dir := t.TempDir()
	write(t, s, "act", "th_a")
	seal(t, openLog(t, s, dir))
	l := openLog(t, s, "")
	if _, err := l.Proof(t.Context(), 1); err != nil {
		t.Error(err)
	}
	write(t, s, "act", "th_a")
	refused(t, l, "no directory")
}
