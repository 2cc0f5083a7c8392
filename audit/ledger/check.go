package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/audit/verify"
	"weir/authz"
	"weir/errs"
)

// Verify checks the log as it lies in the store: all that a bundle of it would be checked for, and that what the store keeps
// beside the entries (what lists filter by, the tree) is what the entries make it. It writes nothing.
// Errors: Forbidden; NotFound if nothing is sealed yet; Unavailable for a moment after something was erased; those of the store. What is wrong with the log is no error but the Result.
func (s *Service) Verify(ctx context.Context, o verify.Options) (verify.Result, error) {
	if err := s.Policy.Require(ctx, authz.Audit, authz.Everywhere, authz.View); err != nil {
		return verify.Result{}, err
	}
	ctx = audit.Sealing(ctx, s.Log.Keys())
	t, e := newTwin(), newExporter(s)
	e.hashed = t.add
	r, err := s.check(ctx, o, e)
	if errs.Is(err, errs.NotFound) && o.Known != nil {
		fail(&r, -1, verify.RolledBack, "a checkpoint is known from before, but nothing of the log is signed")
		return r, nil
	}
	if err != nil {
		return r, err
	}
	if r.Reason == verify.PayloadMissing && e.late {
		return verify.Result{What: "log", Broken: -1}, notYet()
	}
	if r.Reason == verify.BadLeaf || r.Reason == verify.LeafMoved {
		return s.blame(ctx, o, r)
	}
	if !r.OK {
		return r, nil
	}
	if e.torn >= 0 {
		fail(&r, e.torn, verify.BadTile, "the tree does not have its hash")
		return r, nil
	}
	if err := s.records(ctx, &r); err != nil || !r.OK {
		return r, err
	}
	err = t.compare(ctx, s.Log, &r)
	return r, err
}

// check exports the log into the verifier.
func (s *Service) check(ctx context.Context, o verify.Options, e *exporter) (verify.Result, error) {
	pr, pw := io.Pipe()
	exported := make(chan error, 1)
	go func() {
		_, err := e.run(ctx, pw)
		exported <- err
		_ = pw.CloseWithError(err) // it never fails
	}()
	r, err := verify.Bundle(pr, o)
	_ = pr.CloseWithError(errStop) // it never fails
	switch failed := <-exported; {
	case failed == nil || errors.Is(failed, errStop):
		r.What = "log"
		return r, err
	case errs.Is(failed, errs.Internal):
		return verify.Result{What: "log", Broken: -1, Reason: verify.BadStore, Message: errs.Shown(failed)}, nil
	default:
		return verify.Result{What: "log", Broken: -1}, failed
	}
}

// errStop ends an export whose reader has seen enough.
var errStop = errors.New("enough was read")

// blame tells whether an entry that is not what the tree says is to blame, or the tree: the log is checked again by the entries
// alone.
func (s *Service) blame(ctx context.Context, o verify.Options, first verify.Result) (verify.Result, error) {
	e := newExporter(s)
	e.own = true
	r, err := s.check(ctx, o, e)
	if err != nil || !r.OK {
		return first, err
	}
	fail(&r, first.Broken, verify.BadTile, "the tree does not have its hash, although it is the entry that was signed")
	return r, nil
}

// fail makes a result one of a broken log.
func fail(r *verify.Result, index int64, why verify.Reason, text string) {
	r.OK, r.Broken, r.Reason, r.Message = false, index, why, text
	if index >= 0 {
		r.Message = fmt.Sprintf("entry %d (index %d): %s", index+1, index, text)
	}
}

const recordPage = 512

// records demands that what lists filter by is what the entries say.
func (s *Service) records(ctx context.Context, r *verify.Result) error {
	for after := r.Pruned; after < r.Size; after += recordPage {
		limit := int(min(recordPage, r.Size-after))
		_, err := audit.Heads(ctx, s.Store, after, limit)
		if err == nil {
			continue
		}
		if !errs.Is(err, errs.Internal) {
			return err
		}
		for seq := after + 1; seq <= after+int64(limit); seq++ {
			if _, err := audit.Heads(ctx, s.Store, seq-1, 1); errs.Is(err, errs.Internal) {
				fail(r, seq-1, verify.BadRecord, "the store keeps other words beside it than it says")
				return nil
			}
		}
	}
	return nil
}

// twin works the tree out anew, level by level, to compare it with the one that is kept.
type twin struct {
	levels [][]tlog.Hash // of each level, the hashes so far
}

func newTwin() *twin { return &twin{levels: [][]tlog.Hash{nil}} }

// add takes the hash of the next entry.
func (t *twin) add(h tlog.Hash) { t.put(0, h) }

// put adds a hash to a level; that of a full tile goes into the next.
func (t *twin) put(level int, h tlog.Hash) {
	if level == len(t.levels) {
		t.levels = append(t.levels, nil)
	}
	t.levels[level] = append(t.levels[level], h)
	if n := len(t.levels[level]); n%audit.TileWidth == 0 {
		t.put(level+1, full(t.levels[level][n-audit.TileWidth:]))
	}
	if level == 0 && len(t.levels[0]) == audit.TileWidth {
		t.levels[0] = t.levels[0][:0] // those were compared with the entries
	}
}

// full is the root of a full tile.
func full(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(full(hashes[:half]), full(hashes[half:]))
}

// compare holds the levels above the entries against the tree that is kept.
func (t *twin) compare(ctx context.Context, l *audit.Log, r *verify.Result) error {
	for level := 1; level < len(t.levels); level++ {
		hashes := t.levels[level]
		for n := 0; n*audit.TileWidth < len(hashes); n++ {
			part := hashes[n*audit.TileWidth : min((n+1)*audit.TileWidth, len(hashes))]
			kept, err := l.Tile(ctx, level, int64(n), len(part))
			if err != nil && !errs.Is(err, errs.Internal) && !errs.Is(err, errs.NotFound) {
				return err
			}
			if err != nil || !same(kept, part) {
				first := int64(n)
				for range level + 1 {
					first *= audit.TileWidth
				}
				fail(r, first, verify.BadTile, fmt.Sprintf("tile %d of level %d of the tree, which begins with it, is not what the entries make it", n, level))
				return nil
			}
		}
	}
	return nil
}

func same(kept []byte, hashes []tlog.Hash) bool {
	if len(kept) != len(hashes)*tlog.HashSize {
		return false
	}
	for i, h := range hashes {
		if tlog.Hash(kept[i*tlog.HashSize:(i+1)*tlog.HashSize]) != h {
			return false
		}
	}
	return true
}
