package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/identity/session"
	"weir/web"
)

func form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func TestSignIn(t *testing.T) {
	v := newTown(t)
	if a := v.get("/domains?sort=name"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/sign-in?next=%2Fdomains%3Fsort%3Dname" {
		t.Fatalf("status %d to %q", a.status, a.header.Get("Location"))
	}
	page := v.ok("/sign-in?next=/domains")
	if got := formOf(t, page, "/sign-in").Get("next"); got != "/domains" {
		t.Errorf("next is %q", got)
	}
	for _, wrong := range []url.Values{
		form("login", "bo", "password", "not the password"), form("login", "nobody", "password", townPassword), form(),
	} {
		a := v.send(http.MethodPost, "/sign-in", wrong)
		if a.status != http.StatusUnauthorized || a.header.Get("Set-Cookie") != "" || strings.Contains(a.body, "not the password") {
			t.Errorf("%v: status %d, cookie %q", wrong, a.status, a.header.Get("Set-Cookie"))
		}
	}
	if got := v.lastAction("identity.sign-in"); got != "!identity.sign-in-refused" {
		t.Errorf("the log says %q", got)
	}
	a := v.send(http.MethodPost, "/sign-in", form("login", "bo", "password", townPassword, "next", "/domains"))
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/domains" {
		t.Fatalf("status %d to %q", a.status, a.header.Get("Location"))
	}
	bo := &reader{v, cookieOf(t, a)}
	bo.page("/domains")
	if a := bo.do(http.MethodGet, "/sign-in?next=/lineage", nil); a.header.Get("Location") != "/lineage" {
		t.Errorf("who is signed in is asked again: %q", a.header.Get("Location"))
	}
	old := *bo
	if a := bo.do(http.MethodPost, "/sign-out", form()); a.status != http.StatusSeeOther {
		t.Errorf("sign-out: status %d", a.status)
	}
	if a := old.do(http.MethodGet, "/domains", nil); a.status != http.StatusSeeOther {
		t.Errorf("after sign-out: status %d", a.status)
	}
	if got := v.lastAction("identity.sign"); got != "identity.sign-out" {
		t.Errorf("the log says %q", got)
	}
}

// TestSignIn_Throttled: guessing is slowed down, and says when to go on.
func TestSignIn_Throttled(t *testing.T) {
	v := newTown(t)
	for range 10 {
		a := v.send(http.MethodPost, "/sign-in", form("login", "bo", "password", "wrong"))
		if a.status == http.StatusTooManyRequests {
			if a.header.Get("Retry-After") == "" || a.header.Get("Set-Cookie") != "" {
				t.Errorf("%v", a.header)
			}
			return
		}
	}
	t.Error("ten wrong passwords in a row are all looked at")
}

// TestNext leads nowhere else, whatever the address says.
func TestNext(t *testing.T) {
	v := newTown(t)
	for next, want := range map[string]string{
		"":                                   "/",
		"/":                                  "/",
		"/domains":                           "/domains",
		"/search?q=a%20b&page=2":             "/search?q=a%20b&page=2",
		"/search?q=//evil.example":           "/search?q=//evil.example",
		"//evil.example":                     "/",
		"///evil.example":                    "/",
		"/\\evil.example":                    "/",
		"\\\\evil.example":                   "/",
		"/\t/evil.example":                   "/",
		"/\n/evil.example":                   "/",
		"/\r\nSet-Cookie: a=b":               "/",
		"https://evil.example":               "/",
		"https:evil.example":                 "/",
		"https:///evil.example":              "/",
		"http:/evil.example":                 "/",
		"javascript:alert(1)":                "/",
		"data:text/html,x":                   "/",
		"evil.example":                       "/",
		" /domains":                          "/",
		" //evil.example":                    "/",
		"@evil.example":                      "/",
		"/..//evil.example":                  "/",
		"/.//evil.example":                   "/",
		"/%2e%2e//evil.example":              "/",
		"/%09/evil.example":                  "/%09/evil.example", // the browser doesn't decode it
		"/sign-in?next=/sign-in":             "/",
		"/sign-out":                          "/",
		"/welcome":                           "/",
		"/" + strings.Repeat("a", 4<<10):     "/",
		"/domains#x":                         "/domains#x",
		"?q=1":                               "/",
		"/domains\x00":                       "/",
		"/ｅvil":                              "/ｅvil",
		"http://user@example.com@evil.test/": "/",
	} {
		a := v.send(http.MethodPost, "/sign-in", form("login", "bo", "password", townPassword, "next", next))
		got, err := url.PathUnescape(a.header.Get("Location"))
		wanted, err2 := url.PathUnescape(want)
		if a.status != http.StatusSeeOther || err != nil || err2 != nil || got != wanted {
			t.Errorf("%q leads to %q", next, a.header.Get("Location"))
		}
	}
}

