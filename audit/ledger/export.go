package ledger

import (
	"context"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/audit/verify"
	"weir/errs"
	"weir/graph"
)

const (
	notePage    = 256 // checkpoints that are written at once
	payloadPage = 32  // payloads that are read at once: each can be large

	sealWait  = 10 * time.Second // that an export waits for the entry that says why a payload has just gone to be sealed
	sealLooks = 100 * time.Millisecond
)

// exporter copies the log into a bundle, tile by tile.
type exporter struct {
	store    graph.Reader
	log      *audit.Log
	out      *verify.Writer
	noted    int64           // size of the last checkpoint that was written
	gone     gaps            // payloads that are not there
	hashed   func(tlog.Hash) // sees the hash of each entry; may be nil
	own      bool            // take the hashes from the entries, not from the tree
	late     bool            // what explains that a payload is gone was not sealed in time
	patience time.Duration   // to wait for that
	torn     int64           // index of the first entry whose tile of the tree can\'t be read; -1 if all can
}

func newExporter(s *Service) *exporter {
	return &exporter{store: s.Store, log: s.Log, torn: -1}
}

// write exports the log up to its last checkpoint.
func (s *Service) write(ctx context.Context, w io.Writer) (int64, error) {
	e := newExporter(s)
	e.patience = sealWait
	size, err := e.run(audit.Sealing(ctx, s.Log.Keys()), w)
	if err == nil && e.late {
		err = notYet()
	}
	return size, err
}

// notYet says that what is there now can't be proved yet.
func notYet() error {
	return errs.E(errs.Unavailable, "Something was erased a moment ago, and that isn't sealed yet. Try again in a moment.")
}

func (e *exporter) run(ctx context.Context, w io.Writer) (int64, error) {
	state, err := e.log.State(ctx)
	if err != nil {
		return 0, err
	}
	if state.Sealed == 0 {
		return 0, notSealed()
	}
	if e.out, err = verify.Begin(w, spans(state.Keys, state.MinIndex)); err != nil {
		return 0, err
	}
	e.gone = newGaps(state.MinIndex)
	for target := state.Sealed; ; {
		if err := e.upTo(ctx, state.MinIndex, target); err != nil {
			return 0, err
		}
		if e.gone.explained() {
			break
		}
		// What was erased while this ran is explained by an entry behind the target.
		if target, err = e.further(ctx, target); err != nil {
			return 0, err
		}
	}
	return e.out.Size(), e.out.End()
}

// spans are the keys that were in force where the entries begin, and those before them.
func spans(keys []audit.KeySpan, begin int64) []verify.Span {
	var out []verify.Span
	for _, k := range keys {
		if k.From > begin {
			continue
		}
		s := verify.Span{Key: k.VKey, From: k.From}
		if k.To <= begin {
			s.To = k.To
		}
		out = append(out, s)
	}
	return out
}

// further looks whether entries that aren't sealed yet explain what is missing. If so it waits until they are, and returns how
// many entries are sealed then.
func (e *exporter) further(ctx context.Context, target int64) (int64, error) {
	last, err := e.ahead(ctx, target)
	if err != nil {
		return 0, err
	}
	if !e.gone.explained() {
		e.gone.given = true // nothing explains it: the bundle says so
		return target, nil
	}
	state, err := e.log.State(ctx)
	if err != nil {
		return 0, err
	}
	for end := time.Now().Add(e.patience); state.Sealed < last; {
		if time.Now().After(end) {
			e.gone.given, e.late = true, true
			return target, nil
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(sealLooks):
		}
		if state, err = e.log.State(ctx); err != nil {
			return 0, err
		}
	}
	return state.Sealed, nil
}

// ahead looks at the entries behind a size, and returns the number of the last.
func (e *exporter) ahead(ctx context.Context, size int64) (int64, error) {
	for {
		leaves, err := audit.Leaves(ctx, e.store, size, audit.TileWidth)
		if err != nil || len(leaves) == 0 {
			return size, err
		}
		for _, leaf := range leaves {
			e.gone.see(leaf.Seq-1, leaf.Bytes, audit.PayloadNone)
			size = leaf.Seq
		}
	}
}

// upTo copies the entries up to a size that is sealed.
func (e *exporter) upTo(ctx context.Context, pruned, target int64) error {
	for e.out.Size() < target {
		if err := e.notes(ctx, target); err != nil {
			return err
		}
		if err := e.tile(ctx, pruned, min(target, e.noted)); err != nil {
			return err
		}
	}
	return nil
}

