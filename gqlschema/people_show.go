package gqlschema

import (
	"strings"
	"time"

	"weir/authz"
	"weir/gqlschema/gen"
	"weir/identity"
)

func showUser(u identity.User) *gen.User {
	return &gen.User{
		ID: u.ID, Login: u.Login, Name: u.Name, Email: text(u.Email), IsLocal: u.Local, PasswordDue: u.PasswordDue,
		IsDisabled: u.Disabled, Version: int(u.Version), CreatedAt: u.Created,
	}
}

func showTeam(t identity.Team) *gen.Team {
	return &gen.Team{ID: t.ID, Name: t.Name, Title: t.Title, Description: text(t.Description), Version: int(t.Version), CreatedAt: t.Created}
}

func showAccount(a identity.Account) *gen.Account {
	return &gen.Account{
		ID: a.ID, Name: a.Name, Type: gen.AccountType(strings.ToUpper(string(a.Type))), Owner: ref(a.Owner), Purpose: text(a.Purpose),
		IsDisabled: a.Disabled, Version: int(a.Version), CreatedAt: a.Created,
	}
}

func accountType(t gen.AccountType) authz.Type { return authz.Type(strings.ToLower(string(t))) }

func showMember(n identity.Named) *gen.Member {
	return &gen.Member{ID: n.ID, Kind: gen.MemberKind(strings.ToUpper(n.Kind)), Name: n.Name, Detail: n.Detail, IsDisabled: n.Disabled}
}

func (r *resolver) showToken(t identity.Token) *gen.Token {
	return &gen.Token{
		ID: t.ID, Name: t.Name, Principal: t.Principal, Scopes: append([]string{}, t.Scopes...),
		Namespaces: append([]string{}, t.Namespaces...), CreatedAt: t.Created, ExpiresAt: t.Expires, UsedAt: when(t.Used),
		RevokedAt: when(t.Revoked), IsGood: t.Good(time.Now()),
	}
}

func showStandIn(s identity.StandIn) *gen.StandIn {
	return &gen.StandIn{ID: s.ID, From: s.From, To: s.To, Since: s.Since, Until: s.Until, EndedAt: when(s.Ended), Reason: text(s.Reason)}
}
