package gqlschema

import (
	"context"
	"slices"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/identity/session"
)

// recheck tells who somebody is by now that was let in some time ago. Errors: Unauthenticated if he would not be let in
// again: the account is disabled, the session over, the token revoked or expired.
func (r *resolver) recheck(ctx context.Context, was authz.Principal) (authz.Principal, error) {
	switch {
	case was.Type == authz.Machine:
		return was, nil
	case was.Token != "":
		return r.recheckToken(ctx, was)
	}
	return r.recheckSession(ctx, was)
}

func (r *resolver) recheckToken(ctx context.Context, was authz.Principal) (authz.Principal, error) {
	list, err := r.people.Tokens(authz.With(ctx, authz.Operator), graph.ID(was.ID)) // the token itself may not look at tokens
	if err != nil {
		return authz.Principal{}, err
	}
	good := func(t identity.Token) bool { return string(t.ID) == was.Token && t.Good(time.Now()) }
	if !slices.ContainsFunc(list, good) {
		return authz.Principal{}, errs.E(errs.Unauthenticated, "The token is no longer good.")
	}
	now, err := r.people.PrincipalOf(ctx, graph.ID(was.ID))
	now.Token, now.Scopes, now.Namespaces = was.Token, was.Scopes, was.Namespaces
	return now, err
}

func (r *resolver) recheckSession(ctx context.Context, was authz.Principal) (authz.Principal, error) {
	list, err := r.sessions.List(authz.With(ctx, authz.Operator), graph.ID(was.ID))
	if err != nil {
		return authz.Principal{}, err
	}
	if !slices.ContainsFunc(list, func(s session.Session) bool { return string(s.ID) == was.Session }) {
		return authz.Principal{}, errs.E(errs.Unauthenticated, "The session is over.")
	}
	now, err := r.people.SessionPrincipal(ctx, graph.ID(was.ID), was.SignedInAt)
	now.Session = was.Session
	return now, err
}
