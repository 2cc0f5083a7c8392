package audit_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

const secret = "ann.lee@example.com"

// personal writes an entry whose payload holds data of a person.
func personal(t *testing.T, ctx context.Context, s graph.Store, subject graph.ID) error {
	t.Helper()
	return s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, thingType.Write("th_p", graph.Upsert, thing{Name: "p"})); err != nil {
			return err
		}
		return audit.Append(ctx, tx, noon, audit.Entry{Actor: "ann", Action: "identity.email", Decision: audit.Allowed,
			Subject: subject, Changes: []audit.Change{{Asset: "th_p", Field: "email", After: secret}}})
	})
}

func one(t *testing.T, ctx context.Context, s graph.Store, seq int64) audit.Entry {
	t.Helper()
	e, err := audit.At(ctx, s, seq)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func inTx(t *testing.T, s graph.Store, do func(ctx context.Context, tx graph.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), "", do); err != nil {
		t.Fatal(err)
	}
}

// holds tells whether a text stands anywhere in a store, in any form that isn't encrypted.
func holds(t *testing.T, s graph.Store, text string) bool {
	t.Helper()
	for r, err := range s.Dump(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), text) {
			return true
		}
		if r.Node == nil {
			continue
		}
		for _, v := range r.Node.Props {
			if b, ok := v.([]byte); ok && strings.Contains(string(b), text) {
				return true
			}
		}
	}
	return false
}

func TestErase_MakesPayloadsUnreadableAndKeepsProofs(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		l := openLog(t, s, t.TempDir())
		ctx := audit.Sealing(t.Context(), l.Keys())
		for _, who := range []graph.ID{"usr_ann", "usr_bob", "usr_ann"} {
			if err := personal(t, ctx, s, who); err != nil {
				t.Fatal(err)
			}
		}
		seal(t, l)
		before, err := l.Proof(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if e := one(t, ctx, s, 1); len(e.Changes) != 1 || e.Changes[0].After != secret || e.Subject != "usr_ann" {
			t.Fatalf("%+v", e)
		}
		if e := one(t, t.Context(), s, 1); !e.Sealed || len(e.Changes) != 0 {
			t.Errorf("read without keys: %+v", e)
		}
		inTx(t, s, func(ctx context.Context, tx graph.Tx) error {
			return audit.Erase(ctx, tx, noon, audit.Entry{Actor: "usr_dpo"}, "usr_ann", "asked for it")
		})
		if err := personal(t, ctx, s, "usr_ann"); err != nil { // who comes back has a new key
			t.Fatal(err)
		}
		for seq, erased := range map[int64]bool{1: true, 2: false, 3: true, 5: false} {
			if e := one(t, ctx, s, seq); e.Erased != erased || (len(e.Changes) == 0) != erased {
				t.Errorf("entry %d: %+v", seq, e)
			}
		}
		e := one(t, ctx, s, 4)
		if e.Action != audit.ActionErase || e.Facts["subject"] != "usr_ann" || e.Facts["basis"] != "asked for it" || e.Actor != "usr_dpo" {
			t.Errorf("%+v", e)
		}
		seal(t, l)
		after, err := l.Proof(t.Context(), 1)
		if err != nil || string(after.Leaf) != string(before.Leaf) {
			t.Errorf("the entry can't be proved any more: %v", err)
		}
		if err := before.Check(); err != nil {
			t.Errorf("the old proof: %v", err)
		}
		if h, err := audit.Of(ctx, s, "th_p", 10, ""); err != nil || len(h.Entries) != 4 {
			t.Errorf("the history can't be read: %+v, %v", h, err)
		}
	})
}

func TestSubject_IsNeverInTheClear(t *testing.T) {
	s := newStore(t)
	l := openLog(t, s, t.TempDir())
	if err := personal(t, audit.Sealing(t.Context(), l.Keys()), s, "usr_ann"); err != nil {
		t.Fatal(err)
	}
	if holds(t, s, secret) {
		t.Error("the store holds personal data in the clear")
	}
	if err := personal(t, t.Context(), s, "usr_ann"); !errs.Is(err, errs.Internal) {
		t.Errorf("written without a key: %v", err)
	}
	other := openLog(t, newStore(t), t.TempDir())
	if _, err := audit.Since(audit.Sealing(t.Context(), other.Keys()), s, 0, 10); !errs.Is(err, errs.Internal) {
		t.Errorf("read with another key: %v", err)
	}
}

