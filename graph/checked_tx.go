package graph

import (
	"context"
	"slices"
	"time"

	"weir/errs"
)

// checkedTx is a transaction behind Checked. It isn't safe for use by several goroutines, as no transaction is.
type checkedTx struct {
	checkedReader
	tx     Tx
	failed error // the first error of any method: the transaction can't be committed any more
	wrote  bool
	over   bool
}

// fail remembers the first error and answers with it ever after: what a caller ignored must not be committed.
func (t *checkedTx) fail(err error) error {
	if t.over {
		return errs.E(errs.Internal, "The transaction is over.")
	}
	if t.failed == nil {
		t.failed = err
	}
	return t.failed
}

func (t *checkedTx) end() { t.over = true }

// write is the entrance of every write but Lock.
func (t *checkedTx) write(ctx context.Context, bad error) error {
	t.wrote = true
	return t.in(ctx, bad)
}

func (t *checkedTx) Lock(ctx context.Context, keys ...string) error {
	keys, err := checkKeys(keys)
	if err == nil && t.wrote {
		err = errs.Bad("keys", "are locked after a write; Lock comes first.")
	}
	if err := t.in(ctx, err); err != nil || len(keys) == 0 {
		return err
	}
	return t.out(ctx, t.tx.Lock(ctx, keys...))
}

func checkKeys(keys []string) ([]string, error) {
	if len(keys) > MaxLocks {
		return nil, tooLarge("keys", "are %d; at most %d are allowed.", len(keys), MaxLocks)
	}
	for _, key := range keys {
		if key == "" {
			return nil, errs.Bad("keys", "hold an empty one.")
		}
		if err := checkText("keys", key, MaxKeyLen); err != nil {
			return nil, err
		}
	}
	keys = slices.Clone(keys)
	slices.Sort(keys) // one order for everybody, so that two transactions can't wait for each other
	return slices.Compact(keys), nil
}

func (t *checkedTx) Put(ctx context.Context, ws ...NodeWrite) ([]Node, error) {
	ws, err := t.rules.writes(ws)
	if err := t.write(ctx, err); err != nil || len(ws) == 0 {
		return nil, err
	}
	nodes, err := t.tx.Put(ctx, ws...)
	if err == nil {
		err = t.rules.sizes(nodes)
	}
	return nodes, t.out(ctx, err)
}

func (t *checkedTx) Delete(ctx context.Context, ids ...ID) error {
	ids, err := checkIDs("ids", ids, MaxBatch)
	if err := t.write(ctx, err); err != nil || len(ids) == 0 {
		return err
	}
	return t.out(ctx, t.tx.Delete(ctx, ids...))
}

func (t *checkedTx) Link(ctx context.Context, es ...Edge) error {
	es, err := t.rules.links(es)
	if err := t.write(ctx, err); err != nil {
		return err
	}
	for len(es) > 0 {
		n := distinct(es)
		if err := t.out(ctx, t.tx.Link(ctx, es[:n]...)); err != nil {
			return err
		}
		es = es[n:]
	}
	return nil
}

// edgeName is what tells edges apart; rows of one edge share it.
type edgeName struct {
	from, to ID
	rel      Rel
	key      string
}

func (e Edge) name() edgeName { return edgeName{e.From, e.To, e.Rel, e.Key} }

// distinct is the length of the longest beginning of es in which no edge stands twice: engines write it in any order.
func distinct(es []Edge) int {
	seen := make(map[edgeName]bool, len(es))
	for i, e := range es {
		if seen[e.name()] {
			return i
		}
		seen[e.name()] = true
	}
	return len(es)
}

func (t *checkedTx) Unlink(ctx context.Context, at time.Time, es ...Edge) error {
	at, err := checkTime("at", at)
	if err == nil {
		es, err = t.rules.unlinks(es)
	}
	if err := t.write(ctx, err); err != nil || len(es) == 0 {
		return err
	}
	return t.out(ctx, t.tx.Unlink(ctx, at, es...))
}

func (t *checkedTx) Append(ctx context.Context, sequence string, ns ...NodeWrite) (int64, error) {
	if !ValidName(sequence) {
		return 0, t.in(ctx, errs.Bad("sequence", "is not a name."))
	}
	ns, err := t.rules.appends(ns)
	if err := t.write(ctx, err); err != nil {
		return 0, err
	}
	first, err := t.tx.Append(ctx, sequence, ns...)
	return first, t.out(ctx, err)
}