// notes writes the next checkpoints, before the entries behind their sizes.
func (e *exporter) notes(ctx context.Context, target int64) error {
	if e.out.Size() < e.noted {
		return nil
	}
	page, err := e.log.CheckpointsAfter(ctx, e.noted, notePage)
	if err != nil {
		return err
	}
	for _, c := range page {
		if c.Size > target {
			break
		}
		if c.Prev != e.noted {
			return errs.Ef(errs.Internal, "The checkpoint of size %d is missing.", c.Prev)
		}
		if err := e.out.Checkpoint(c.Size, []byte(c.Text())); err != nil {
			return err
		}
		e.noted = c.Size
	}
	if e.out.Size() == e.noted {
		return errs.Ef(errs.Internal, "The checkpoint of size %d is missing.", target)
	}
	return nil
}

// tile copies the rest of a tile, up to a size.
func (e *exporter) tile(ctx context.Context, pruned, target int64) error {
	begin := e.out.Size()
	n := begin / audit.TileWidth
	end := min(target, (n+1)*audit.TileWidth)
	kept, err := e.kept(ctx, n, int(end-n*audit.TileWidth))
	if err != nil {
		return err
	}
	if end <= pruned {
		return e.pruned(begin, end, kept)
	}
	leaves, err := audit.Leaves(ctx, e.store, begin, int(end-begin))
	if err != nil {
		return err
	}
	for len(leaves) > 0 {
		some := leaves[:min(len(leaves), payloadPage)]
		leaves = leaves[len(some):]
		payloads, err := audit.Payloads(ctx, e.store, some...)
		if err != nil {
			return err
		}
		for i, leaf := range some {
			if leaf.Seq > end {
				break
			}
			if err := e.missing(ctx, leaf.Seq-1, kept); err != nil {
				return err
			}
			if err := e.entry(leaf, payloads[i], kept); err != nil {
				return err
			}
		}
	}
	return e.missing(ctx, end, kept)
}

// kept are the hashes of a tile as the tree has them; nil if they can't be read, or shall not be.
func (e *exporter) kept(ctx context.Context, n int64, width int) ([]byte, error) {
	if e.own {
		return nil, nil
	}
	b, err := e.log.Tile(ctx, 0, n, width)
	if errs.Is(err, errs.Internal) || errs.Is(err, errs.NotFound) {
		if e.torn < 0 { // the entries are what is signed: they are exported all the same
			e.torn = n * audit.TileWidth
		}
		return nil, nil
	}
	return b, err
}

// pruned writes the hashes of entries that are gone.
func (e *exporter) pruned(begin, end int64, kept []byte) error {
	for i := begin; i < end; i++ {
		if err := e.out.Pruned(e.hash(i, nil, kept)); err != nil {
			return err
		}
	}
	return nil
}

// hash is that of an entry as the tree has it, or else as the entry has it.
func (e *exporter) hash(index int64, leaf, kept []byte) tlog.Hash {
	own := tlog.RecordHash(leaf)
	h, at := own, int(index%audit.TileWidth)*tlog.HashSize
	if len(kept) >= at+tlog.HashSize {
		h = tlog.Hash(kept[at : at+tlog.HashSize])
	}
	if leaf == nil {
		own = h
	}
	if e.hashed != nil {
		e.hashed(own)
	}
	return h
}

// missing writes the entries up to an index that are not there.
func (e *exporter) missing(ctx context.Context, index int64, kept []byte) error {
	for e.out.Size() < index {
		state, err := e.log.State(ctx)
		if err != nil {
			return err
		}
		if e.out.Size() < state.MinIndex {
			return errs.E(errs.Conflict, "The log was pruned meanwhile. Export it again.")
		}
		if err := e.out.Add(e.hash(e.out.Size(), nil, kept), nil); err != nil {
			return err
		}
	}
	return nil
}

// entry writes one entry.
func (e *exporter) entry(leaf audit.Leaf, p audit.Payload, kept []byte) error {
	index := leaf.Seq - 1
	if index != e.out.Size() {
		return errs.Ef(errs.Internal, "Two entries of the log have the number %d.", leaf.Seq)
	}
	e.gone.see(index, leaf.Bytes, p.State)
	h := e.hash(index, leaf.Bytes, kept)
	switch p.State {
	case audit.PayloadSealed:
		return errs.E(errs.Conflict, "The log holds personal data, and the key to it isn't on this machine.")
	case audit.PayloadOpen:
		return e.out.Add(h, leaf.Bytes, verify.Payload{Index: index, Field: audit.FieldChanges, Key: p.Key, Body: p.Body})
	}
	return e.out.Add(h, leaf.Bytes)
}
