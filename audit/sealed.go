package audit

import (
	"context"

	"weir/errs"
	"weir/graph"
)

// CheckpointPage is a page of checkpoints, newest first.
type CheckpointPage struct {
	Checkpoints []Checkpoint
	Next        string
}

// Checkpoint returns the last checkpoint, whose signature it has checked; NotFound before the first.
func (l *Log) Checkpoint(ctx context.Context) (Checkpoint, error) {
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return Checkpoint{}, err
	}
	if at.Size == 0 {
		return Checkpoint{}, errs.E(errs.NotFound, "Nothing is sealed yet.")
	}
	n, err := graph.One(ctx, l.store, checkpointID(at.Size))
	if err != nil {
		return Checkpoint{}, errs.Wrap(err, errs.Internal, "The last checkpoint of the log is missing.")
	}
	c, err := readCheckpoint(n)
	if err != nil {
		return c, err
	}
	known, err := at.verifiers()
	if err != nil {
		return c, err
	}
	_, err = open(c.Note, l.origin, known)
	return c, err
}

// Checkpoints returns the checkpoints, newest first, as they are in the store.
func (l *Log) Checkpoints(ctx context.Context, limit int, after string) (CheckpointPage, error) {
	page, err := l.store.List(ctx, graph.Query{Kind: checkpointType.Kind, Sort: "size", Desc: true, Limit: limit, After: after})
	if err != nil {
		return CheckpointPage{}, err
	}
	out := CheckpointPage{Next: page.Next}
	for _, n := range page.Nodes {
		c, err := readCheckpoint(n)
		if err != nil {
			return CheckpointPage{}, err
		}
		out.Checkpoints = append(out.Checkpoints, c)
	}
	return out, nil
}

// State is how far the log is sealed and anchored.
type State struct {
	Origin     string
	Size       int64      // entries
	Sealed     int64      // of them under the last checkpoint
	Checkpoint Checkpoint // the last; zero before the first
	MinIndex   int64      // entries of a lower index may have been pruned
	Keys       []KeySpan
	Anchors    []AnchorState
	Trouble    error // why this process can't seal, or why the last checkpoint doesn't hold; nil if all is well
}

// maxAnchors is how many anchors State shows.
const maxAnchors = 100

// State returns how the log stands. What is wrong with the log itself is no error but Trouble.
func (l *Log) State(ctx context.Context) (State, error) {
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return State{}, err
	}
	s := State{Origin: l.origin, Sealed: at.Size, MinIndex: at.MinIndex, Trouble: l.Trouble()}
	if s.Keys, err = at.keys(); err != nil {
		return s, err
	}
	if s.Size, err = lastNumber(ctx, l.store); err != nil {
		return s, err
	}
	c, err := l.Checkpoint(ctx)
	switch {
	case err == nil:
		s.Checkpoint = c
	case errs.Is(err, errs.Internal) && s.Trouble == nil:
		s.Trouble = err
	case !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Internal):
		return s, err
	}
	s.Anchors, err = anchors(ctx, l.store)
	return s, err
}

// anchors are the states of all anchors that there ever were, by name.
func anchors(ctx context.Context, r graph.Reader) ([]AnchorState, error) {
	page, err := r.List(ctx, graph.Query{Kind: anchorType.Kind, Limit: maxAnchors})
	if err != nil {
		return nil, err
	}
	all, err := anchorType.ReadAll(page.Nodes)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "The state of an anchor can't be read.")
	}
	var out []AnchorState
	for _, a := range all {
		out = append(out, AnchorState(a))
	}
	return out, nil
}

// lastNumber is the number of the last entry; 0 if there is none.
func lastNumber(ctx context.Context, r graph.Reader) (int64, error) {
	page, err := r.List(ctx, graph.Query{Kind: recordType.Kind, Sort: graph.PropSeq, Desc: true, Limit: 1})
	if err != nil || len(page.Nodes) == 0 {
		return 0, err
	}
	return number(page.Nodes[0]), nil
}
