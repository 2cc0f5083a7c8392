package gqlschema

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"weir/authz"
	"weir/identity"
	"weir/identity/session"
)

// Some principals.
var (
	member  = authz.Principal{ID: "usr_member", Name: "Mia", Type: authz.Person}
	steward = authz.Principal{ID: "usr_steward", Name: "Stan", Type: authz.Person, Roles: []authz.Held{{Role: authz.Steward, Domain: authz.Everywhere}}}
	auditor = authz.Principal{ID: "usr_auditor", Name: "Aud", Type: authz.Person, Roles: []authz.Held{{Role: authz.Auditor, Domain: authz.Everywhere}}}
	admin   = authz.Principal{ID: "usr_admin", Name: "Ada", Type: authz.Person, Roles: []authz.Held{{Role: authz.Admin, Domain: authz.Everywhere}}}
)

// token is what somebody may do with a token of these scopes.
func token(p authz.Principal, scopes ...string) authz.Principal {
	p.Token, p.Scopes = "tok_1", slices.Clone(scopes)
	return p
}

// newGuardedWorld is a world in which rules hold.
func newGuardedWorld(t testing.TB) *world {
	t.Helper()
	return newWorld(t).guarded(t)
}

// guarded makes rules hold in a world.
func (w *world) guarded(t testing.TB) *world {
	t.Helper()
	if err := authz.Install(t.Context(), w.store, time.Now()); err != nil {
		t.Fatal(err)
	}
	policy, err := authz.NewPolicy(t.Context(), w.store)
	if err != nil {
		t.Fatal(err)
	}
	w.options.Policy = policy
	w.options.Catalog, w.options.Lineage = w.options.Catalog.Guarded(policy), w.options.Lineage.Guarded(policy)
	w.options.People = identity.New(w.store, policy, identity.Options{})
	w.options.Roles = &authz.Service{Store: w.store, Policy: policy, Now: time.Now}
	w.options.Sessions = session.New(session.Options{Store: w.store, Policy: policy})
	w.Handler = Handler(w.options)
	return w
}

// as is the world as somebody finds it.
func (w *world) as(who authz.Principal) *world {
	out := *w
	out.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.ServeHTTP(rw, r.WithContext(authz.With(r.Context(), who)))
	})
	return &out
}

// body is a request.
func body(t testing.TB, query string, variables map[string]any) string {
	t.Helper()
	b, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
