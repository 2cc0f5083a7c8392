package graph

import (
	"context"

	"weir/errs"
)

// One returns a node; NotFound when there is none, also for what can't be an id, so that what a person typed into an
// address needs no check of its own.
func One(ctx context.Context, r Reader, id ID) (Node, error) {
	if !ValidID(id) {
		return Node{}, missing()
	}
	nodes, err := r.Nodes(ctx, id)
	if err != nil {
		return Node{}, err
	}
	n, ok := nodes[id]
	if !ok {
		return Node{}, missing()
	}
	return n, nil
}

func missing() error { return errs.E(errs.NotFound, "There is no such thing.") }

// modifyTries bounds Modify: with its lock a conflict comes only from writers that don't take it.
const modifyTries = 10

// Modify reads a node, lets fn say what changes of its properties (as in a NodeWrite: nil deletes), and writes that if
// nobody changed the node meanwhile; else it begins again, a bounded number of times. fn may run more than once. An
// error of fn is returned as it is. Errors: NotFound, Conflict when others kept changing the node.
func Modify(ctx context.Context, s Store, id ID, fn func(Node) (Props, error)) (Node, error) {
	var written Node
	change := func(ctx context.Context, tx Tx) error {
		if err := tx.Lock(ctx, "modify "+string(id)); err != nil {
			return err
		}
		n, err := One(ctx, tx, id)
		if err != nil {
			return err
		}
		props, err := fn(n)
		if err != nil {
			return err
		}
		w := NodeWrite{Node: Node{ID: id, Kind: n.Kind, Props: props}, Mode: IfVersion, Version: n.Version}
		nodes, err := tx.Put(ctx, w)
		if err != nil {
			return err
		}
		written = nodes[0]
		return nil
	}
	var err error
	for range modifyTries {
		err = s.Update(ctx, "", change)
		if !errs.Is(err, errs.Conflict) {
			break
		}
	}
	if err != nil {
		return Node{}, err
	}
	return written, nil
}