func TestScriptsAreSentToSignIn(t *testing.T) {
	v := newTown(t)
	a := v.send(http.MethodGet, "/search/suggest?q=a", nil, func(r *http.Request) {
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Current-URL", "https://evil.example/search?q=x")
	})
	if a.status != http.StatusUnauthorized || a.header.Get("HX-Redirect") != "/sign-in?next=%2Fsearch%3Fq%3Dx" {
		t.Errorf("status %d, %q", a.status, a.header.Get("HX-Redirect"))
	}
}

func TestProgramsAreTold(t *testing.T) {
	v := newTown(t)
	for _, path := range []string{"/api/v1/lineage", "/api/v1/lineage/batch"} {
		a := v.send(http.MethodPost, path, nil)
		if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") != `Bearer realm="weir"` ||
			a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: status %d, %v", path, a.status, a.header)
		}
	}
}

// TestAgain: what is sensitive asks for a proof that is not older than five minutes.
func TestAgain(t *testing.T) {
	v := newTown(t)
	bo := v.as("bo")
	mint := form("name", "mine", "scopes", authz.ScopeRead, "days", "30")
	v.now = v.now.Add(6 * time.Minute)
	a := bo.do(http.MethodPost, "/settings/tokens", mint)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/sign-in/again?next=") {
		t.Fatalf("status %d to %q", a.status, a.header.Get("Location"))
	}
	says(t, bo.page(a.header.Get("Location")), "Is it you", "Bo Steward")
	before := bo.cookie
	bo.post("/sign-in/again", form("password", "wrong", "next", "/settings/tokens"), http.StatusUnauthorized)
	if got := bo.do(http.MethodPost, "/settings/tokens", mint); got.status != http.StatusSeeOther {
		t.Fatalf("a wrong password is enough: status %d", got.status)
	}
	v.now = v.now.Add(2 * time.Second) // the throttle lets the next try through
	a = bo.post("/sign-in/again", form("password", townPassword, "next", "/settings/tokens"), http.StatusSeeOther)
	if a.header.Get("Location") != "/settings/tokens" || bo.cookie == before {
		t.Errorf("to %q, the cookie changed: %v", a.header.Get("Location"), bo.cookie != before)
	}
	if got := bo.do(http.MethodPost, "/settings/tokens", mint); strings.HasPrefix(got.header.Get("Location"), "/sign-in") {
		t.Errorf("status %d to %q", got.status, got.header.Get("Location"))
	}
}

// TestPeopleOfTheDemo are one click away at this machine, and not there at all from elsewhere.
func TestPeopleOfTheDemo(t *testing.T) {
	var site *web.Options
	v := newTown(t, func(o *web.Options) { site = o })
	o := *site
	o.People = []web.Somebody{{ID: v.ids["bo"], Name: "Bo Steward", Role: "Keeps the metadata right"}}
	v.handler = web.New(o).Handler()
	here := func(r *http.Request) { r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:4000" }
	for name, from := range map[string]func(*http.Request){
		"elsewhere":      func(*http.Request) {},
		"a name pointed": func(r *http.Request) { r.Host, r.RemoteAddr = "evil.example:8080", "127.0.0.1:4000" },
	} {
		page := v.send(http.MethodGet, "/sign-in", nil, from)
		a := v.send(http.MethodPost, "/sign-in/demo", form("user", string(v.ids["bo"])), from)
		if strings.Contains(page.body, "Bo Steward") || a.status != http.StatusNotFound || a.header.Get("Set-Cookie") != "" {
			t.Errorf("from %s: status %d, cookie %q", name, a.status, a.header.Get("Set-Cookie"))
		}
	}
	says(t, parse(t, v.send(http.MethodGet, "/sign-in", nil, here).body), "Bo Steward", "Keeps the metadata right")
	if a := v.send(http.MethodPost, "/sign-in/demo", form("user", string(v.ids["ann"])), here); a.status != http.StatusNotFound {
		t.Errorf("somebody who is not of the demo: status %d", a.status)
	}
	a := v.send(http.MethodPost, "/sign-in/demo", form("user", string(v.ids["bo"]), "next", "/domains"), here)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/domains" || !strings.HasPrefix(a.header.Get("Set-Cookie"), "weir=") {
		t.Errorf("status %d, %v", a.status, a.header)
	}
}

