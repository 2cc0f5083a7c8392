package identity

import (
	"context"
	"time"

	"weir/authz"
	"weir/graph"
)

var zeroTime time.Time

// Named is a person, a team or an account, as lists of all three show them.
type Named struct {
	ID       graph.ID
	Name     string // to be shown
	Detail   string // login, or name of a team
	Kind     string // "user", "team", "account"
	Disabled bool
}

// named reads what lists show; its ID is empty for what is none of the three or deleted.
func named(n graph.Node) (Named, error) {
	switch n.Kind {
	case userType.Kind:
		u, err := userType.Read(n)
		return Named{ID: u.ID, Name: u.Name, Detail: u.Login, Kind: "user", Disabled: u.Disabled}, broken(err)
	case teamType.Kind:
		t, err := teamType.Read(n)
		if t.Deleted {
			return Named{}, nil
		}
		return Named{ID: t.ID, Name: t.Title, Detail: t.Name, Kind: "team"}, broken(err)
	case accountType.Kind:
		a, err := accountType.Read(n)
		return Named{ID: a.ID, Name: a.Name, Detail: string(a.Type), Kind: "account", Disabled: a.Disabled}, broken(err)
	}
	return Named{}, nil
}

// Members are those who are in a team themselves, the newest members first. Errors: Forbidden, NotFound.
func (s *Service) Members(ctx context.Context, team graph.ID, after string, limit int) (Page[Named], error) {
	if err := s.mayLook(ctx); err != nil {
		return Page[Named]{}, err
	}
	if _, err := teamAt(ctx, s.store, team, 0); err != nil {
		return Page[Named]{}, err
	}
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{team}, Dir: graph.In, Rels: []graph.Rel{RelMember}, After: after, Limit: limit})
	if err != nil || len(page.Edges) == 0 {
		return Page[Named]{}, err
	}
	var ids []graph.ID
	seen := map[graph.ID]bool{}
	for _, e := range page.Edges {
		if !seen[e.From] { // who is in it by hand and by a group of the provider is in it once
			ids = append(ids, e.From)
		}
		seen[e.From] = true
	}
	nodes, err := s.store.Nodes(ctx, ids...)
	if err != nil {
		return Page[Named]{}, err
	}
	out := Page[Named]{Next: page.Next}
	for _, id := range ids {
		n, err := named(nodes[id])
		if err != nil {
			return Page[Named]{}, err
		}
		if n.ID != "" {
			out.Items = append(out.Items, n)
		}
	}
	return out, nil
}

// Names are what to show for the ids of people, teams, accounts and the operator; what is none of them, or gone, is absent. It asks for no
// right: whoever may see an id may see the name.
func (s *Service) Names(ctx context.Context, ids ...graph.ID) (map[graph.ID]string, error) {
	var known []graph.ID
	out := map[graph.ID]string{}
	for _, id := range ids {
		if string(id) == authz.Operator.ID {
			out[id] = authz.Operator.Name
		}
		if isA(id, userType.Spec.Prefix) || isA(id, teamType.Spec.Prefix) || isA(id, accountType.Spec.Prefix) {
			known = append(known, id)
		}
	}
	if len(known) == 0 {
		return out, nil
	}
	nodes, err := s.store.Nodes(ctx, known...)
	if err != nil {
		return nil, err
	}
	for id, node := range nodes {
		n, err := named(node)
		if err != nil {
			return nil, err
		}
		if n.ID != "" {
			out[id] = n.Name
		}
	}
	return out, nil
}
