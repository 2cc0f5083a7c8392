package marketplace

import (
	"context"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// OpenGrant opens a grant as the last decision on an item does.
func (s *Service) OpenGrant(ctx context.Context, item Item, body GrantBody, until time.Time) (out Grant, err error) {
	err = s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		var changes []audit.Change
		if out, changes, err = s.openGrant(ctx, tx, item, body, until, nil, false); err != nil {
			return err
		}
		return audit.Append(ctx, tx, s.now(), audit.Entry{Actor: "usr_omar", Action: "marketplace.approve", Target: item.ID, Decision: audit.Allowed, Changes: changes})
	})
	return out, err
}

// ExtendGrant extends a grant as the last decision on an item does.
func (s *Service) ExtendGrant(ctx context.Context, id graph.ID, item Item, body GrantBody, until time.Time) (out Grant, err error) {
	err = s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		out, _, err = s.extendGrant(ctx, tx, id, item, body, until)
		return err
	})
	return out, err
}

// Set writes a grant as it is given, to begin a test with any state.
func (s *Service) Set(ctx context.Context, g Grant) (out Grant, err error) {
	err = s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		out, err = put(ctx, tx, grantType, g.ID, graph.Upsert, g)
		return err
	})
	return out, err
}

// CommandsOf are the commands of a grant, the oldest first.
func (s *Service) CommandsOf(ctx context.Context, grant graph.ID) ([]Command, error) {
	return commandsOf(ctx, s.store, grant)
}

// NextGrant is the state that an action leads a grant to by the table; ok is false if it has no such line.
func NextGrant(from GrantState, action GrantAction) (GrantState, bool) {
	to, err := next(Grants, from, action, "")
	return to, !errs.Is(err, errs.Conflict)
}
