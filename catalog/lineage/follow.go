package lineage

import (
	"context"

	"weir/audit"
	"weir/graph"
)

// Follow carries classes on from what entries of the log changed, in one region for all of them. It is what an
// audit.Follower does with them: it may be given the same entries again.
func (p *Propagator) Follow(ctx context.Context, entries []audit.Entry) error {
	var changed []graph.ID
	for _, e := range entries {
		for _, c := range e.Changes {
			changed = append(changed, c.Asset)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	_, err := p.Propagate(ctx, distinct(changed)...)
	return err
}
