package ledger_test

import (
	"bytes"
	"strings"
	"testing"

	"weir/audit"
	"weir/audit/verify"
	"weir/errs"
	"weir/graph"
)

func TestExport_HoldsWithoutTheStore(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		b := openBook(t, s)
		b.full()
		r := b.holds(verify.Options{})
		// 36 entries of which 23 have payloads, one of them redacted, and the entry that says so.
		if r.Size != 37 || r.Payloads != 22 || r.Redacted != 1 || r.Checkpoints != 5 || !r.Pinned {
			t.Errorf("%+v", r)
		}
	})
}

func TestExport_NeedsACheckpoint(t *testing.T) {
	b := openBook(t, engines[0].open(t))
	b.write(3)
	var out bytes.Buffer
	if _, err := b.Export(b.ctx(), &out); !errs.Is(err, errs.NotFound) {
		t.Errorf("an export of nothing: %v", err)
	}
}

// An erased person is gone from the bundle, the bundle says why, and each proof that was ever given out still holds.
func TestErase_LeavesEveryProofValid(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		b := openBook(t, s)
		b.full()
		var proofs []string
		for seq := int64(1); seq <= 37; seq++ {
			p, err := b.Log.Proof(b.ctx(), seq)
			b.must(err)
			proofs = append(proofs, p.Text())
		}
		before := b.export()
		if !strings.Contains(string(before), `"after":"text 1"`) {
			t.Fatal("the test looks for what is not there")
		}
		b.must(b.Erase(b.ctx(), person, "a request"))
		b.sealed()

		r := b.holds(verify.Options{})
		if r.Erased != 12 || r.Payloads != 10 || r.Redacted != 1 {
			t.Errorf("%+v", r)
		}
		if !strings.Contains(r.Words(), "12 erased on request") {
			t.Errorf("the report does not say so: %s", r.Words())
		}
		for i, p := range proofs {
			if r, err := verify.Proof([]byte(p), nil, verify.Options{Key: b.key()}); err != nil || !r.OK {
				t.Errorf("the proof of entry %d: %+v, %v", i+1, r, err)
			}
		}
		entries, err := audit.Since(b.ctx(), s, 0, 40)
		b.must(err)
		for _, e := range entries[:36] {
			if wrote := len(e.Changes) > 0; e.Subject == person && (wrote || !e.Erased) {
				t.Errorf("entry %d can still be read: %+v", e.Seq, e.Changes)
			}
		}
	})
}

// A key goes, another comes; whoever knows the first still follows, and whoever knows the second, too.
func TestRotate_HandsTrustOn(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		b := openBook(t, s)
		b.full()
		first := b.key()
		second, err := b.Rotate(b.ctx())
		b.must(err)
		if err := b.Retire(b.ctx(), first); !errs.Is(err, errs.Conflict) {
			t.Fatalf("the first key was retired before anything was signed by the second: %v", err)
		}
		b.write(3)
		b.sealed()
		b.must(b.Retire(b.ctx(), first))
		b.write(3)
		b.sealed()
		for name, key := range map[string]string{"the first": first, "the second": second} {
			r := b.holds(verify.Options{Key: key})
			if len(r.Keys) != 1 || r.Keys[0] != second {
				t.Errorf("%s key: signed by %v, want the second", name, r.Keys)
			}
		}
	})
}

func TestPrune_KeepsEveryProofValid(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		b := openBook(t, s)
		b.write(300)
		old := b.sealed()
		kept, err := b.Log.Proof(b.ctx(), 290)
		b.must(err)
		archive := strings.Repeat("ab", 32)
		if err := b.Prune(b.ctx(), 256, archive, "the rule"); !errs.Is(err, errs.Forbidden) {
			t.Fatalf("entries were pruned although nothing allows it: %v", err)
		}
		b.reopen(audit.Options{Retention: 1})
		b.now = b.now.Add(1000)
		b.must(b.Prune(b.ctx(), 256, archive, "the rule"))
		b.sealed()
		r := b.holds(verify.Options{Known: []byte(old.Note)})
		if r.Pruned != 256 || r.Size != old.Size+1 {
			t.Errorf("%+v", r)
		}
		if r, err := verify.Proof([]byte(kept.Text()), nil, verify.Options{Key: b.key()}); err != nil || !r.OK {
			t.Errorf("an old proof: %+v, %v", r, err)
		}
	})
}
