package marketplace

import (
	"context"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// stake is what somebody has to do with a grant.
type stake struct {
	holder bool // has it, himself or through a team or an account of his, or asked for it
	owner  bool // owns what it opens, himself or through a team, or stands in for who does
	view   bool // may see grants of the domain by a role
}

func (k stake) any() bool { return k.holder || k.owner || k.view }

// ownIDs are the ids that somebody goes by: his own, those of his teams, and of those for whom he stands in.
func ownIDs(who authz.Principal) []string {
	if !who.Known() {
		return nil
	}
	return slices.Concat([]string{who.ID}, who.Teams, who.For)
}

// stakeIn finds what the principal in ctx has to do with a grant.
func (s *Service) stakeIn(ctx context.Context, r graph.Reader, g Grant) (stake, error) {
	who := authz.From(ctx)
	ids := ownIDs(who)
	k := stake{
		holder: slices.Contains(ids, string(g.Holder)) || slices.Contains(ids, string(g.Sender)),
		owner:  g.Owner != "" && slices.Contains(ids, string(g.Owner)),
		view:   s.policy.Can(ctx, authz.Grant, string(g.Domain), authz.View),
	}
	if k.holder || who.Type != authz.Person {
		return k, nil
	}
	found, err := identity.Lookup(ctx, r, g.Holder)
	if err != nil {
		return k, err
	}
	k.holder = found[g.Holder].Owner == graph.ID(who.ID)
	return k, nil
}

// grantFor reads a grant for somebody who has to do with it; for everybody else there is none. Errors: Unauthenticated,
// NotFound, Conflict.
func (s *Service) grantFor(ctx context.Context, r graph.Reader, id graph.ID, version int64) (Grant, stake, error) {
	if err := s.mayLook(ctx); err != nil {
		return Grant{}, stake{}, err
	}
	g, err := grantAt(ctx, r, id, 0)
	if err != nil {
		return Grant{}, stake{}, err
	}
	k, err := s.stakeIn(ctx, r, g)
	switch {
	case err != nil:
		return Grant{}, stake{}, err
	case !k.any():
		return Grant{}, stake{}, noGrant()
	}
	return g, k, g.in(version)
}

// mayLook asks for what everybody has who is signed in: to see what is his own.
func (s *Service) mayLook(ctx context.Context) error {
	return s.policy.Require(ctx, authz.Self, authz.Everywhere, authz.View)
}

// mayManage asks for the right to take a grant back or shorten it: its owner's, who is a person, or by a role.
func (s *Service) mayManage(ctx context.Context, g Grant, k stake) error {
	byRole := s.policy.Require(ctx, authz.Grant, string(g.Domain), authz.Manage)
	if byRole == nil || !k.owner {
		return byRole
	}
	if authz.From(ctx).Type != authz.Person {
		return errs.E(errs.Forbidden, "Agents and service accounts ask for data; people decide who has it.")
	}
	return s.policy.Require(ctx, authz.Request, string(g.Domain), authz.Decide)
}

// mayHandBack asks for the right to give a grant back.
func (s *Service) mayHandBack(ctx context.Context, g Grant, k stake) error {
	if !k.holder && authz.From(ctx).Type != authz.Machine && authz.From(ctx).Known() {
		return errs.E(errs.Forbidden, "Only who has this access, or asked for it, hands it back. Its owner can take it away.")
	}
	return s.policy.Require(ctx, authz.Request, string(g.Domain), authz.Write)
}

// mayEnforce asks for the right to carry commands out by hand, or start them again: of the owner, of whoever runs the systems,
// and of whoever manages grants.
func (s *Service) mayEnforce(ctx context.Context, g Grant, k stake) error {
	if s.policy.Can(ctx, authz.System, string(g.Domain), authz.Manage) {
		return nil
	}
	return s.mayManage(ctx, g, k)
}
