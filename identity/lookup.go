package identity

import (
	"context"

	"weir/authz"
	"weir/graph"
)

// Somebody is a person, team or account, as a workflow knows him.
type Somebody struct {
	ID       graph.ID
	Name     string     // to be shown
	Handle   string     // login of a person, name of a team or account: by what other systems know him
	Type     authz.Type // of a person or account; authz.Nobody of a team
	Team     bool
	Disabled bool
	Owner    graph.ID // of an account
	Email    string   // of a person
}

// Lookup finds people, teams and accounts by their ids; what is none of them, or deleted, is absent. It asks for no right.
func Lookup(ctx context.Context, r graph.Reader, ids ...graph.ID) (map[graph.ID]Somebody, error) {
	var known []graph.ID
	for _, id := range ids {
		if isA(id, userType.Spec.Prefix) || isA(id, teamType.Spec.Prefix) || isA(id, accountType.Spec.Prefix) {
			known = append(known, id)
		}
	}
	if len(known) == 0 {
		return map[graph.ID]Somebody{}, nil
	}
	nodes, err := r.Nodes(ctx, known...)
	if err != nil {
		return nil, err
	}
	out := map[graph.ID]Somebody{}
	for id, n := range nodes {
		s, ok, err := somebody(n)
		if err != nil {
			return nil, err
		}
		if ok {
			out[id] = s
		}
	}
	return out, nil
}

func somebody(n graph.Node) (Somebody, bool, error) {
	switch n.Kind {
	case userType.Kind:
		u, err := userType.Read(n)
		return Somebody{ID: u.ID, Name: u.Name, Handle: u.Login, Type: authz.Person, Disabled: u.Disabled, Email: u.Email}, true, broken(err)
	case teamType.Kind:
		t, err := teamType.Read(n)
		return Somebody{ID: t.ID, Name: t.Title, Handle: t.Name, Team: true}, !t.Deleted, broken(err)
	case accountType.Kind:
		a, err := accountType.Read(n)
		return Somebody{ID: a.ID, Name: a.Name, Handle: a.Name, Type: a.Type, Disabled: a.Disabled, Owner: a.Owner}, true, broken(err)
	}
	return Somebody{}, false, nil
}

// Standing is what somebody is in and holds, himself or through teams: the teams, nested ones included, and the roles. What he
// holds by standing in for another is not counted. It asks for no right.
func Standing(ctx context.Context, r graph.Reader, id graph.ID) (teams []graph.ID, roles []authz.Held, err error) {
	above, err := teamsAbove(ctx, r, id)
	if err != nil {
		return nil, nil, err
	}
	roles, err = authz.HeldBy(ctx, r, append(above, id)...)
	return above, roles, err
}