func TestWelcome(t *testing.T) {
	v := emptyTown(t)
	if a := v.get("/sign-in"); a.header.Get("Location") != "/welcome" {
		t.Fatalf("a new program leads to %q", a.header.Get("Location"))
	}
	code, err := v.identity.NewSetupCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	good := form("code", code, "login", "ann", "name", "Ann Admin", "password", townPassword)
	for field, value := range map[string]string{"code": "wrong", "password": "short", "login": "", "name": ""} {
		bad := form()
		for k := range good {
			bad.Set(k, good.Get(k))
		}
		bad.Set(field, value)
		a := v.send(http.MethodPost, "/welcome", bad)
		page := parse(t, a.body)
		if a.status < 400 || a.status >= 500 || len(find(page, "input", "aria-invalid", "true")) == 0 || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: status %d", field, a.status)
		}
		if again := formOf(t, page, "/welcome"); field != "name" && again.Get("name") != "Ann Admin" || again.Get("password") != "" {
			t.Errorf("%s: the form comes back with %v", field, again)
		}
		v.now = v.now.Add(time.Minute)
	}
	a := v.send(http.MethodPost, "/welcome", good)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/" {
		t.Fatalf("status %d: %.300s", a.status, a.body)
	}
	ann := &reader{v, cookieOf(t, a)}
	ann.page("/people")
	if a := v.get("/welcome"); a.header.Get("Location") != "/sign-in" {
		t.Errorf("the first page is still there: status %d", a.status)
	}
	again := form("code", code, "login", "eve", "name", "Eve", "password", townPassword)
	if a := v.send(http.MethodPost, "/welcome", again); a.status < 400 || a.header.Get("Set-Cookie") != "" {
		t.Errorf("a second administrator: status %d", a.status)
	}
}

// TestRightsChangeTheToken: who gets or loses a role goes on with another token, and is not signed out.
func TestRightsChangeTheToken(t *testing.T) {
	v := newTown(t)
	cy := v.as("cy")
	before := cy.cookie
	cy.page("/")
	if cy.cookie != before {
		t.Fatal("the token changes for nothing")
	}
	op := authz.With(t.Context(), authz.Operator)
	must(t, v.rights.GrantRole(op, authz.RoleChange{Subject: v.ids["cy"], Role: authz.Auditor, Domain: authz.Everywhere}))
	v.identity.Forget()
	cy.page("/")
	if cy.cookie == before {
		t.Error("the token stays")
	}
	cy.page("/")
	stolen := &reader{v, before}
	if a := stolen.do(http.MethodGet, "/", nil); a.status != http.StatusSeeOther {
		t.Errorf("the old token is good: status %d", a.status)
	}
}

func TestDisabledPeopleAreOut(t *testing.T) {
	v := newTown(t)
	bo := v.as("bo")
	op := authz.With(t.Context(), authz.Operator)
	must(t, v.identity.DisableUser(op, v.ids["bo"]))
	if a := bo.do(http.MethodGet, "/", nil); a.status != http.StatusSeeOther {
		t.Errorf("status %d", a.status)
	}
	v.now = v.now.Add(time.Second)
	must(t, v.identity.EnableUser(op, v.ids["bo"]))
	if a := bo.do(http.MethodGet, "/", nil); a.status != http.StatusSeeOther {
		t.Errorf("the session is back: status %d", a.status)
	}
}

func (v *town) token(owner graph.ID, scopes ...string) (identity.Token, string) {
	v.t.Helper()
	p, err := v.identity.PrincipalOf(v.t.Context(), owner)
	must(v.t, err)
	tok, secret, err := v.identity.CreateToken(authz.With(v.t.Context(), p), identity.NewToken{Name: "test", Scopes: scopes})
	must(v.t, err)
	return tok, secret
}

