package oidc_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"weir/errs"
	"weir/identity"
	"weir/identity/oidc"
	"weir/identity/oidc/oidctest"
)

const external = "http://127.0.0.1:8080"

func newProvider(t *testing.T, op *oidctest.Provider) *oidc.Provider {
	t.Helper()
	p, err := oidc.New(oidc.Options{Issuer: op.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.Secret, External: external, Now: op.Now})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// away is a browser at the provider: it asks for the address and returns what it would be sent back with.
func away(t *testing.T, address string) url.Values {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	back, err := resp.Location()
	if err != nil {
		t.Fatalf("%s: %v", resp.Status, err)
	}
	if got := back.Scheme + "://" + back.Host + back.Path; got != external+oidc.Callback {
		t.Fatalf("sent back to %s", got)
	}
	return back.Query()
}

// signIn goes to the provider and back.
func signIn(t *testing.T, p *oidc.Provider, again bool) (oidc.Arrival, error) {
	t.Helper()
	address, remember, err := p.Leave(t.Context(), "/datasets", again)
	if err != nil {
		t.Fatal(err)
	}
	return p.Return(t.Context(), remember, away(t, address))
}

func TestSignIn(t *testing.T) {
	op := oidctest.New(t)
	got, err := signIn(t, newProvider(t, op), false)
	if err != nil {
		t.Fatal(err)
	}
	want := identity.Claims{Issuer: op.URL, Subject: "248289761001", Name: "Jane Doe", Email: "jane@halden.example", Login: "jane",
		Groups: []string{"data", "everyone"}}
	c := got.Claims
	if c.Issuer != want.Issuer || c.Subject != want.Subject || c.Name != want.Name || c.Email != want.Email || c.Login != want.Login ||
		!slices.Equal(c.Groups, want.Groups) || got.Next != "/datasets" || got.Again {
		t.Errorf("%+v", got)
	}
}

// TestLeave_AsksAsItHasTo: code and PKCE, with state and nonce that are new each time.
func TestLeave_AsksAsItHasTo(t *testing.T) {
	p := newProvider(t, oidctest.New(t))
	seen := map[string]bool{}
	for _, again := range []bool{false, true, true} {
		address, _, err := p.Leave(t.Context(), "/", again)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("scope") != "openid profile email" ||
			q.Get("redirect_uri") != external+oidc.Callback || (q.Get("prompt") == "login") != again || (q.Get("max_age") == "0") != again {
			t.Errorf("again %v: %v", again, q)
		}
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			if v := q.Get(name); len(v) < 22 || seen[v] {
				t.Errorf("%s is %q", name, v)
			}
			seen[q.Get(name)] = true
		}
	}
}

func set(name string, v any) func(map[string]any) { return func(c map[string]any) { c[name] = v } }

func drop(name string) func(map[string]any) { return func(c map[string]any) { delete(c, name) } }

