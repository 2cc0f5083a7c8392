package web_test

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	"weir/graph/sqlite"
	"weir/identity"
	"weir/identity/session"
	"weir/marketplace"
	"weir/web"
)

// town is a world with people in it: an administrator, a steward of the domain care, and somebody without a role.
type town struct {
	*world
	identity *identity.Service
	policy   *authz.Policy
	rights   *authz.Service
	market   *marketplace.Service
	now      time.Time
	site     *web.Site
	ids      map[string]graph.ID
}

const townPassword = "a gate in the quiet river"

// newTown is a town with its people.
func newTown(t *testing.T, change ...func(*web.Options)) *town {
	t.Helper()
	v := emptyTown(t, change...)
	v.tellJSON(careEvent())
	v.settle()
	return v
}

// emptyTown is a town in which nobody lives yet.
func emptyTown(t *testing.T, change ...func(*web.Options)) *town {
	t.Helper()
	schema, err := graph.Merge(catalog.Schema(), audit.Schema(), authz.Schema(), identity.Schema(), session.Schema(), marketplace.Schema())
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), schema, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := &town{world: &world{t: t, store: &counting{Store: store}}, now: noon, ids: map[string]graph.ID{}}
	clock := func() time.Time { return v.now }
	if err := authz.Install(t.Context(), store, noon); err != nil {
		t.Fatal(err)
	}
	if v.policy, err = authz.NewPolicy(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	remembering := web.Remember(v.store)
	v.catalog = catalog.New(remembering, clock).Guarded(v.policy)
	v.identity = identity.New(store, v.policy, identity.Options{Now: clock})
	v.rights = &authz.Service{Store: store, Policy: v.policy, Now: clock}
	v.market = marketplace.New(store, v.policy, marketplace.Options{Now: clock})
	intake := catalog.NewIntake(v.catalog)
	t.Cleanup(func() {
		intake.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	o := web.Options{
		Catalog: v.catalog, Lineage: lineage.New(remembering, clock).Guarded(v.policy), Intake: intake, Ready: store.Ready, Now: clock, Market: v.market,
		Identity: v.identity, Policy: v.policy, Sessions: session.New(session.Options{Store: store, Policy: v.policy, Now: clock}),
	}
	for _, c := range change {
		c(&o)
	}
	v.site = web.New(o)
	v.handler = v.site.Handler()
	return v
}

// careEvent is a dataset in the domain care.
func careEvent() map[string]any {
	return map[string]any{
		"eventTime": "2026-06-14T12:00:00Z", "producer": "https://example.org/test", "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent",
		"dataset": map[string]any{"namespace": "care-db", "name": "tickets"},
	}
}

// settle lets the people in.
func (v *town) settle() {
	v.t.Helper()
	op := authz.With(v.t.Context(), authz.Operator)
	for login, name := range map[string]string{"ann": "Ann Admin", "bo": "Bo Steward", "cy": "Cy Nobody"} {
		u, err := v.identity.CreateUser(op, identity.NewUser{Login: login, Name: name, Email: login + "@halden.example", Password: townPassword})
		if err != nil {
			v.t.Fatal(err)
		}
		v.ids[login] = u.ID
	}
	if _, err := v.identity.CreateTeam(op, identity.NewTeam{Name: "desk", Title: "Service desk"}); err != nil {
		v.t.Fatal(err)
	}
	for _, c := range []authz.RoleChange{
		{Subject: v.ids["ann"], Role: authz.Admin, Domain: authz.Everywhere}, {Subject: v.ids["bo"], Role: authz.Steward, Domain: authz.NoDomain},
	} {
		if err := v.rights.GrantRole(op, c); err != nil {
			v.t.Fatal(err)
		}
	}
}

// reader is a browser in which somebody is signed in.
type reader struct {
	*town
	cookie string
}

// as signs somebody in.
func (v *town) as(login string) *reader {
	v.t.Helper()
	a := v.send(http.MethodPost, "/sign-in", url.Values{"login": {login}, "password": {townPassword}})
	if a.status != http.StatusSeeOther {
		v.t.Fatalf("%s can't sign in: status %d: %.300s", login, a.status, a.body)
	}
	return &reader{v, cookieOf(v.t, a)}
}

// cookieOf is the session's cookie in an answer.
func cookieOf(t *testing.T, a answer) string {
	t.Helper()
	for _, line := range a.header.Values("Set-Cookie") {
		if name, rest, _ := strings.Cut(line, "="); name == "__Host-weir" {
			value, _, _ := strings.Cut(rest, ";")
			return value
		}
	}
	t.Fatalf("no session in %v", a.header)
	return ""
}

func (r *reader) do(method, address string, form url.Values) answer {
	r.t.Helper()
	a := r.send(method, address, form, func(q *http.Request) {
		q.AddCookie(&http.Cookie{Name: "__Host-weir", Value: r.cookie})
	})
	for _, line := range a.header.Values("Set-Cookie") {
		if strings.HasPrefix(line, "__Host-weir=") {
			r.cookie = cookieOf(r.t, a)
		}
	}
	return a
}

// page is a page that has to be there.
func (r *reader) page(address string) *html.Node {
	r.t.Helper()
	a := r.do(http.MethodGet, address, nil)
	if a.status != http.StatusOK {
		r.t.Fatalf("%s: status %d: %.400s", address, a.status, a.body)
	}
	return parse(r.t, a.body)
}

// post sends a form, and expects a status.
func (r *reader) post(address string, form url.Values, want int) answer {
	r.t.Helper()
	a := r.do(http.MethodPost, address, form)
	if a.status != want {
		r.t.Fatalf("%s: status %d, want %d, to %s: %.2000s", address, a.status, want, a.header.Get("Location"), textOf(parse(r.t, a.body)))
	}
	return a
}

// says fails unless a page says all of it.
func says(t *testing.T, page *html.Node, all ...string) {
	t.Helper()
	text := textOf(page)
	for _, want := range all {
		if !strings.Contains(text, want) {
			t.Errorf("the page doesn't say %q: %.1500s", want, text)
		}
	}
}

// lastAction is the newest entry of the log that is about an area, with "!" where it was refused.
func (v *town) lastAction(area string) string {
	v.t.Helper()
	entries, err := audit.Since(context.Background(), v.store, 0, 1000)
	if err != nil {
		v.t.Fatal(err)
	}
	last := ""
	for _, e := range entries {
		if strings.HasPrefix(e.Action, area) {
			last = e.Action
			if e.Decision == audit.Denied {
				last = "!" + last
			}
		}
	}
	return last
}