func TestSubject_PayloadsDoNotMove(t *testing.T) {
	s := newStore(t)
	l := openLog(t, s, t.TempDir())
	ctx := audit.Sealing(t.Context(), l.Keys())
	for range 2 {
		if err := personal(t, ctx, s, "usr_ann"); err != nil {
			t.Fatal(err)
		}
	}
	leaves, err := audit.Leaves(ctx, s, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	second, err := graph.One(ctx, s, leaves[1].Payload)
	if err != nil {
		t.Fatal(err)
	}
	change(t, s, leaves[0].Payload, graph.Props{"sealed": second.Props["sealed"]})
	if _, err := audit.At(ctx, s, 1); !errs.Is(err, errs.Internal) {
		t.Errorf("a payload of another entry is read: %v", err)
	}
	payloads, err := audit.Payloads(ctx, s, leaves...)
	if err != nil || payloads[0].State != audit.PayloadBroken || payloads[1].State != audit.PayloadOpen {
		t.Errorf("%+v, %v", payloads, err)
	}
}

func TestOpen_DemandsTheKeyToPersonalData(t *testing.T) {
	s := newStore(t)
	l := openLog(t, s, t.TempDir())
	if err := personal(t, audit.Sealing(t.Context(), l.Keys()), s, "usr_ann"); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Open(t.Context(), s, audit.Options{Dir: t.TempDir()}); !errs.Is(err, errs.Conflict) {
		t.Errorf("without the file: %v", err)
	}
	other := t.TempDir()
	openLog(t, newStore(t), other)
	if _, err := audit.Open(t.Context(), s, audit.Options{Dir: other}); !errs.Is(err, errs.Conflict) {
		t.Errorf("with the file of another log: %v", err)
	}
}

// After a change of the key a server that has only the old one must not write what the others can't read.
func TestSubject_NeedsTheKeyThatTheOthersHave(t *testing.T) {
	s := newStore(t)
	dir := t.TempDir()
	l := openLog(t, s, dir)
	other := openLog(t, s, copyKeys(t, dir))
	if err := personal(t, audit.Sealing(t.Context(), other.Keys()), s, "usr_ann"); err != nil {
		t.Fatal(err)
	}
	if err := l.Rewrap(t.Context(), audit.Entry{Actor: "usr_admin"}); err != nil {
		t.Fatal(err)
	}
	if err := personal(t, audit.Sealing(t.Context(), other.Keys()), s, "usr_bob"); !errs.Is(err, errs.Conflict) {
		t.Errorf("got %v", err)
	}
	if err := personal(t, audit.Sealing(t.Context(), l.Keys()), s, "usr_bob"); err != nil {
		t.Error(err)
	}
}

func TestRedact_DeletesOnePayload(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		write(t, s, "act.1", "th_a")
		write(t, s, "act.2", "th_a")
		redact := func(seq int64, field, basis string) error {
			return s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
				return audit.Redact(ctx, tx, noon, audit.Entry{Actor: "usr_dpo"}, seq, field, basis)
			})
		}
		if err := redact(1, audit.FieldChanges, "a password by mistake"); err != nil {
			t.Fatal(err)
		}
		first, third := one(t, t.Context(), s, 1), one(t, t.Context(), s, 3)
		if !first.Erased || third.Action != audit.ActionRedact || third.Facts["seq"] != "1" || third.Target != first.ID {
			t.Errorf("%+v\n%+v", first, third)
		}
		if one(t, t.Context(), s, 2).Erased {
			t.Error("the other payload is gone too")
		}
		for _, tt := range []struct {
			seq          int64
			field, basis string
			want         errs.Kind
		}{
			{1, "changes", "again", errs.Conflict}, {3, "changes", "no payload", errs.Conflict},
			{9, "changes", "why", errs.NotFound}, {0, "changes", "why", errs.NotFound},
			{2, "actor", "why", errs.Invalid}, {2, "changes", "", errs.Invalid},
		} {
			if err := redact(tt.seq, tt.field, tt.basis); !errs.Is(err, tt.want) {
				t.Errorf("%+v: %v", tt, err)
			}
		}
	})
}