// TestReturn_RefusesWhatIsNotAsItHasToBe: whatever a token or an answer may be changed into, nobody signs in with it.
func TestReturn_RefusesWhatIsNotAsItHasToBe(t *testing.T) {
	now := time.Now()
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	for name, lie := range map[string]func(op *oidctest.Provider){
		"alg none":                 func(op *oidctest.Provider) { op.Header = set("alg", "none") },
		"alg None":                 func(op *oidctest.Provider) { op.Header = set("alg", "None") },
		"alg HS256 by the secret":  func(op *oidctest.Provider) { op.Header = set("alg", "HS256") },
		"no alg":                   func(op *oidctest.Provider) { op.Header = drop("alg") },
		"alg of another kind":      func(op *oidctest.Provider) { op.Header = set("alg", "ES256") },
		"unknown critical header":  func(op *oidctest.Provider) { op.Header = set("crit", []string{"x"}) },
		"key of somebody else":     func(op *oidctest.Provider) { op.Forge = true },
		"key by another name":      func(op *oidctest.Provider) { op.Header = set("kid", "other") },
		"key in the token itself":  func(op *oidctest.Provider) { op.Forge, op.Header = true, set("jku", "https://evil.example/keys") },
		"another issuer":           func(op *oidctest.Provider) { op.Claims = set("iss", "https://evil.example") },
		"no issuer":                func(op *oidctest.Provider) { op.Claims = drop("iss") },
		"issuer with a slash":      func(op *oidctest.Provider) { op.Claims = set("iss", op.URL+"/") },
		"another audience":         func(op *oidctest.Provider) { op.Claims = set("aud", "other") },
		"no audience":              func(op *oidctest.Provider) { op.Claims = drop("aud") },
		"for more than us":         func(op *oidctest.Provider) { op.Claims = set("aud", []string{"weir", "other"}) },
		"for another party":        func(op *oidctest.Provider) { op.Claims = set("azp", "other") },
		"another nonce":            func(op *oidctest.Provider) { op.Claims = set("nonce", "other") },
		"no nonce":                 func(op *oidctest.Provider) { op.Claims = drop("nonce") },
		"expired":                  func(op *oidctest.Provider) { op.Claims = set("exp", at(-2*time.Minute)) },
		"no expiry":                func(op *oidctest.Provider) { op.Claims = drop("exp") },
		"of the future":            func(op *oidctest.Provider) { op.Claims = set("iat", at(2*time.Minute)) },
		"of the past":              func(op *oidctest.Provider) { op.Claims = set("iat", at(-time.Hour)) },
		"no time":                  func(op *oidctest.Provider) { op.Claims = drop("iat") },
		"not yet":                  func(op *oidctest.Provider) { op.Claims = set("nbf", at(2*time.Minute)) },
		"no subject":               func(op *oidctest.Provider) { op.Claims = drop("sub") },
		"a subject that is none":   func(op *oidctest.Provider) { op.Claims = set("sub", 7) },
		"another access token":     func(op *oidctest.Provider) { op.Claims = set("at_hash", "b3RoZXI") },
		"user info of another":     func(op *oidctest.Provider) { op.Claims, op.UserInfo = drop("name"), map[string]any{"sub": "2"} },
		"user info of nobody":      func(op *oidctest.Provider) { op.Claims, op.UserInfo = drop("name"), map[string]any{"name": "Eve"} },
		"another state":            func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Set("state", "other") } },
		"no state":                 func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Del("state") } },
		"state twice":              func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Add("state", q.Get("state")) } },
		"code twice":               func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Add("code", "other") } },
		"another code":             func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Set("code", "other") } },
		"no code":                  func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Del("code") } },
		"answer of another":        func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Set("iss", "https://evil.example") } },
		"answer of nobody":         func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Del("iss") } },
		"an error beside the code": func(op *oidctest.Provider) { op.Redirect = func(q url.Values) { q.Set("error", "access_denied") } },
	} {
		op := oidctest.New(t)
		p := newProvider(t, op)
		lie(op)
		if got, err := signIn(t, p, false); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestReturn_TakesWhatMayBe: odd, but allowed.
func TestReturn_TakesWhatMayBe(t *testing.T) {
	now := time.Now()
	for name, odd := range map[string]func(op *oidctest.Provider){
		"clocks differ, token of the future": func(op *oidctest.Provider) { op.Claims = set("iat", now.Add(50*time.Second).Unix()) },
		"clocks differ, token of the past":   func(op *oidctest.Provider) { op.Claims = set("exp", now.Add(-50*time.Second).Unix()) },
		"for us and one more, by us": func(op *oidctest.Provider) {
			op.Claims = func(c map[string]any) { c["aud"], c["azp"] = []string{"weir", "other"}, "weir" }
		},
		"no name of the provider": func(op *oidctest.Provider) { op.NoIss = true },
		"name from the user info": func(op *oidctest.Provider) {
			op.Claims = drop("name")
			op.UserInfo = map[string]any{"sub": "248289761001", "name": "Jane Doe"}
		},
		"one group": func(op *oidctest.Provider) { op.Claims = set("groups", "data") },
	} {
		op := oidctest.New(t)
		odd(op)
		got, err := signIn(t, newProvider(t, op), false)
		if err != nil || got.Claims.Name != "Jane Doe" || len(got.Claims.Groups) == 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestReturn_NothingTwice(t *testing.T) {
	op := oidctest.New(t)
	p := newProvider(t, op)
	address, remember, err := p.Leave(t.Context(), "/", false)
	if err != nil {
		t.Fatal(err)
	}
	back := away(t, address)
	if _, err := p.Return(t.Context(), remember, back); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Return(t.Context(), remember, back); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("the same code once more: %v", err)
	}
	if _, err := p.Return(t.Context(), "", back); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("where nobody left: %v", err)
	}
	_, other, err := p.Leave(t.Context(), "/", false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Return(t.Context(), other, away(t, address)); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("the answer to another question: %v", err)
	}
}

// TestReturn_ChecksTheVerifier: a code that was stolen on its way is of no use without what stayed here.
func TestReturn_ChecksTheVerifier(t *testing.T) {
	op := oidctest.New(t)
	p := newProvider(t, op)
	mine, remember, err := p.Leave(t.Context(), "/", false)
	if err != nil {
		t.Fatal(err)
	}
	theirs, _, err := p.Leave(t.Context(), "/", false)
	if err != nil {
		t.Fatal(err)
	}
	back := away(t, mine)
	back.Set("code", away(t, theirs).Get("code"))
	if _, err := p.Return(t.Context(), remember, back); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a code of another browser: %v", err)
	}
}

