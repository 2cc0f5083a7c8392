package marketplace

import (
	"context"
	"errors"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/graph"
)

const (
	dueBatch  = 50 // grants that one transaction ends or warns of
	dueRounds = 20 // transactions of one run of a job; what is left is done by the next run
)

// ExpireDue ends the grants whose time has run out, a bounded number in one call. It is for a job: of two that work at once
// each grant is ended by one. A clock that is set back ends nothing again.
func (s *Service) ExpireDue(ctx context.Context) error {
	return s.rounds(ctx, s.expiredGrants, s.expireGrant)
}

// WarnDue writes an entry for each grant that ends in 30 days, in 7 or in 1, once for each. It is for a job, as ExpireDue.
// Warnings that were missed are given as one.
func (s *Service) WarnDue(ctx context.Context) error {
	return s.rounds(ctx, s.warnedGrants, s.warnGrant)
}

// rounds works through what is due. An error of one grant keeps no other from its turn.
func (s *Service) rounds(ctx context.Context, due func(context.Context) ([]graph.ID, error), do func(context.Context, graph.Tx, Grant) (*audit.Entry, error)) error {
	for range dueRounds {
		ids, err := due(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := s.together(ctx, ids, do); err != nil {
			return s.oneByOne(ctx, ids, do)
		}
	}
	return nil
}

func (s *Service) oneByOne(ctx context.Context, ids []graph.ID, do func(context.Context, graph.Tx, Grant) (*audit.Entry, error)) error {
	var failed []error
	for _, id := range ids {
		failed = append(failed, s.together(ctx, []graph.ID{id}, do))
	}
	return errors.Join(failed...)
}

// together changes grants, as they are now, in one transaction.
func (s *Service) together(ctx context.Context, ids []graph.ID, do func(context.Context, graph.Tx, Grant) (*audit.Entry, error)) error {
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		grants, err := getAll(ctx, tx, grantType, ids)
		if err != nil {
			return err
		}
		var entries []audit.Entry
		for _, id := range ids {
			e, err := do(ctx, tx, grants[id])
			if err != nil {
				return err
			}
			if e != nil {
				e.Actor, e.Target, e.Decision = authz.Actor(ctx), id, audit.Allowed
				entries = append(entries, *e)
			}
		}
		if len(entries) == 0 {
			return nil
		}
		return audit.Append(ctx, tx, s.now(), entries...)
	})
}

// expiredGrants are some live grants whose time has run out.
func (s *Service) expiredGrants(ctx context.Context) ([]graph.ID, error) {
	var out []graph.ID
	for _, state := range live {
		page, err := list(ctx, s.store, grantType, graph.Query{Sort: "until", Limit: dueBatch,
			Where: []graph.Filter{where("state", string(state)), before("until", s.now())}})
		if err != nil {
			return nil, err
		}
		for _, g := range page.Items {
			out = append(out, g.ID)
		}
	}
	return out, nil
}

func before(prop string, t time.Time) graph.Filter {
	return graph.Filter{Prop: prop, Op: graph.Less, Values: []any{graph.Time(t)}}
}

// expireGrant ends a grant, unless another server did so or it got more time.
func (s *Service) expireGrant(ctx context.Context, tx graph.Tx, g Grant) (*audit.Entry, error) {
	if !g.Live() || !g.Until.Before(graph.Time(s.now())) {
		return nil, nil
	}
	_, changes, err := s.endGrant(ctx, tx, g, ExpireGrant, "")
	return &audit.Entry{Action: "marketplace.grant-expire", Changes: changes}, err
}

// warnedGrants are some grants of whose end a warning is due.
func (s *Service) warnedGrants(ctx context.Context) ([]graph.ID, error) {
	page, err := list(ctx, s.store, grantType, graph.Query{Sort: "warnAt", Limit: dueBatch, Where: []graph.Filter{before("warnAt", s.now())}})
	var out []graph.ID
	for _, g := range page.Items {
		out = append(out, g.ID)
	}
	return out, err
}

// warnGrant notes that the end of a grant is near. Of a grant that nobody has yet, or whose end has come, there is nothing to say.
func (s *Service) warnGrant(ctx context.Context, tx graph.Tx, g Grant) (*audit.Entry, error) {
	now := graph.Time(s.now())
	if g.WarnAt.IsZero() || !g.WarnAt.Before(now) {
		return nil, nil
	}
	had := g.Warned
	for i, early := range warnings {
		if !now.Before(g.Until.Add(-early)) {
			g.Warned = max(g.Warned, i+1)
		}
	}
	g.WarnAt = nextWarning(g, now)
	if _, err := put(ctx, tx, grantType, g.ID, graph.IfVersion, g); err != nil {
		return nil, err
	}
	if g.State != Active || !now.Before(g.Until) || had == g.Warned {
		return nil, nil
	}
	return &audit.Entry{
		Action: "marketplace.grant-warn", Facts: map[string]string{"days": decimal(daysUntil(now, g.Until))},
		Changes: changed(nil, g.ID, "warned", decimal(had), decimal(g.Warned)),
	}, nil
}
