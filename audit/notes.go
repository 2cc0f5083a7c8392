package audit

import (
	"context"

	"weir/graph"
)

// CheckpointsAfter returns up to limit checkpoints of more than size entries, smallest first, as they are in the store.
func (l *Log) CheckpointsAfter(ctx context.Context, size int64, limit int) ([]Checkpoint, error) {
	page, err := l.store.List(ctx, graph.Query{
		Kind: checkpointType.Kind, Sort: "size", Limit: limit,
		Where: []graph.Filter{{Prop: "size", Op: graph.More, Values: []any{size + 1}}},
	})
	if err != nil {
		return nil, err
	}
	out := make([]Checkpoint, len(page.Nodes))
	for i, n := range page.Nodes {
		if out[i], err = readCheckpoint(n); err != nil {
			return nil, err
		}
	}
	return out, nil
}
