package identity

import (
	"context"
	"slices"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// MaxStandIn is how long somebody may stand in for another at most.
const MaxStandIn = 366 * 24 * time.Hour

// mostStandIns is how many that are coming or running one person may have, either way.
const mostStandIns = 50

// NewStandIn names a stand-in. An empty From is oneself, a zero Since is now.
type NewStandIn struct {
	From, To     graph.ID
	Since, Until time.Time
	Reason       string
}

// NameStandIn lets To hold the roles of From for a period: one names one's own, and whoever manages people and roles names
// those of others, never himself.
// Errors: Forbidden, Invalid with the fields, NotFound.
func (s *Service) NameStandIn(ctx context.Context, in NewStandIn) (StandIn, error) {
	const action = "identity.stand-in"
	who := authz.From(ctx)
	if in.From == "" && who.Type == authz.Person {
		in.From = graph.ID(who.ID)
	}
	if err := s.require(ctx, action, in.From, ownOr(ctx, in.From), authz.Manage); err != nil {
		return StandIn{}, err
	}
	if err := in.check(s.now()); err != nil {
		return StandIn{}, err
	}
	if who.ID == string(in.To) {
		return StandIn{}, s.refused(ctx, action, in.From, errs.E(errs.Forbidden, "Nobody makes himself the stand-in of somebody else."))
	}
	var out StandIn
	err := s.run(ctx, action, in.From, func(ctx context.Context, tx graph.Tx) (deed, error) {
		if err := s.mayStandIn(ctx, tx, in); err != nil {
			return deed{}, err
		}
		var err error
		out, err = put(ctx, tx, standInType, newID(standInType.Spec.Prefix), graph.Create,
			StandIn{From: in.From, To: in.To, Since: graph.Time(in.Since), Until: graph.Time(in.Until), Reason: in.Reason})
		return deed{target: in.From, facts: map[string]string{"stand_in": string(out.ID), "to": string(in.To)}, changes: []audit.Change{
			{Asset: in.From, Field: "stand-in", After: out.words()},
			{Asset: in.To, Field: "stands in for", After: string(in.From)},
		}}, err
	})
	return out, err
}

func (s StandIn) words() string {
	out := string(s.To) + " from " + s.Since.UTC().Format(time.RFC3339) + " until " + s.Until.UTC().Format(time.RFC3339)
	if s.Reason != "" {
		out += ": " + s.Reason
	}
	return out
}

func (in *NewStandIn) check(now time.Time) error {
	c := &checker{}
	if in.Since.IsZero() {
		in.Since = now
	}
	in.Reason = c.text("reason", in.Reason, MaxText, false, true)
	switch {
	case in.Until.IsZero():
		c.field("until", "is missing: say when it ends.")
	case !in.Until.After(in.Since), !in.Until.After(now):
		c.field("until", "has to be later than its beginning and than now.")
	case in.Until.Sub(in.Since) > MaxStandIn:
		c.field("until", "is more than a year after its beginning.")
	}
	if in.To == in.From {
		c.field("to", "has to be somebody else.")
	}
	return c.err()
}

// mayStandIn checks both people and how many they have to do with.
func (s *Service) mayStandIn(ctx context.Context, tx graph.Tx, in NewStandIn) error {
	if _, err := userAt(ctx, tx, in.From, 0); err != nil {
		return err
	}
	to, ok, err := get(ctx, tx, userType, in.To)
	if err != nil {
		return err
	}
	if !ok || to.Disabled {
		return errs.Bad("to", "is nobody who is known here.")
	}
	if ownOr(ctx, in.From) != authz.Self {
		if err := s.overRoles(ctx, tx, in.From); err != nil {
			return err
		}
	}
	for prop, id := range map[string]graph.ID{"from": in.From, "to": in.To} {
		list, err := listStandIns(ctx, tx, prop, id, s.now())
		if err != nil {
			return err
		}
		open := slices.DeleteFunc(list, func(si StandIn) bool { return !si.Ended.IsZero() })
		if len(open) >= mostStandIns {
			return errs.Badf(prop, "has %d stand-ins already; end some of them first.", mostStandIns)
		}
	}
	return nil
}

// EndStandIn ends one before its time: either of the two may, and whoever may manage people.
// Errors: Forbidden; NotFound, also to whom it is no business of.
func (s *Service) EndStandIn(ctx context.Context, id graph.ID) error {
	const action = "identity.stand-in-end"
	return s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		si, ok, err := get(ctx, tx, standInType, id)
		if err != nil {
			return deed{}, err
		}
		own := ownOr(ctx, si.From) == authz.Self || ownOr(ctx, si.To) == authz.Self
		if !ok || !own && authz.From(ctx).Known() && !s.can(ctx, authz.People, authz.Manage) {
			return deed{}, errs.E(errs.NotFound, "There is no such stand-in.")
		}
		if err := s.policy.Require(ctx, ownKind(own), authz.Everywhere, authz.Manage); err != nil {
			return deed{}, err
		}
		if !si.Ended.IsZero() || !s.now().Before(si.Until) {
			return deed{}, nil
		}
		before := si.words()
		si.Ended = graph.Time(s.now())
		si.Until = si.Ended
		_, err = put(ctx, tx, standInType, id, graph.Upsert, si)
		return deed{target: si.From, facts: map[string]string{"stand_in": string(id), "to": string(si.To)}, changes: []audit.Change{
			{Asset: si.From, Field: "stand-in", Before: before},
			{Asset: si.To, Field: "stands in for", Before: string(si.From)},
		}}, err
	})
}

// listStandIns are those from or to somebody that have not run out at a time, ended ones included; a zero time is all. The
// latest come first.
func listStandIns(ctx context.Context, r graph.Reader, prop string, id graph.ID, after time.Time) ([]StandIn, error) {
	q := graph.Query{Kind: standInType.Kind, Sort: "until", Desc: true, Limit: graph.MaxPage,
		Where: []graph.Filter{{Prop: prop, Values: []any{string(id)}}}}
	if !after.IsZero() {
		q.Where = append(q.Where, graph.Filter{Prop: "until", Op: graph.More, Values: []any{graph.Time(after)}})
	}
	page, err := r.List(ctx, q)
	if err != nil {
		return nil, err
	}
	out, err := standInType.ReadAll(page.Nodes)
	return out, broken(err)
}
