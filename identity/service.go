package identity

import (
	"context"
	"maps"
	"runtime"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Options say how a Service works.
type Options struct {
	Now    func() time.Time    // nil: time.Now
	Groups map[string]GroupMap // what the groups of the OIDC provider mean here

	// Keys seal what entries say of people, so that it can be erased. A server always has them; without them, in tests
	// alone, it lies open in the log.
	Keys *audit.Keys
}

// GroupMap is what members of a group of the OIDC provider get: teams by their names, and roles.
type GroupMap struct {
	Teams []string
	Roles []authz.Held
}

// Service holds the commands and queries over people, and turns what they show into principals.
type Service struct {
	store  graph.Store
	policy *authz.Policy
	now    func() time.Time
	groups map[string]GroupMap
	keys   *audit.Keys

	hashing *hashing
	known   *memory // principals, for a moment
	uses    *uses   // of tokens, as this server has written them
}

// New makes a Service. A nil policy allows everything.
func New(store graph.Store, policy *authz.Policy, o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{
		store: store, policy: policy, now: o.Now, groups: maps.Clone(o.Groups), keys: o.Keys,
		hashing: newHashing(2 * runtime.GOMAXPROCS(0)), known: newMemory(), uses: newUses(),
	}
}

// Forget makes the next question about anybody read the store again. authz.Policy.Watch calls it when another server has
// changed something.
func (s *Service) Forget() { s.known.forget() }

// deed is what one command did, for its entry. Changes nil: nothing was to be done, and nothing is written down.
type deed struct {
	target  graph.ID
	facts   map[string]string
	changes []audit.Change
}

// run runs a command in one transaction under authz.Lock and writes its entry. What do refuses with Forbidden is written
// down as an attempt.
func (s *Service) run(ctx context.Context, action string, target graph.ID, do func(ctx context.Context, tx graph.Tx) (deed, error)) error {
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		d, err := do(ctx, tx)
		if err != nil || d.changes == nil {
			return err
		}
		return s.record(ctx, tx, authz.Actor(ctx), action, d)
	})
	s.Forget()
	if errs.Is(err, errs.Forbidden) {
		return s.refused(ctx, action, target, err)
	}
	return err
}

// record writes the entry of a deed. What it says of a person is sealed under his key.
func (s *Service) record(ctx context.Context, tx graph.Tx, actor, action string, d deed) error {
	e := audit.Entry{Actor: actor, Action: action, Target: d.target, Decision: audit.Allowed, Facts: d.facts, Changes: d.changes}
	if s.keys != nil && isA(d.target, userType.Spec.Prefix) {
		e.Subject, ctx = d.target, audit.Sealing(ctx, s.keys)
	}
	return audit.Append(ctx, tx, s.now(), e)
}

// require refuses, and writes down, what the principal in ctx may not do.
func (s *Service) require(ctx context.Context, action string, target graph.ID, kind authz.Kind, act authz.Action) error {
	if err := s.policy.Require(ctx, kind, authz.Everywhere, act); err != nil {
		return s.refused(ctx, action, target, err)
	}
	return nil
}

// refused writes down an attempt that was not allowed, and returns why.
func (s *Service) refused(ctx context.Context, action string, target graph.ID, why error) error {
	return s.policy.Refused(ctx, s.store, s.now(), action, target, why)
}

// can tells whether the principal in ctx may do something with people as such.
func (s *Service) can(ctx context.Context, kind authz.Kind, act authz.Action) bool {
	return s.policy.Can(ctx, kind, authz.Everywhere, act)
}

// taken is the error of a name that somebody else has.
func taken(field string) error {
	const msg = "is taken already."
	return &errs.Error{Kind: errs.Exists, Message: field + ": " + msg, Fields: []errs.Field{{Name: field, Message: msg}}}
}

func noUser() error    { return errs.E(errs.NotFound, "There is no such person.") }
func noTeam() error    { return errs.E(errs.NotFound, "There is no such team.") }
func noAccount() error { return errs.E(errs.NotFound, "There is no such account.") }

// changed lists one field if it is another one than before. The result is nil if it isn't.
func changed(out []audit.Change, id graph.ID, field, before, after string) []audit.Change {
	if before == after {
		return out
	}
	return append(out, audit.Change{Asset: id, Field: field, Before: before, After: after})
}