func TestReturn_TakesTooLong(t *testing.T) {
	op := oidctest.New(t)
	now := time.Now()
	op.Now = func() time.Time { return now }
	p, err := oidc.New(oidc.Options{Issuer: op.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.Secret, External: external,
		Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	address, remember, err := p.Leave(t.Context(), "/", false)
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(11 * time.Minute)
	if _, err := p.Return(t.Context(), remember, away(t, address)); !errs.Is(err, errs.Unauthenticated) {
		t.Error(err)
	}
}

func TestAgain_AsksForAFreshProof(t *testing.T) {
	op := oidctest.New(t)
	p := newProvider(t, op)
	if got, err := signIn(t, p, true); err != nil || !got.Again {
		t.Errorf("%+v, %v", got, err)
	}
	for name, lie := range map[string]func(map[string]any){
		"an old proof": set("auth_time", time.Now().Add(-time.Hour).Unix()), "no proof": drop("auth_time"),
	} {
		op.Claims = lie
		if _, err := signIn(t, p, true); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKeysMayChange: the provider's next key is known without a restart.
func TestKeysMayChange(t *testing.T) {
	op := oidctest.New(t)
	p := newProvider(t, op)
	for _, kid := range []string{"first", "second", "third"} {
		if kid != "first" {
			op.Rotate(kid)
		}
		if _, err := signIn(t, p, false); err != nil {
			t.Errorf("%s: %v", kid, err)
		}
	}
}

func TestProviderAway(t *testing.T) {
	for name, issuer := range map[string]string{"nobody there": "http://127.0.0.1:1", "another name": oidctest.New(t).URL + "/"} {
		p, err := oidc.New(oidc.Options{Issuer: issuer, ClientID: "weir", External: external})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := p.Leave(t.Context(), "/", false); !errs.Is(err, errs.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNew_RefusesWhatIsNotSafe(t *testing.T) {
	good := oidc.Options{Issuer: "https://id.example", ClientID: "weir", External: "https://weir.example"}
	if _, err := oidc.New(good); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*oidc.Options){
		"oidc_issuer":    func(o *oidc.Options) { o.Issuer = "http://id.example" },
		"oidc_client_id": func(o *oidc.Options) { o.ClientID = "" },
		"external_url":   func(o *oidc.Options) { o.External = "http://weir.example" },
	} {
		o := good
		change(&o)
		_, err := oidc.New(o)
		if e, ok := errs.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
