package identity

import (
	"context"
	"slices"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// AddMember puts a person, an account or a team into a team. Where the team holds roles that takes the right to manage roles,
// too, and nobody puts himself, an account of his or a team that he is in there.
// Errors: Forbidden, NotFound, Invalid for "member" if a team would be in itself or teams nested too deep.
func (s *Service) AddMember(ctx context.Context, team, member graph.ID) error {
	const action = "identity.member-add"
	return s.member(ctx, action, team, member, func(ctx context.Context, tx graph.Tx, in bool) ([]audit.Change, error) {
		if in {
			return nil, nil
		}
		if err := s.noGift(ctx, tx, team, member); err != nil {
			return nil, err
		}
		if err := nests(ctx, tx, team, member); err != nil {
			return nil, err
		}
		err := tx.Link(ctx, graph.Edge{From: member, Rel: RelMember, To: team, Valid: graph.Span{Since: graph.Time(s.now())}})
		return []audit.Change{{Asset: team, Field: "member", After: string(member)}, {Asset: member, Field: "team", After: string(team)}}, err
	})
}

// RemoveMember takes somebody out of a team. What the groups of the OIDC provider keep comes back when he signs in again.
// Errors: Forbidden, NotFound.
func (s *Service) RemoveMember(ctx context.Context, team, member graph.ID) error {
	const action = "identity.member-remove"
	return s.member(ctx, action, team, member, func(ctx context.Context, tx graph.Tx, in bool) ([]audit.Change, error) {
		if !in {
			return nil, nil
		}
		if err := s.overRoles(ctx, tx, team); err != nil {
			return nil, err
		}
		err := tx.Unlink(ctx, graph.Time(s.now()), graph.Edge{From: member, Rel: RelMember, To: team},
			graph.Edge{From: member, Rel: RelMember, To: team, Key: keyFederated})
		return []audit.Change{{Asset: team, Field: "member", Before: string(member)}, {Asset: member, Field: "team", Before: string(team)}}, err
	})
}

// member runs one change of who is in a team; in tells whether he is in it himself, not through another.
func (s *Service) member(ctx context.Context, action string, team, member graph.ID,
	do func(ctx context.Context, tx graph.Tx, in bool) ([]audit.Change, error),
) error {
	if err := s.require(ctx, action, team, authz.People, authz.Manage); err != nil {
		return err
	}
	return s.run(ctx, action, team, func(ctx context.Context, tx graph.Tx) (deed, error) {
		if _, err := teamAt(ctx, tx, team, 0); err != nil {
			return deed{}, err
		}
		if err := isThere(ctx, tx, member); err != nil {
			return deed{}, err
		}
		now, err := teamsOf(ctx, tx, member)
		if err != nil {
			return deed{}, err
		}
		changes, err := do(ctx, tx, slices.Contains(now, team))
		return deed{target: team, changes: changes}, err
	})
}

// isThere tells whether there is a person, account or team of an id.
func isThere(ctx context.Context, r graph.Reader, id graph.ID) error {
	switch {
	case isA(id, teamType.Spec.Prefix):
		_, err := teamAt(ctx, r, id, 0)
		return err
	case isA(id, accountType.Spec.Prefix):
		_, err := accountAt(ctx, r, id, 0)
		return err
	}
	_, err := userAt(ctx, r, id, 0)
	return err
}

// teamsOf are the teams that somebody is in himself, each once.
func teamsOf(ctx context.Context, r graph.Reader, id graph.ID) ([]graph.ID, error) {
	page, err := r.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{id}, Dir: graph.Out, Rels: []graph.Rel{RelMember}, Limit: maxTeams})
	if err != nil {
		return nil, err
	}
	if page.Next != "" {
		return nil, errs.Ef(errs.TooLarge, "Somebody is in more than %d teams.", maxTeams)
	}
	var out []graph.ID
	for _, e := range page.Edges {
		out = append(out, e.To)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// noGift keeps anybody from getting the roles of a team by way of a membership that he writes himself.
func (s *Service) noGift(ctx context.Context, tx graph.Tx, team, member graph.ID) error {
	_, held, err := membership(ctx, tx, team)
	if err != nil || len(held) == 0 {
		return err
	}
	if err := s.policy.Require(ctx, authz.Roles, authz.Everywhere, authz.Manage); err != nil {
		return err
	}
	own, err := mine(ctx, tx, member)
	if err != nil {
		return err
	}
	who := authz.From(ctx)
	if own || slices.Contains(who.Teams, string(member)) || slices.Contains(who.For, string(member)) {
		return errs.E(errs.Forbidden, "Nobody puts himself into a team that holds roles. Ask another administrator.")
	}
	return nil
}

// nests refuses a team within itself, and more than MaxNesting teams within each other.
func nests(ctx context.Context, tx graph.Tx, team, member graph.ID) error {
	above, up, err := reach(ctx, tx, team, graph.Out)
	if err != nil {
		return err
	}
	if !isA(member, teamType.Spec.Prefix) {
		return nil
	}
	if member == team || slices.Contains(above, member) {
		return errs.Bad("member", "holds this team already: a team can't be in itself.")
	}
	_, down, err := reach(ctx, tx, member, graph.In)
	if err != nil {
		return err
	}
	if up+down+2 > MaxNesting {
		return errs.Badf("member", "would make more than %d teams within each other.", MaxNesting)
	}
	return nil
}

// reach are the teams above (Out) or below (In) a team, and how far the farthest is.
func reach(ctx context.Context, r graph.Reader, team graph.ID, dir graph.Dir) ([]graph.ID, int, error) {
	sub, err := r.Traverse(ctx, graph.Walk{From: []graph.ID{team}, Dir: dir, Rels: []graph.Rel{RelMember}, Depth: MaxNesting,
		Max: graph.MaxNodes, Fields: []string{}, Keep: &graph.Keep{Kinds: []graph.Kind{teamType.Kind}}})
	if err != nil {
		return nil, 0, err
	}
	if sub.Cut {
		return nil, 0, errs.E(errs.TooLarge, "These are too many teams.")
	}
	var out []graph.ID
	far := 0
	for _, n := range sub.Nodes {
		if n.Node.ID != team {
			out = append(out, n.Node.ID)
			far = max(far, n.Depth)
		}
	}
	return out, far, nil
}
