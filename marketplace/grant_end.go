package marketplace

import (
	"context"
	"strconv"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// GrantChange changes a grant. Version is the one that was looked at; 0 is any. Until counts for Shorten alone.
type GrantChange struct {
	Grant   graph.ID
	Version int64
	Reason  string
	Until   time.Time
}

func (in *GrantChange) check(needed bool) *checker {
	c := &checker{}
	in.Reason = c.lines("reason", in.Reason, maxReason, needed)
	return c
}

// Revoke takes a grant back, at once and for a reason, and puts what was made with it on the lists of those who own that.
// Errors: Unauthenticated, NotFound to whoever has nothing to do with it, Forbidden, Invalid with the fields, Conflict if it
// has ended or was changed since Version.
func (s *Service) Revoke(ctx context.Context, in GrantChange) (Grant, error) {
	if err := in.check(true).err(); err != nil {
		return Grant{}, err
	}
	return s.changeGrant(ctx, "marketplace.grant-revoke", in, s.mayManage, func(ctx context.Context, tx graph.Tx, g Grant) (Grant, deed, error) {
		return s.revoke(ctx, tx, g, in.Reason)
	})
}

// revoke ends a grant in the caller's transaction.
func (s *Service) revoke(ctx context.Context, tx graph.Tx, g Grant, reason string) (Grant, deed, error) {
	g, changes, err := s.endGrant(ctx, tx, g, Revoke, reason)
	if err != nil {
		return Grant{}, deed{}, err
	}
	tasks, err := s.derivedTasks(ctx, tx, g)
	return g, deed{facts: map[string]string{"tasks": strconv.Itoa(tasks)}, changes: changes}, err
}

// HandBack gives a grant back, by who has it or asked for it. The reason may be empty. Errors as of Revoke.
func (s *Service) HandBack(ctx context.Context, in GrantChange) (Grant, error) {
	if err := in.check(false).err(); err != nil {
		return Grant{}, err
	}
	return s.changeGrant(ctx, "marketplace.grant-hand-back", in, s.mayHandBack, func(ctx context.Context, tx graph.Tx, g Grant) (Grant, deed, error) {
		g, changes, err := s.endGrant(ctx, tx, g, HandBack, in.Reason)
		return g, deed{changes: changes}, err
	})
}

// Shorten lets a grant end earlier, at a time that is still to come. Errors as of Revoke.
func (s *Service) Shorten(ctx context.Context, in GrantChange) (Grant, error) {
	if err := in.check(true).err(); err != nil {
		return Grant{}, err
	}
	return s.changeGrant(ctx, "marketplace.grant-shorten", in, s.mayManage, func(ctx context.Context, tx graph.Tx, g Grant) (Grant, deed, error) {
		return s.shorten(ctx, tx, g, in.Until, in.Reason)
	})
}

// shorten sets an earlier end in the caller's transaction.
func (s *Service) shorten(ctx context.Context, tx graph.Tx, g Grant, until time.Time, reason string) (Grant, deed, error) {
	state, err := next(Grants, g.State, Shorten, "")
	if err != nil {
		return Grant{}, deed{}, err
	}
	now, until := graph.Time(s.now()), graph.Time(until)
	switch {
	case until.IsZero():
		return Grant{}, deed{}, errs.Bad("until", "is missing: say when it is to end.")
	case !until.After(now):
		return Grant{}, deed{}, errs.Bad("until", "has to be later than now. To end it at once, revoke it.")
	case !until.Before(g.Until):
		return Grant{}, deed{}, errs.Bad("until", "has to be earlier than its end now. For more time, somebody has to ask.")
	}
	body, err := g.body()
	if err != nil {
		return Grant{}, deed{}, err
	}
	before := g.Until
	g.State, g.Until, g.Reason = state, until, reason
	g.WarnAt = nextWarning(g, now)
	if g, err = put(ctx, tx, grantType, g.ID, graph.IfVersion, g); err != nil {
		return Grant{}, deed{}, err
	}
	if err := unlinkGrant(ctx, tx, g, body, until); err != nil {
		return Grant{}, deed{}, err
	}
	changes := changed(nil, g.ID, "until", moment(before), moment(until))
	return g, deed{changes: changed(changes, g.ID, "reason", "", reason)}, s.command(ctx, tx, g, body, VerbChange)
}

// changeGrant runs one command on a grant: for who has to do with it, and may.
func (s *Service) changeGrant(ctx context.Context, action string, in GrantChange, may func(context.Context, Grant, stake) error,
	do func(context.Context, graph.Tx, Grant) (Grant, deed, error)) (Grant, error) {
	var out Grant
	err := s.run(ctx, action, in.Grant, func(ctx context.Context, tx graph.Tx) (deed, error) {
		g, k, err := s.grantFor(ctx, tx, in.Grant, in.Version)
		if err != nil {
			return deed{}, err
		}
		if err := may(ctx, g, k); err != nil {
			return deed{}, err
		}
		var d deed
		out, d, err = do(ctx, tx, g)
		d.target = g.ID
		return d, err
	})
	return out, err
}

// endGrant ends a grant in the caller's transaction, and tells the system outside.
func (s *Service) endGrant(ctx context.Context, tx graph.Tx, g Grant, action GrantAction, reason string) (Grant, []audit.Change, error) {
	state, err := next(Grants, g.State, action, "")
	if err != nil {
		return Grant{}, nil, err
	}
	body, err := g.body()
	if err != nil {
		return Grant{}, nil, err
	}
	before, now := g.State, graph.Time(s.now())
	g.State, g.Ended, g.EndedBy, g.Reason, g.WarnAt = state, now, graph.ID(authz.Actor(ctx)), reason, time.Time{}
	if g, err = put(ctx, tx, grantType, g.ID, graph.IfVersion, g); err != nil {
		return Grant{}, nil, err
	}
	if err := unlinkGrant(ctx, tx, g, body, now); err != nil {
		return Grant{}, nil, err
	}
	if err := s.command(ctx, tx, g, body, VerbRevoke); err != nil {
		return Grant{}, nil, err
	}
	if err := s.dropReviews(ctx, tx, g.ID); err != nil {
		return Grant{}, nil, err
	}
	changes := changed(nil, g.ID, "state", string(before), string(state))
	return g, changed(changes, g.ID, "reason", "", reason), nil
}
