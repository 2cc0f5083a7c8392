package referee

import (
	"bytes"
	"testing"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"
)

// The proofs that people download, by torchwood.
func TestTorchwoodAgrees(t *testing.T) {
	w := newWorld(t)
	for range 137 {
		w.write()
	}
	w.sealed()
	// A policy has to name the origin, too: torchwood refuses one that does not.
	policy := torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(w.log.Origin()), torchwood.SingleVerifierPolicy(w.verifier()))
	for seq := int64(1); seq <= 137; seq++ {
		p, err := w.log.Proof(t.Context(), seq)
		w.must(err)
		text := []byte(p.Text())
		if err := torchwood.VerifyProof(policy, tlog.RecordHash(p.Leaf), text); err != nil {
			t.Errorf("entry %d: %v", seq, err)
		}
		if extra, err := torchwood.ProofExtraData(text); err != nil || !bytes.Equal(extra, p.Leaf) {
			t.Errorf("entry %d does not come with its proof: %v", seq, err)
		}
		other := append(bytes.Clone(p.Leaf), ' ')
		if err := torchwood.VerifyProof(policy, tlog.RecordHash(other), text); err == nil {
			t.Errorf("the proof of entry %d holds for another", seq)
		}
	}
}
