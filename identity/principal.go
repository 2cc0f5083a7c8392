package identity

import (
	"context"
	"slices"
	"strings"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// The limits of what one may be in.
const (
	MaxNesting = 10    // teams within each other
	maxTeams   = 1_000 // of one person, nested ones included
)

// PrincipalOf makes a principal of a person or account. Its slices are shared and not to be changed.
// Errors: Unauthenticated if there is nobody of that id or he is disabled.
func (s *Service) PrincipalOf(ctx context.Context, id graph.ID) (authz.Principal, error) {
	k, err := s.recall(ctx, id)
	return k.who, err
}

// SessionPrincipal is PrincipalOf for a session of a person who last proved at begun who he is. Sessions that began before
// his password was changed or he was disabled have ended.
// Errors: Unauthenticated.
func (s *Service) SessionPrincipal(ctx context.Context, id graph.ID, begun time.Time) (authz.Principal, error) {
	k, err := s.recall(ctx, id)
	if err != nil {
		return authz.Principal{}, err
	}
	if k.who.Type != authz.Person || graph.Time(begun).Before(k.sessionsAfter) {
		return authz.Principal{}, errs.E(errs.Unauthenticated, "The session has ended. Sign in again.")
	}
	k.who.SignedInAt = begun
	return k.who, nil
}

// recall takes a principal from memory, or reads him.
func (s *Service) recall(ctx context.Context, id graph.ID) (known, error) {
	now := s.now()
	k, times, ok := s.known.get(string(id), now)
	if ok {
		return k, nil
	}
	k, err := s.read(ctx, id, now)
	if err != nil {
		return known{}, err
	}
	s.known.put(string(id), times, k)
	return k, nil
}

func gone() error { return errs.E(errs.Unauthenticated, "Sign in first.") }

// read makes a principal of what is in the store.
func (s *Service) read(ctx context.Context, id graph.ID, now time.Time) (known, error) {
	if isA(id, accountType.Spec.Prefix) {
		return s.readAccount(ctx, id, now)
	}
	u, ok, err := get(ctx, s.store, userType, id)
	if err != nil {
		return known{}, err
	}
	if !ok || u.Disabled {
		return known{}, gone()
	}
	k := known{sessionsAfter: u.SessionsAfter, until: now.Add(remember)}
	k.who = authz.Principal{ID: string(u.ID), Name: u.Name, Type: authz.Person}
	if k.who.Teams, k.who.Roles, err = membership(ctx, s.store, id); err != nil {
		return known{}, err
	}
	return k, s.standIns(ctx, &k, now)
}

// readAccount makes a principal of a service account or agent, with the person behind it. An agent acts within his rights,
// so without him it may do nothing; a service account goes on when its owner has left.
func (s *Service) readAccount(ctx context.Context, id graph.ID, now time.Time) (known, error) {
	a, ok, err := get(ctx, s.store, accountType, id)
	if err != nil {
		return known{}, err
	}
	if !ok || a.Disabled {
		return known{}, gone()
	}
	k := known{until: now.Add(remember)}
	k.who = authz.Principal{ID: string(a.ID), Name: a.Name, Type: a.Type}
	if k.who.Teams, k.who.Roles, err = membership(ctx, s.store, id); err != nil {
		return known{}, err
	}
	owner, err := s.read(ctx, a.Owner, now)
	switch {
	case err == nil:
		k.who.Owner = &owner.who
		k.until = earlier(k.until, owner.until)
	case !errs.Is(err, errs.Unauthenticated):
		return known{}, err
	case a.Type == authz.Agent:
		return known{}, gone()
	}
	return k, nil
}

// membership reads the teams that somebody is in, nested ones included, and the roles that he holds through them or himself.
func membership(ctx context.Context, r graph.Reader, id graph.ID) (teams []string, roles []authz.Held, err error) {
	above, err := teamsAbove(ctx, r, id)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range above {
		teams = append(teams, string(t))
	}
	roles, err = authz.HeldBy(ctx, r, append(above, id)...)
	return teams, roles, err
}

// teamsAbove are the teams that somebody or a team is in, through any number of others, sorted.
func teamsAbove(ctx context.Context, r graph.Reader, id graph.ID) ([]graph.ID, error) {
	sub, err := r.Traverse(ctx, graph.Walk{From: []graph.ID{id}, Dir: graph.Out, Rels: []graph.Rel{RelMember},
		Depth: MaxNesting, Max: maxTeams + 1, Fields: []string{}})
	if err != nil {
		return nil, err
	}
	if sub.Cut {
		return nil, errs.Ef(errs.TooLarge, "Somebody is in more than %d teams.", maxTeams)
	}
	var out []graph.ID
	for _, n := range sub.Nodes {
		if n.Node.ID != id {
			out = append(out, n.Node.ID)
		}
	}
	slices.Sort(out)
	return out, nil
}

// standIns adds the roles of those for whom somebody stands in now. What they hold because they stand in themselves is
// not passed on, and whoever is disabled passes on nothing.
func (s *Service) standIns(ctx context.Context, k *known, now time.Time) error {
	list, err := listStandIns(ctx, s.store, "to", graph.ID(k.who.ID), now)
	if err != nil {
		return err
	}
	for _, si := range list {
		if si.Ended.IsZero() && now.Before(si.Since) {
			k.until = earlier(k.until, si.Since)
		}
		if !si.Holds(now) {
			continue
		}
		k.until = earlier(k.until, si.Until)
		from, ok, err := get(ctx, s.store, userType, si.From)
		if err != nil {
			return err
		}
		if !ok || from.Disabled {
			continue
		}
		teams, roles, err := membership(ctx, s.store, si.From)
		if err != nil {
			return err
		}
		k.who.For = append(append(k.who.For, string(si.From)), teams...)
		k.who.Roles = append(k.who.Roles, roles...)
	}
	slices.SortFunc(k.who.Roles, func(a, b authz.Held) int {
		return strings.Compare(a.Role+"\x00"+a.Domain, b.Role+"\x00"+b.Domain)
	})
	k.who.Roles = slices.Compact(k.who.Roles)
	return nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
