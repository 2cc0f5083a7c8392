package marketplace

import (
	"context"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// Somebody is the person or team that a handle names: a login, or "team:" and the name of a team.
// Errors: Unauthenticated, Invalid with the field "owner" if nobody is called that.
func (s *Service) Somebody(ctx context.Context, handle string) (graph.ID, error) {
	if err := s.policy.Require(ctx, authz.People, authz.Everywhere, authz.View); err != nil {
		return "", err
	}
	found, err := identity.Resolve(ctx, s.store, handle)
	if err != nil {
		return "", err
	}
	id, ok := found[handle]
	if !ok {
		return "", errs.Bad("owner", "is nobody who is known here: type a login, or team: and the name of a team.")
	}
	return id, nil
}

// Handle is what Somebody finds a person or team by; "" for who isn't known any more.
func (s *Service) Handle(ctx context.Context, id graph.ID) (string, error) {
	if err := s.policy.Require(ctx, authz.People, authz.Everywhere, authz.View); err != nil {
		return "", err
	}
	found, err := identity.Lookup(ctx, s.store, id)
	if err != nil {
		return "", err
	}
	who := found[id]
	if who.Team {
		return "team:" + who.Handle, nil
	}
	return who.Handle, nil
}
