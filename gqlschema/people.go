package gqlschema

import (
	"context"

	"weir/authz"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/identity"
)

func (r *resolver) User() gen.UserResolver       { return &users{r} }
func (r *resolver) Team() gen.TeamResolver       { return &teams{r} }
func (r *resolver) Account() gen.AccountResolver { return &accounts{r} }

type (
	users    struct{ *resolver }
	teams    struct{ *resolver }
	accounts struct{ *resolver }
)

// found is nil for what is not there: a query answers null, where a command answers NOT_FOUND.
func found[T, N any](v T, err error, show func(T) *N) (*N, error) {
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return show(v), nil
}

// paged reads a page of a list of people.
func paged[T any](ctx context.Context, field string, first *int, after *string,
	read func(ctx context.Context, after string, limit int) (identity.Page[T], error),
) (window[T], error) {
	p, err := pageOf(field, first, after)
	if err != nil {
		return window[T]{}, err
	}
	got, err := read(ctx, p.after, p.limit())
	if err != nil {
		return window[T]{}, err
	}
	return windowOf(p, got.Items, got.Next), nil
}

func (q queries) Users(ctx context.Context, first *int, after *string) (*gen.UserConnection, error) {
	w, err := paged(ctx, "users", first, after, q.people.Users)
	if err != nil {
		return nil, err
	}
	out := &gen.UserConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showUser, func(at string, n *gen.User) *gen.UserEdge { return &gen.UserEdge{Cursor: at, Node: n} })
	return out, nil
}

func (q queries) User(ctx context.Context, id graph.ID) (*gen.User, error) {
	u, err := q.people.User(ctx, id)
	return found(u, err, showUser)
}

func (q queries) Teams(ctx context.Context, first *int, after *string) (*gen.TeamConnection, error) {
	w, err := paged(ctx, "teams", first, after, q.people.Teams)
	if err != nil {
		return nil, err
	}
	out := &gen.TeamConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showTeam, func(at string, n *gen.Team) *gen.TeamEdge { return &gen.TeamEdge{Cursor: at, Node: n} })
	return out, nil
}

func (q queries) Team(ctx context.Context, id graph.ID) (*gen.Team, error) {
	t, err := q.people.Team(ctx, id)
	return found(t, err, showTeam)
}

func (q queries) Accounts(ctx context.Context, first *int, after *string) (*gen.AccountConnection, error) {
	w, err := paged(ctx, "accounts", first, after, q.people.Accounts)
	if err != nil {
		return nil, err
	}
	out := &gen.AccountConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showAccount, func(at string, n *gen.Account) *gen.AccountEdge {
		return &gen.AccountEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func (q queries) Account(ctx context.Context, id graph.ID) (*gen.Account, error) {
	a, err := q.people.Account(ctx, id)
	return found(a, err, showAccount)
}

func (q queries) People(ctx context.Context, search string, first *int) ([]*gen.Member, error) {
	p, err := pageOf("people", first, nil)
	if err != nil {
		return nil, err
	}
	got, err := q.people.Find(ctx, search, p.first)
	return all(got, showMember), err
}

func (u users) Teams(ctx context.Context, user *gen.User) ([]*gen.Team, error) {
	got, err := u.people.TeamsOf(ctx, user.ID)
	return all(got, showTeam), err
}

func (u users) Roles(ctx context.Context, user *gen.User) ([]*gen.HeldRole, error) {
	return u.rolesOf(ctx, user.ID)
}

func (u users) Accounts(ctx context.Context, user *gen.User) ([]*gen.Account, error) {
	got, err := u.people.AccountsOf(ctx, user.ID)
	return all(got, showAccount), err
}

func (t teams) Roles(ctx context.Context, team *gen.Team) ([]*gen.HeldRole, error) {
	return t.rolesOf(ctx, team.ID)
}

func (t teams) Members(ctx context.Context, team *gen.Team, first *int, after *string) (*gen.MemberConnection, error) {
	w, err := paged(ctx, "members", first, after, func(ctx context.Context, after string, limit int) (identity.Page[identity.Named], error) {
		return t.people.Members(ctx, team.ID, after, limit)
	})
	if err != nil {
		return nil, err
	}
	out := &gen.MemberConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showMember, func(at string, n *gen.Member) *gen.MemberEdge { return &gen.MemberEdge{Cursor: at, Node: n} })
	return out, nil
}

func (a accounts) Roles(ctx context.Context, account *gen.Account) ([]*gen.HeldRole, error) {
	return a.rolesOf(ctx, account.ID)
}

func (r *resolver) rolesOf(ctx context.Context, id graph.ID) ([]*gen.HeldRole, error) {
	held, err := r.people.RolesOf(ctx, id)
	return all(held, showHeld), err
}

// self is who asks, as a node.
func self(ctx context.Context) graph.ID { return graph.ID(authz.From(ctx).ID) }

func (q queries) Tokens(ctx context.Context, of *graph.ID) ([]*gen.Token, error) {
	got, err := q.people.Tokens(ctx, or(of, self(ctx)))
	return all(got, q.showToken), err
}

func (q queries) Sessions(ctx context.Context) ([]*gen.Session, error) {
	got, err := q.sessions.List(ctx, self(ctx))
	current := authz.From(ctx).Session
	out := []*gen.Session{}
	for _, s := range got {
		out = append(out, &gen.Session{
			ID: s.ID, Device: s.Device, Address: s.Address, SignedInAt: s.SignedIn, SeenAt: s.Seen, ExpiresAt: s.Expires,
			IsCurrent: string(s.ID) == current,
		})
	}
	return out, err
}

func (q queries) StandIns(ctx context.Context) ([]*gen.StandIn, error) {
	got, err := q.people.StandIns(ctx, self(ctx))
	return all(got, showStandIn), err
}

func (q queries) Roles(ctx context.Context) ([]*gen.Role, error) {
	got, err := q.roles.Roles(ctx)
	return all(got, func(r authz.Role) *gen.Role { return &gen.Role{Name: r.Name, Title: r.Title, Meaning: r.Meaning} }), err
}

func (q queries) Policy(context.Context) (*gen.Policy, error) {
	if q.policy == nil {
		return nil, errs.E(errs.Unavailable, "No rules are in force here.")
	}
	rules, edits := q.policy.Rules()
	return &gen.Policy{Rules: all(rules, showRule), Edits: edits}, nil
}
