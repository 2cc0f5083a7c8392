package notify

import (
	"context"
	"time"

	"weir/graph"
	"weir/jobs"
)

const (
	keepNotices    = 400 * 24 * time.Hour // from what a notification tells of
	keepDeliveries = 90 * 24 * time.Hour
	tidyBatch      = 500
)

// tidy deletes notifications and deliveries that are old. The audit log keeps what they told of.
func (s *Service) tidy(ctx context.Context) error {
	if err := s.deleteBefore(ctx, notificationType.Kind, s.now().Add(-keepNotices)); err != nil {
		return err
	}
	return s.deleteBefore(ctx, deliveryType.Kind, s.now().Add(-keepDeliveries))
}

func (s *Service) deleteBefore(ctx context.Context, kind graph.Kind, when time.Time) error {
	for {
		page, err := s.Store.List(ctx, graph.Query{Kind: kind, Sort: "at", Limit: tidyBatch,
			Where: []graph.Filter{{Prop: "at", Op: graph.Less, Values: []any{when}}}})
		if err != nil || len(page.Nodes) == 0 {
			return err
		}
		ids := make([]graph.ID, len(page.Nodes))
		for i, n := range page.Nodes {
			ids[i] = n.ID
		}
		err = s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			if err := jobs.Fence(ctx, tx); err != nil {
				return err
			}
			return tx.Delete(ctx, ids...)
		})
		if err != nil {
			return err
		}
	}
}
