package audit

import (
	"context"
	"encoding/hex"
	"strconv"
	"time"

	"weir/errs"
	"weir/graph"
)

// Prune forgets the entries of an index below minIndex, a multiple of TileWidth, with what lies beside them. The whole tree and all
// checkpoints stay, so every proof of what is kept, and every proof that was handed out, still holds. archive is the
// SHA-256 in hex of the export that keeps them elsewhere. by gives Actor and Request; authorizing is the caller's.
// Errors: Forbidden unless Options.Retention is set and all those entries are older; Invalid for an index that isn't sealed or was
// pruned before, or no digest.
func (l *Log) Prune(ctx context.Context, by Entry, minIndex int64, archive, basis string) error {
	if sum, err := hex.DecodeString(archive); err != nil || len(sum) != 32 {
		return errs.Bad("archive", "must be the SHA-256 of an export, in hex.")
	}
	if basis == "" {
		return errs.Bad("basis", "must say why.")
	}
	err := l.amend(ctx, func(at *standing) (Entry, error) {
		if minIndex%TileWidth != 0 || minIndex <= at.MinIndex || minIndex > at.Size {
			return Entry{}, errs.Badf("min_index", "must be a multiple of %d above %d and at most %d.", TileWidth, at.MinIndex, at.Size)
		}
		at.MinIndex = minIndex
		facts := map[string]string{"min_index": strconv.FormatInt(minIndex, 10), "archive_digest": archive, "basis": basis}
		return about(by, ActionPrune, "", facts), l.outlived(ctx, minIndex)
	})
	if err != nil {
		return err
	}
	return l.sweep(ctx)
}

// outlived demands that the last entry to be forgotten, and so those before, is older than they must be kept.
func (l *Log) outlived(ctx context.Context, minIndex int64) error {
	if l.retention <= 0 {
		return errs.E(errs.Forbidden, "Entries are kept for ever, unless a retention is configured.")
	}
	n, err := nodeAt(ctx, l.store, minIndex)
	if err != nil {
		return err
	}
	e, _, err := head(n)
	if err != nil {
		return err
	}
	if l.now().Sub(e.At) < l.retention {
		return errs.Ef(errs.Forbidden, "Entries are kept for %d days; entry %d is younger.", l.retention/(24*time.Hour), minIndex)
	}
	return nil
}

// sweepBatch is how many entries one transaction forgets.
const sweepBatch = 500

// sweep deletes what was pruned. After a crash it goes on where it stopped.
func (l *Log) sweep(ctx context.Context) error {
	at, err := readStanding(ctx, l.store)
	if err != nil || at.MinIndex == 0 {
		return err
	}
	for {
		page, err := l.store.List(ctx, graph.Query{
			Kind: recordType.Kind, Sort: graph.PropSeq, Limit: sweepBatch,
			Where: []graph.Filter{{Prop: graph.PropSeq, Op: graph.Less, Values: []any{at.MinIndex + 1}}},
		})
		if err != nil || len(page.Nodes) == 0 {
			return err
		}
		var gone []graph.ID
		for _, n := range page.Nodes {
			payload, _ := n.Props["payload"].(string)
			gone = append(append(gone, ids(graph.ID(payload))...), n.ID)
		}
		err = l.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error { return tx.Delete(ctx, gone...) })
		if err != nil {
			return err
		}
	}
}
