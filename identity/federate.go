package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Claims are what an OIDC provider says of a person who has signed in there. Who he is say Issuer and Subject alone.
type Claims struct {
	Issuer, Subject    string
	Name, Email, Login string
	Groups             []string
}

// FromOIDC is the person of whom a provider speaks; at first sight he is made known. His name and address, and the teams and
// roles that come from groups, are brought up to date.
// Errors: Invalid for a provider that doesn't say who it is; Unauthenticated if he is disabled here.
func (s *Service) FromOIDC(ctx context.Context, c Claims) (User, error) {
	if c.Issuer == "" || c.Subject == "" || len(c.Issuer) > MaxText || len(c.Subject) > MaxText {
		return User{}, errs.Bad("subject", "is missing or too long: the provider doesn't say who signs in.")
	}
	c = c.clean()
	var out User
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		u, action, changes, err := s.federate(ctx, tx, c)
		if err != nil {
			return err
		}
		out = u
		more, err := s.syncGroups(ctx, tx, u, c.Groups)
		if changes = append(changes, more...); err != nil || len(changes) == 0 {
			return err
		}
		return s.record(ctx, tx, string(u.ID), action, deed{target: u.ID, changes: changes})
	})
	s.Forget()
	if err == nil && out.Disabled {
		return User{}, gone()
	}
	return out, err
}

// clean makes what the provider says fit to be kept: nobody is kept out for a name that is odd.
func (c Claims) clean() Claims {
	ck := &checker{}
	fit := func(v string, check func(field, v string) string) string {
		ck.bad = nil
		if v = check("claim", v); ck.bad != nil {
			return ""
		}
		return v
	}
	line := func(field, v string) string { return ck.text(field, v, MaxName, false, false) }
	c.Name, c.Email = fit(c.Name, line), fit(c.Email, ck.email)
	for _, login := range []string{c.Login, c.Email, "person"} {
		if c.Login = fit(login, ck.handle); c.Login != "" {
			break
		}
	}
	if c.Name == "" {
		c.Name = c.Login
	}
	return c
}

// federate finds or makes the person.
func (s *Service) federate(ctx context.Context, tx graph.Tx, c Claims) (User, string, []audit.Change, error) {
	identity := digest(c.Issuer, c.Subject)
	u, there, err := find(ctx, tx, userType, "identity", identity)
	if err != nil {
		return User{}, "", nil, err
	}
	if !there {
		login, err := freeLogin(ctx, tx, c.Login)
		if err != nil {
			return User{}, "", nil, err
		}
		u, err = put(ctx, tx, userType, newID(userType.Spec.Prefix), graph.Create, User{
			Login: login, Name: c.Name, Email: c.Email, Issuer: c.Issuer, Subject: c.Subject, Identity: identity,
		})
		return u, "identity.user-federate", u.news(), err
	}
	if u.Disabled {
		return u, "", nil, nil
	}
	changes := changed(nil, u.ID, "name", u.Name, c.Name)
	changes = changed(changes, u.ID, "email", u.Email, c.Email)
	u.Name, u.Email = c.Name, c.Email
	u, err = put(ctx, tx, userType, u.ID, graph.Upsert, u)
	return u, "identity.user-sync", changes, err
}

// freeLogin is the login that the provider proposes, with a number behind it if somebody has it: he may be another.
func freeLogin(ctx context.Context, r graph.Reader, login string) (string, error) {
	base := login[:min(len(login), MaxHandle-4)]
	for n := 1; n < 1000; n++ {
		if n > 1 {
			login = fmt.Sprintf("%s-%d", base, n)
		}
		_, there, err := find(ctx, r, userType, "login", login)
		if err != nil || !there {
			return login, err
		}
	}
	return base[:min(len(base), 30)] + "-" + base32Lower.EncodeToString(random(10)), nil
}

// propFederated marks what a role is held by: a group of the provider, which can take it away again.
const propFederated = "oidc"

// syncGroups makes the teams and roles of a person that come from groups those that his groups give him now. What he has
// here by hand stays.
func (s *Service) syncGroups(ctx context.Context, tx graph.Tx, u User, groups []string) ([]audit.Change, error) {
	if len(s.groups) == 0 || u.Disabled {
		return nil, nil
	}
	want, err := s.fromGroups(ctx, tx, u.ID, groups)
	if err != nil {
		return nil, err
	}
	page, err := tx.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{u.ID}, Dir: graph.Out, Rels: []graph.Rel{RelMember, authz.RelHolds}})
	if err != nil {
		return nil, err
	}
	var changes []audit.Change
	var gone []graph.Edge
	have := map[string]bool{}
	for _, e := range page.Edges {
		have[edgeKey(e)] = true
		if federated(e) && !slices.ContainsFunc(want, func(w graph.Edge) bool { return edgeKey(w) == edgeKey(e) }) {
			gone = append(gone, e)
			changes = append(changes, audit.Change{Asset: u.ID, Field: edgeField(e), Before: edgeWords(e)})
		}
	}
	var fresh []graph.Edge
	for _, w := range want {
		if !have[edgeKey(w)] {
			have[edgeKey(w)] = true
			fresh = append(fresh, w)
			changes = append(changes, audit.Change{Asset: u.ID, Field: edgeField(w), After: edgeWords(w)})
		}
	}
	return changes, errors.Join(tx.Unlink(ctx, graph.Time(s.now()), gone...), tx.Link(ctx, fresh...))
}

// fromGroups are the edges that groups give a person. A team or role that is not there gives none.
func (s *Service) fromGroups(ctx context.Context, tx graph.Tx, user graph.ID, groups []string) ([]graph.Edge, error) {
	var out []graph.Edge
	valid := graph.Span{Since: graph.Time(s.now())}
	for _, group := range slices.Sorted(slices.Values(groups)) {
		for _, name := range s.groups[group].Teams {
			t, ok, err := find(ctx, tx, teamType, "name", strings.ToLower(name))
			if err != nil {
				return nil, err
			}
			if ok {
				out = append(out, graph.Edge{From: user, Rel: RelMember, To: t.ID, Key: keyFederated, Valid: valid})
			}
		}
		for _, h := range s.groups[group].Roles {
			role := authz.RoleID(h.Role)
			if !graph.ValidID(role) {
				continue
			}
			nodes, err := tx.Nodes(ctx, role)
			if err != nil {
				return nil, err
			}
			if _, ok := nodes[role]; ok {
				out = append(out, graph.Edge{From: user, Rel: authz.RelHolds, To: role, Key: h.Domain, Valid: valid,
					Props: graph.Props{propFederated: true}})
			}
		}
	}
	return out, nil
}

func federated(e graph.Edge) bool {
	by, _ := e.Props[propFederated].(bool)
	return by || e.Rel == RelMember && e.Key == keyFederated
}

func edgeKey(e graph.Edge) string { return string(e.Rel) + " " + string(e.To) + " " + e.Key }

func edgeField(e graph.Edge) string {
	if e.Rel == RelMember {
		return "team"
	}
	return "role"
}

func edgeWords(e graph.Edge) string {
	if e.Rel == RelMember {
		return string(e.To)
	}
	return strings.TrimSpace(strings.TrimPrefix(string(e.To), string(authz.RoleID(""))) + " in " + e.Key)
}