func TestPrune_KeepsEveryProofOfWhatIsKept(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		dir, now := t.TempDir(), noon
		l, err := audit.Open(t.Context(), s, audit.Options{Dir: dir, Retention: 24 * time.Hour, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		fill(t, s, 600)
		seal(t, l)
		old, err := l.Proof(t.Context(), 3)
		if err != nil {
			t.Fatal(err)
		}
		by, digest := audit.Entry{Actor: "usr_admin"}, strings.Repeat("ab", 32)
		if err := l.Prune(t.Context(), by, 256, digest, "two years"); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("too early: %v", err)
		}
		now = now.Add(25 * time.Hour)
		for _, index := range []int64{0, 100, 768, -256} {
			if err := l.Prune(t.Context(), by, index, digest, "two years"); !errs.Is(err, errs.Invalid) {
				t.Errorf("index %d: %v", index, err)
			}
		}
		if err := l.Prune(t.Context(), by, 512, digest, "two years"); err != nil {
			t.Fatal(err)
		}
		c := seal(t, l)
		if _, err := l.Proof(t.Context(), 512); !errs.Is(err, errs.NotFound) {
			t.Errorf("a pruned entry: %v", err)
		}
		if _, err := l.Entries(t.Context(), 1, 256); !errs.Is(err, errs.NotFound) {
			t.Errorf("a pruned bundle: %v", err)
		}
		for _, seq := range []int64{513, 600, c.Size} {
			if _, err := l.Proof(t.Context(), seq); err != nil {
				t.Errorf("entry %d: %v", seq, err)
			}
		}
		proof, err := l.Consistency(t.Context(), old.Checkpoint.Size, c.Size)
		if err != nil || tlog.CheckTree(proof, c.Size, c.Root, old.Checkpoint.Size, old.Checkpoint.Root) != nil {
			t.Errorf("the log doesn't continue what it was: %v", err)
		}
		e := one(t, t.Context(), s, 601)
		if e.Action != audit.ActionPrune || e.Facts["min_index"] != "512" || e.Facts["archive_digest"] != digest {
			t.Errorf("%+v", e)
		}
		if first, err := audit.Heads(t.Context(), s, 0, 1); err != nil || first[0].Seq != 513 {
			t.Errorf("the log begins at %+v, %v", first, err)
		}
	})
}

// fill writes entries without changes, many at once.
func fill(t testing.TB, s graph.Store, n int) {
	t.Helper()
	entries := make([]audit.Entry, n)
	for i := range entries {
		entries[i] = audit.Entry{Actor: "ann", Action: "act.fill", Decision: audit.Allowed}
	}
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error { return audit.Append(ctx, tx, noon, entries...) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestPrune_IsForbiddenUnlessConfigured(t *testing.T) {
	s := newStore(t)
	l := openLog(t, s, t.TempDir())
	fill(t, s, 300)
	seal(t, l)
	if err := l.Prune(t.Context(), audit.Entry{Actor: "a"}, 256, strings.Repeat("ab", 32), "why"); !errs.Is(err, errs.Forbidden) {
		t.Errorf("got %v", err)
	}
}

// A backup from before an erasure shows nothing to whoever has the key file of today.
func TestRewrap_MakesOldBackupsUseless(t *testing.T) {
	s := newStore(t)
	l := openLog(t, s, t.TempDir())
	ctx := audit.Sealing(t.Context(), l.Keys())
	for _, who := range []graph.ID{"usr_ann", "usr_bob"} {
		if err := personal(t, ctx, s, who); err != nil {
			t.Fatal(err)
		}
	}
	backup := restored(t, s)
	inTx(t, s, func(ctx context.Context, tx graph.Tx) error {
		return audit.Erase(ctx, tx, noon, audit.Entry{Actor: "usr_dpo"}, "usr_ann", "asked for it")
	})
	if e := one(t, ctx, backup, 1); len(e.Changes) != 1 {
		t.Fatal("the backup can't be read to begin with")
	}
	if err := l.Rewrap(t.Context(), audit.Entry{Actor: "usr_admin"}); err != nil {
		t.Fatal(err)
	}
	if e := one(t, ctx, s, 2); len(e.Changes) != 1 {
		t.Errorf("who isn't erased can't be read any more: %+v", e)
	}
	if err := personal(t, ctx, s, "usr_bob"); err != nil {
		t.Error(err)
	}
	if e := one(t, ctx, s, 1); !e.Erased {
		t.Errorf("%+v", e)
	}
	if e, err := audit.At(ctx, backup, 1); err == nil {
		t.Errorf("the backup still shows %+v", e)
	}
}
