package marketplace

import (
	"context"
	"slices"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// stake is what somebody has to do with a grant.
type stake struct {
	holder bool // has it, himself or through a team or an account of his, or asked for it
	owner  bool // owns what it opens, himself or through a team, or stands in for who does
	view   bool // may see it by a role, or because he owns a dataset in it
}

func (k stake) any() bool { return k.holder || k.owner || k.view }

// viewer is who looks at grants.
type viewer struct {
	who    authz.Principal
	having []string // ids that have what is his: his own, those of his teams and accounts
	ids    []string // that he answers for: his own, those of his teams, and of those for whom he stands in
}

// viewerOf reads who looks, in ctx. Errors: Unauthenticated.
func (s *Service) viewerOf(ctx context.Context, r graph.Reader) (viewer, error) {
	if err := s.mayLook(ctx); err != nil {
		return viewer{}, err
	}
	v := viewer{who: authz.From(ctx)}
	if !v.who.Known() {
		return v, nil
	}
	v.ids = slices.Concat([]string{v.who.ID}, v.who.Teams, v.who.For)
	v.having = slices.Concat([]string{v.who.ID}, v.who.Teams)
	accounts, err := identity.OwnedBy(ctx, r, graph.ID(v.who.ID))
	for _, id := range accounts {
		v.having = append(v.having, string(id))
	}
	return v, err
}

// mayLook asks for what everybody has who is signed in: to see what is his own.
func (s *Service) mayLook(ctx context.Context) error {
	return s.policy.Require(ctx, authz.Self, authz.Everywhere, authz.View)
}

// stake is what the viewer has to do with a grant, but for datasets of his in it.
func (s *Service) stake(ctx context.Context, v viewer, g Grant) stake {
	return stake{
		holder: slices.Contains(v.having, string(g.Holder)) || v.who.Known() && string(g.Sender) == v.who.ID,
		owner:  g.Owner != "" && slices.Contains(v.ids, string(g.Owner)),
		view:   s.policy.Can(ctx, authz.Grant, string(g.Domain), authz.View),
	}
}

// grantFor reads a grant for somebody who has to do with it; for everybody else there is none. Errors: Unauthenticated,
// NotFound, Conflict.
func (s *Service) grantFor(ctx context.Context, r graph.Reader, id graph.ID, version int64) (Grant, stake, error) {
	v, err := s.viewerOf(ctx, r)
	if err != nil {
		return Grant{}, stake{}, err
	}
	g, err := grantAt(ctx, r, id, 0)
	if err != nil {
		return Grant{}, stake{}, err
	}
	k := s.stake(ctx, v, g)
	if !k.any() {
		if k.view, err = s.ownsData(ctx, r, v, g); err != nil {
			return Grant{}, stake{}, err
		}
	}
	if !k.any() {
		return Grant{}, stake{}, noGrant()
	}
	return g, k, g.in(version)
}

// ownsData tells whether the viewer owns a dataset that a grant opens, though not the product that it is for.
func (s *Service) ownsData(ctx context.Context, r graph.Reader, v viewer, g Grant) (bool, error) {
	body, err := g.body()
	if err != nil {
		return false, err
	}
	owners, err := ownersOf(ctx, r, datasetsOf(body.Parts))
	for _, keys := range owners {
		if slices.ContainsFunc(keys, func(k string) bool { return slices.Contains(v.ids, k) }) {
			return true, nil
		}
	}
	return false, err
}

// ownsDataset tells whether the viewer owns a dataset or may see all grants of its domain.
func (s *Service) ownsDataset(ctx context.Context, r graph.Reader, v viewer, d catalog.Dataset) (bool, error) {
	if s.policy.Can(ctx, authz.Grant, string(d.Domain), authz.View) {
		return true, nil
	}
	owners, err := ownersOf(ctx, r, []graph.ID{d.ID})
	return slices.ContainsFunc(owners[d.ID], func(k string) bool { return slices.Contains(v.ids, k) }), err
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
	if !k.holder && !s.unbound(ctx) {
		return errs.E(errs.Forbidden, "Only who has this access, or asked for it, hands it back. Its owner can revoke it.")
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
