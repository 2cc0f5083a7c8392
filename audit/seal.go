package audit

import (
	"context"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
	"weir/graph"
)

// A Sealer extends the tree by the entries that were committed since the last checkpoint, and signs a new one. Several
// servers may run one each on the same store: only one moves the log from one checkpoint to the next.
type Sealer struct {
	Log     *Log
	Anchors []Anchor      // where checkpoints are sent to
	Every   time.Duration // at the latest so long after an entry there is a checkpoint; 0 is a second

	checked int64 // version of the state of the log whose checkpoint agrees with what was signed here
}

const (
	sealBatch = 4096 // entries in one checkpoint at most, unless more were signed before
	sealPage  = 512  // entries read at once
)

// Step signs one checkpoint over what is new and returns it; one of size 0 if nothing is new or another server was
// faster. Errors: those of the store; Conflict if the store isn't what was signed before, or a key is missing; Internal if
// the log is damaged. Nothing is signed then, and Log.Trouble and State tell why.
func (s *Sealer) Step(ctx context.Context) (Checkpoint, error) {
	c, err := s.step(ctx)
	if ctx.Err() == nil {
		s.Log.setTrouble(err)
	}
	return c, err
}

func (s *Sealer) step(ctx context.Context) (Checkpoint, error) {
	l := s.Log
	if l.dir == "" {
		return Checkpoint{}, errs.E(errs.Conflict, "There is no directory with a signing key.")
	}
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return Checkpoint{}, err
	}
	known, err := at.verifiers()
	if err != nil {
		return Checkpoint{}, err
	}
	signed, err := l.lastSigned(known)
	if err != nil {
		return Checkpoint{}, err
	}
	added, err := l.fresh(ctx, at, signed)
	if err != nil || len(added) == 0 && s.checked == at.Version {
		return Checkpoint{}, err
	}
	t, err := l.grow(ctx, at, signed, known, added)
	if err != nil {
		return Checkpoint{}, err
	}
	if s.checked = at.Version; len(added) == 0 {
		return Checkpoint{}, nil
	}
	return s.sign(ctx, at, t)
}

// fresh reads the entries after the last checkpoint, of which it returns the hashes: a batch of them, or more if more
// were signed here.
func (l *Log) fresh(ctx context.Context, at standing, signed tlog.Tree) ([]tlog.Hash, error) {
	var added []tlog.Hash
	for upTo := max(at.Size+sealBatch, signed.N); ; {
		last := at.Size + int64(len(added))
		limit := min(sealPage, upTo-last)
		if limit <= 0 {
			return added, nil
		}
		nodes, err := following(ctx, l.store, last, int(limit))
		if err != nil {
			return nil, err
		}
		for i, n := range nodes {
			if want := last + 1 + int64(i); number(n) != want {
				return nil, errs.Ef(errs.Internal, "Entry %d of the log is missing.", want)
			}
			b, _ := n.Props["leaf"].([]byte)
			added = append(added, tlog.RecordHash(b))
		}
		if len(nodes) < int(limit) {
			return added, nil
		}
	}
}

// grow extends the tree by entries, and demands that it agrees with everything that was signed before.
func (l *Log) grow(ctx context.Context, at standing, signed tlog.Tree, known note.Verifiers, added []tlog.Hash) (*tree, error) {
	t, err := loadTree(ctx, l.store, at.Size)
	if err != nil {
		return nil, err
	}
	if err := l.agreesWithLast(ctx, at, t, known); err != nil {
		return nil, err
	}
	for _, h := range added {
		t.add(h)
	}
	r := t.hashes(ctx, l.store)
	if err := agree(signed, tlog.Tree{N: t.size}, r); err != nil {
		return nil, err
	}
	if at.Size == 0 || len(added) == 0 {
		return t, nil
	}
	root, err := rootAt(t.size, r)
	if err != nil {
		return nil, err
	}
	proof, err := tlog.ProveTree(t.size, at.Size, r)
	if err == nil {
		err = tlog.CheckTree(proof, t.size, root, at.Size, at.tree().Hash)
	}
	if err != nil {
		return nil, damaged(err)
	}
	return t, nil
}

// agreesWithLast demands that the tree in the store has the root of the last checkpoint, and that a key of the log signed that.
func (l *Log) agreesWithLast(ctx context.Context, at standing, t *tree, known note.Verifiers) error {
	if at.Size == 0 {
		return nil
	}
	n, err := graph.One(ctx, l.store, checkpointID(at.Size))
	if errs.Is(err, errs.NotFound) {
		return errs.E(errs.Internal, "The last checkpoint of the log is missing.")
	}
	if err != nil {
		return err
	}
	c, err := readCheckpoint(n)
	if err != nil {
		return err
	}
	last, err := open(c.Note, l.origin, known)
	if err != nil {
		return err
	}
	root, err := rootAt(at.Size, t.hashes(ctx, l.store))
	if err != nil {
		return err
	}
	if last != at.tree() || root != last.Hash {
		return errs.E(errs.Internal, "The tree of the log isn't what its last checkpoint says.")
	}
	return nil
}

// sign makes the next checkpoint of what was read, keeps it beside the store, then in it.
func (s *Sealer) sign(ctx context.Context, at standing, t *tree) (Checkpoint, error) {
	l := s.Log
	root, err := rootAt(t.size, t.hashes(ctx, l.store))
	if err != nil {
		return Checkpoint{}, err
	}
	spans, err := at.keys()
	if err != nil {
		return Checkpoint{}, err
	}
	signers, err := loadSigners(l.dir, l.origin)
	if err != nil {
		return Checkpoint{}, err
	}
	with, err := chosen(signers, spans, t.size)
	if err != nil {
		return Checkpoint{}, err
	}
	text, err := note.Sign(&note.Note{Text: body(l.origin, tlog.Tree{N: t.size, Hash: root})}, with...)
	if err != nil {
		return Checkpoint{}, errs.Wrap(err, errs.Internal, "The checkpoint can't be signed.")
	}
	if err := l.keepSigned(string(text)); err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{Size: t.size, Prev: at.Size, Root: root, Note: string(text), At: graph.Time(l.now())}
	at.Size, at.Root = t.size, root[:]
	err = l.commit(ctx, at, t, c)
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Exists) { // another server was faster
		return Checkpoint{}, nil
	}
	return c, err
}

// commit stores tree and checkpoint if the log still stands where it was read.
func (l *Log) commit(ctx context.Context, at standing, t *tree, c Checkpoint) error {
	return l.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, string(standingID)); err != nil {
			return err
		}
		v := checkpoint{Size: c.Size, Prev: c.Prev, Note: c.Note, At: c.At}
		ws := append(t.writes(), at.write(), checkpointType.Write(checkpointID(c.Size), graph.Create, v))
		_, err := tx.Put(ctx, ws...)
		return err
	})
}