func TestTokensAtTheDoor(t *testing.T) {
	v := newTown(t)
	read, secret := v.token(v.ids["ann"], authz.ScopeRead)
	_, report := v.token(v.ids["ann"], authz.ScopeLineage)
	_, powerless := v.token(v.ids["cy"], authz.ScopeRead)
	ann := v.as("ann")
	withCookie := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "__Host-weir", Value: ann.cookie}) }
	for _, tt := range []struct {
		name, method, path string
		change             []func(*http.Request)
		want               int
	}{
		{"reads", http.MethodGet, "/domains", []func(*http.Request){bearer(secret)}, http.StatusOK},
		{"reads, nothing to report", http.MethodPost, "/api/v1/lineage", []func(*http.Request){bearer(secret)}, http.StatusForbidden},
		{"reports, but an empty body", http.MethodPost, "/api/v1/lineage", []func(*http.Request){bearer(report)}, http.StatusBadRequest},
		{"reports, doesn't read", http.MethodGet, "/domains", []func(*http.Request){bearer(report)}, http.StatusForbidden},
		{"of somebody who may not", http.MethodGet, "/metrics", []func(*http.Request){bearer(powerless)}, http.StatusForbidden},
		{"unknown", http.MethodGet, "/domains", []func(*http.Request){bearer("weir_nothing")}, http.StatusUnauthorized},
		{"unknown beside a session", http.MethodGet, "/domains", []func(*http.Request){withCookie, bearer("weir_nothing")}, http.StatusUnauthorized},
		{"empty beside a session", http.MethodGet, "/domains", []func(*http.Request){withCookie, bearer("")}, http.StatusUnauthorized},
		{"a password beside a session", http.MethodGet, "/domains", []func(*http.Request){withCookie, func(r *http.Request) { r.SetBasicAuth("ann", townPassword) }}, http.StatusUnauthorized},
		{"a token counts before a session", http.MethodGet, "/people/new", []func(*http.Request){withCookie, bearer(powerless)}, http.StatusForbidden},
		{"two tokens", http.MethodGet, "/domains", []func(*http.Request){bearer(secret), func(r *http.Request) { r.Header.Add("Authorization", "Bearer "+secret) }}, http.StatusUnauthorized},
		{"no step-up", http.MethodPost, "/settings/tokens", []func(*http.Request){bearer(secret)}, http.StatusForbidden},
	} {
		a := v.send(tt.method, tt.path, nil, tt.change...)
		if a.status != tt.want {
			t.Errorf("%s: status %d, want %d: %.200s", tt.name, a.status, tt.want, a.body)
		}
		if challenge := a.header.Get("WWW-Authenticate"); (tt.want == http.StatusUnauthorized) != strings.Contains(challenge, "invalid_token") {
			t.Errorf("%s: challenge %q", tt.name, challenge)
		}
		if a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: a cookie is set", tt.name)
		}
	}
	must(t, v.identity.RevokeToken(authz.With(t.Context(), authz.Operator), read.ID))
	if a := v.send(http.MethodGet, "/domains", nil, bearer(secret)); a.status != http.StatusUnauthorized {
		t.Errorf("a revoked token: status %d", a.status)
	}
}

// TestRecheck: an answer that lasts learns that who asked for it is out.
func TestRecheck(t *testing.T) {
	var check func() error
	v := newTown(t, func(o *web.Options) {
		o.GraphQL = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			check = func() error {
				_, err := web.Recheck(r.Context(), authz.From(r.Context()))
				return err
			}
		})
	})
	bo := v.as("bo")
	tok, secret := v.token(v.ids["bo"], authz.ScopeRead)
	op := authz.With(t.Context(), authz.Operator)
	for name, tt := range map[string]struct {
		ask func()
		end func() error
	}{
		"session": {
			func() { bo.do(http.MethodPost, "/graphql", nil) },
			func() error { return bo.sessions().RevokeOthers(op, v.ids["bo"]) },
		},
		"token": {
			func() { v.send(http.MethodPost, "/graphql", nil, bearer(secret)) },
			func() error { return v.identity.RevokeToken(op, tok.ID) },
		},
	} {
		tt.ask()
		if err := check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		must(t, tt.end())
		if err := check(); err == nil {
			t.Errorf("%s: it goes on", name)
		}
	}
}

func (v *town) sessions() *session.Manager { return v.site.Sessions }
