package lineage

import (
	"context"
	"errors"
	"math"
	"slices"

	"weir/graph"
)

// LockKey is held while inherited classes are written.
const LockKey = "lineage inherits"

// The bounds of one transaction of a Propagator.
const (
	stepColumns = 20_000 // columns of a region that is read and written in one transaction
	stepEdits   = 5_000  // edges that one transaction writes
)

// Propagator keeps the INHERITS edges: the data classes that flow in. A class that a column declares flows along DERIVES,
// and ends where a DERIVES_MASKED edge takes over; a dataset has the classes of its columns, and a consumer those of
// the datasets that it reads. An edge tells the nearest origin and how far away that is. What an asset declares itself is not
// written a second time as flowing in.
//
// It is the only writer of these edges. One process at a time should call it; two do no harm to the region that both
// of them recompute in one transaction.
type Propagator struct {
	store          graph.Store
	columns, edits int
}

// NewPropagator makes a Propagator over a store.
func NewPropagator(store graph.Store) *Propagator {
	return &Propagator{store: store, columns: stepColumns, edits: stepEdits}
}

// Propagate writes the classes anew that flow into what changed and all that derives from it, and returns how many edges
// that changed. changed are datasets whose columns, classes, deliveries or inflow changed, and consumers and columns
// for which that is so; of an edge that is made or closed, its target is what changed, and of a deleted asset, whatever
// it led to.
//
// It is idempotent: what stands already is not written. A region of usual size is one transaction. A huge one is read first and
// written in steps; if that is interrupted, the same call ends it.
func (p *Propagator) Propagate(ctx context.Context, changed ...graph.ID) (written int, err error) {
	err = p.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, LockKey); err != nil {
			return err
		}
		es, err := plan(ctx, tx, changed, p.columns)
		if err != nil {
			return err
		}
		if len(es) > p.edits {
			return errWide
		}
		written = len(es)
		return apply(ctx, tx, es)
	})
	if errors.Is(err, errWide) {
		return p.inSteps(ctx, changed)
	}
	return written, err
}

// PropagateIn is Propagate within a transaction that holds LockKey and commits with what changed. It is for commands
// whose effect has to be seen at once.
func (p *Propagator) PropagateIn(ctx context.Context, tx graph.Tx, changed ...graph.ID) error {
	es, err := plan(ctx, tx, changed, math.MaxInt)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(es, graph.MaxBatch) {
		if err := apply(ctx, tx, part); err != nil {
			return err
		}
	}
	return nil
}

// inSteps writes a huge region so that no transaction keeps others waiting for long. What changes while it reads is
// told by another call, whose region holds everything that was computed from it.
func (p *Propagator) inSteps(ctx context.Context, changed []graph.ID) (written int, err error) {
	es, err := plan(ctx, p.store, changed, math.MaxInt)
	if err != nil {
		return 0, err
	}
	for part := range slices.Chunk(es, p.edits) {
		err := p.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			if err := tx.Lock(ctx, LockKey); err != nil {
				return err
			}
			return apply(ctx, tx, part)
		})
		if err != nil {
			return written, err
		}
		written += len(part)
	}
	return written, nil
}
