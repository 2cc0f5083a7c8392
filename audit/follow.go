package audit

import (
	"context"

	"weir/errs"
	"weir/graph"
)

// A Follower deals with entries in their order, at least once each, and keeps its own position in the store, so that it
// goes on where it stopped. Only one may run under a name at a time; two that race are told by errs.Conflict.
type Follower struct {
	Name  string // of the position
	Batch int    // entries at once
	Do    func(ctx context.Context, entries []Entry) error
}

// Step deals with the next batch and returns how many entries that were; 0 means that it has caught up. If Do
// fails the position stays.
func (f Follower) Step(ctx context.Context, s graph.Store) (int, error) {
	id := graph.ID(positionType.Spec.Prefix + "_" + f.Name)
	nodes, err := s.Nodes(ctx, id)
	if err != nil {
		return 0, err
	}
	var at position
	node, known := nodes[id]
	if known {
		if at, err = positionType.Read(node); err != nil {
			return 0, errs.Wrap(err, errs.Internal, "The position of a follower can't be read.")
		}
	}
	entries, err := Since(ctx, s, at.Seq, f.Batch)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	if err := f.Do(ctx, entries); err != nil {
		return 0, err
	}
	w := positionType.Write(id, graph.Create, position{Seq: entries[len(entries)-1].Seq})
	if known {
		w.Mode, w.Version = graph.IfVersion, node.Version
	}
	err = s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, w)
		return err
	})
	if err != nil {
		return 0, err
	}
	return len(entries), nil
}

// Position returns the last entry that the follower of that name has dealt with, and the last entry of the log.
func Position(ctx context.Context, r graph.Reader, name string) (at, last int64, err error) {
	id := graph.ID(positionType.Spec.Prefix + "_" + name)
	nodes, err := r.Nodes(ctx, id)
	if err != nil {
		return 0, 0, err
	}
	if n, ok := nodes[id]; ok {
		at, _ = n.Props["at"].(int64)
	}
	last, err = lastNumber(ctx, r)
	return at, last, err
}
