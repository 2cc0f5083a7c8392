package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"weir/audit/ledger"
	"weir/authz"
	"weir/identity"
	"weir/identity/oidc"
	"weir/identity/session"
	"weir/web"
)

// everything switches on what not every server has.
func everything(o *web.Options) {
	o.Playground = true
	o.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
}

func TestEveryRouteHasARule(t *testing.T) {
	o := web.Options{Log: &ledger.Service{}, Provider: &oidc.Provider{}, Identity: &identity.Service{}, Sessions: &session.Manager{}, Policy: &authz.Policy{}}
	everything(&o)
	for _, pattern := range web.New(o).Unruled() {
		t.Errorf("%s: no rule says who may use it", pattern)
	}
}

// TestNobodyPassesByDefault: a site that was told nothing of identity lets nobody in.
func TestNobodyPassesByDefault(t *testing.T) {
	var site *web.Site
	w := newWorld(t, everything, func(o *web.Options) {
		o.Trust = false
		site = web.New(*o)
	})
	openTo := []string{"GET /healthz", "GET /readyz", "GET /static/", "GET /sign-in", "POST /sign-in", "POST /sign-in/demo", "POST /sign-out",
		"POST /settings/theme", "POST /settings/keys", "GET /welcome", "POST /welcome", "/", "/graphql"}
	for _, pattern := range site.Patterns() {
		if slices.Contains(openTo, pattern) {
			continue
		}
		method, path := methodAndPath(pattern)
		a := w.send(method, path, nil)
		sent := a.status == http.StatusSeeOther && strings.HasPrefix(a.header.Get("Location"), "/sign-in")
		if refused := a.status == http.StatusUnauthorized && a.header.Get("WWW-Authenticate") != ""; !sent && !refused {
			t.Errorf("%s: status %d", pattern, a.status)
		}
	}
}

// methodAndPath makes a request of a pattern, with ids that exist nowhere.
func methodAndPath(pattern string) (method, path string) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		method, path = http.MethodGet, pattern
	}
	return method, strings.NewReplacer("{id}", "x~ds_none", "{column}", "col_none", "{$}", "").Replace(path)
}
