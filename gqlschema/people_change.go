package gqlschema

import (
	"context"
	"slices"

	"weir/authz"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// shownAfter shows what a command has made, or its error.
func shownAfter[T, N any](v T, err error, show func(T) *N) (*N, error) {
	if err != nil {
		return nil, err
	}
	return show(v), nil
}

// CreateUser is the command behind the form for somebody new.
func (m mutations) CreateUser(ctx context.Context, in gen.CreateUserInput) (*gen.User, error) {
	u, err := m.people.CreateUser(ctx, identity.NewUser{Login: in.Login, Name: in.Name, Email: or(in.Email, ""), Password: or(in.Password, "")})
	return shownAfter(u, err, showUser)
}

func (m mutations) EditProfile(ctx context.Context, in gen.EditProfileInput) (*gen.User, error) {
	u, err := m.people.EditUser(ctx, or(in.ID, self(ctx)), identity.UserEdit{Version: int64(or(in.Version, 0)), Name: in.Name, Email: in.Email})
	return shownAfter(u, err, showUser)
}

func (m mutations) ChangePassword(ctx context.Context, old, fresh string) (bool, error) {
	err := m.people.ChangePassword(ctx, old, fresh, addressOf(ctx))
	return err == nil, err
}

func (m mutations) DisableUser(ctx context.Context, id graph.ID) (*gen.User, error) {
	return m.userAfter(ctx, id, m.people.DisableUser(ctx, id))
}

func (m mutations) EnableUser(ctx context.Context, id graph.ID) (*gen.User, error) {
	return m.userAfter(ctx, id, m.people.EnableUser(ctx, id))
}

func (m mutations) userAfter(ctx context.Context, id graph.ID, err error) (*gen.User, error) {
	if err != nil {
		return nil, err
	}
	u, err := m.people.User(ctx, id)
	return shownAfter(u, err, showUser)
}

func (m mutations) CreateTeam(ctx context.Context, in gen.CreateTeamInput) (*gen.Team, error) {
	t, err := m.people.CreateTeam(ctx, identity.NewTeam{Name: in.Name, Title: or(in.Title, ""), Description: or(in.Description, "")})
	return shownAfter(t, err, showTeam)
}

func (m mutations) EditTeam(ctx context.Context, in gen.EditTeamInput) (*gen.Team, error) {
	t, err := m.people.EditTeam(ctx, in.ID, identity.TeamEdit{Version: int64(or(in.Version, 0)), Title: in.Title, Description: in.Description})
	return shownAfter(t, err, showTeam)
}

func (m mutations) DeleteTeam(ctx context.Context, id graph.ID) (graph.ID, error) {
	return id, m.people.DeleteTeam(ctx, id)
}

func (m mutations) AddMember(ctx context.Context, team, member graph.ID) (*gen.Team, error) {
	return m.teamAfter(ctx, team, m.people.AddMember(ctx, team, member))
}

func (m mutations) RemoveMember(ctx context.Context, team, member graph.ID) (*gen.Team, error) {
	return m.teamAfter(ctx, team, m.people.RemoveMember(ctx, team, member))
}

func (m mutations) teamAfter(ctx context.Context, id graph.ID, err error) (*gen.Team, error) {
	if err != nil {
		return nil, err
	}
	t, err := m.people.Team(ctx, id)
	return shownAfter(t, err, showTeam)
}

func (m mutations) CreateAccount(ctx context.Context, in gen.CreateAccountInput) (*gen.Account, error) {
	n := identity.NewAccount{Name: in.Name, Type: accountType(in.Type), Owner: or(in.Owner, self(ctx)), Purpose: or(in.Purpose, "")}
	if err := m.direct(ctx, marketplace.AgentAct{Name: n.Name, Type: n.Type, Owner: n.Owner, Purpose: n.Purpose}); err != nil {
		return nil, err
	}
	a, err := m.people.CreateAccount(ctx, n)
	return shownAfter(a, err, showAccount)
}

func (m mutations) DisableAccount(ctx context.Context, id graph.ID) (*gen.Account, error) {
	return m.accountAfter(ctx, id, m.people.DisableAccount(ctx, id))
}

func (m mutations) EnableAccount(ctx context.Context, id graph.ID) (*gen.Account, error) {
	return m.accountAfter(ctx, id, m.people.EnableAccount(ctx, id))
}

func (m mutations) accountAfter(ctx context.Context, id graph.ID, err error) (*gen.Account, error) {
	if err != nil {
		return nil, err
	}
	a, err := m.people.Account(ctx, id)
	return shownAfter(a, err, showAccount)
}

// CreateToken answers with the text of the token, once.
func (m mutations) CreateToken(ctx context.Context, in gen.CreateTokenInput) (*gen.CreateTokenPayload, error) {
	t, secret, err := m.people.CreateToken(ctx, identity.NewToken{
		Principal: or(in.Of, ""), Name: in.Name, Scopes: in.Scopes, Namespaces: in.Namespaces, Expires: at(in.ExpiresAt),
	})
	if err != nil {
		return nil, err
	}
	return &gen.CreateTokenPayload{Token: m.showToken(t), Secret: secret}, nil
}

func (m mutations) RevokeToken(ctx context.Context, id graph.ID) (graph.ID, error) {
	return id, m.people.RevokeToken(ctx, id)
}

func (m mutations) RevokeSession(ctx context.Context, id graph.ID) (graph.ID, error) {
	return id, m.sessions.Revoke(ctx, self(ctx), id)
}

func (m mutations) GrantRole(ctx context.Context, subject graph.ID, role, domain string) ([]*gen.HeldRole, error) {
	if err := m.direct(ctx, marketplace.RoleAct{Subject: subject, Role: role, Domain: domain}); err != nil {
		return nil, err
	}
	return m.rolesAfter(ctx, subject, m.roles.GrantRole(ctx, authz.RoleChange{Subject: subject, Role: role, Domain: domain}))
}

func (m mutations) RevokeRole(ctx context.Context, subject graph.ID, role, domain string) ([]*gen.HeldRole, error) {
	if err := m.direct(ctx, marketplace.RoleAct{Subject: subject, Role: role, Domain: domain, Take: true}); err != nil {
		return nil, err
	}
	return m.rolesAfter(ctx, subject, m.roles.RevokeRole(ctx, authz.RoleChange{Subject: subject, Role: role, Domain: domain}))
}

func (m mutations) rolesAfter(ctx context.Context, subject graph.ID, err error) ([]*gen.HeldRole, error) {
	if err != nil {
		return nil, err
	}
	m.people.Forget() // what was known of whom the change is about
	return m.rolesOf(ctx, subject)
}

func (m mutations) SetPolicy(ctx context.Context, edits int, in []*gen.RuleInput) (*gen.Policy, error) {
	rules := rulesOf(in)
	if err := m.directRules(ctx, edits, rules); err != nil {
		return nil, err
	}
	if err := m.roles.SetRules(ctx, edits, rules); err != nil {
		return nil, err
	}
	return queries(m).Policy(ctx)
}

// directRules refuses new rules that need a second person here.
func (m mutations) directRules(ctx context.Context, edits int, rules []authz.Rule) error {
	if m.policy == nil {
		return nil
	}
	before, _ := m.policy.Rules()
	act := marketplace.RulesAct{Edits: edits}
	for _, r := range before {
		if !slices.Contains(rules, r) {
			act.Drop = append(act.Drop, r)
		}
	}
	for _, r := range rules {
		if !slices.Contains(before, r) {
			act.Add = append(act.Add, r)
		}
	}
	return m.direct(ctx, act)
}

func (m mutations) StandIn(ctx context.Context, in gen.StandInInput) (*gen.StandIn, error) {
	s, err := m.people.NameStandIn(ctx, identity.NewStandIn{
		From: or(in.From, ""), To: in.To, Since: at(in.Since), Until: in.Until, Reason: or(in.Reason, ""),
	})
	return shownAfter(s, err, showStandIn)
}

func (m mutations) EndStandIn(ctx context.Context, id graph.ID) (graph.ID, error) {
	return id, m.people.EndStandIn(ctx, id)
}
