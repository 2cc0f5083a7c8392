package audit

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
)

// Proof shows that an entry is in the log: with its leaf, the hashes lead to the root that the checkpoint signs.
type Proof struct {
	Leaf       []byte
	Index      int64            // of the leaf, from 0: one less than Entry.Seq
	Hashes     tlog.RecordProof // neighbours, from the leaf up
	Checkpoint Checkpoint
}

// Hash is the hash of the leaf.
func (p Proof) Hash() tlog.Hash { return tlog.RecordHash(p.Leaf) }

// Check tells whether the hashes lead from the leaf to the root of the checkpoint. It doesn't look at signatures.
func (p Proof) Check() error {
	err := tlog.CheckRecord(p.Hashes, p.Checkpoint.Size, p.Checkpoint.Root, p.Index, p.Hash())
	return errs.Wrap(err, errs.Internal, "The log doesn't hold this entry as it was signed.")
}

// Text is the proof as one file that can be checked without the log: C2SP tlog-proof with the leaf as extra data.
func (p Proof) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "c2sp.org/tlog-proof@v1\nextra %s\nindex %d\n", base64.StdEncoding.EncodeToString(p.Leaf), p.Index)
	for _, h := range p.Hashes {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	b.WriteString("\n" + p.Checkpoint.Text())
	return b.String()
}

// Proof returns the proof of an entry under the last checkpoint. Errors: NotFound if there is no such entry, Unavailable if it isn't
// sealed yet, Internal if the entry isn't what was signed.
func (l *Log) Proof(ctx context.Context, seq int64) (Proof, error) {
	n, err := nodeAt(ctx, l.store, seq)
	if err != nil {
		return Proof{}, err
	}
	r, _, err := readLeaf(n)
	if err != nil {
		return Proof{}, err
	}
	c, err := l.Checkpoint(ctx)
	if errs.Is(err, errs.NotFound) || err == nil && c.Size < seq {
		return Proof{}, errs.E(errs.Unavailable, "This entry isn't sealed yet. Try again in a moment.")
	}
	if err != nil {
		return Proof{}, err
	}
	p := Proof{Leaf: r.Leaf, Index: seq - 1, Checkpoint: c}
	if p.Hashes, err = tlog.ProveRecord(c.Size, p.Index, tiles{ctx: ctx, r: l.store}); err != nil {
		return Proof{}, damaged(err)
	}
	return p, p.Check()
}

// Consistency returns the proof that the tree of size to continues the tree of size from, 1 <= from <= to, of C2SP
// checkpoints. Invalid for other sizes, or more than are sealed.
func (l *Log) Consistency(ctx context.Context, from, to int64) (tlog.TreeProof, error) {
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return nil, err
	}
	if from < 1 || to < from || to > at.Size {
		return nil, errs.Bad("size", "is not one that the log has had.")
	}
	proof, err := tlog.ProveTree(to, from, tiles{ctx: ctx, r: l.store})
	if err != nil {
		return nil, damaged(err)
	}
	return proof, nil
}
