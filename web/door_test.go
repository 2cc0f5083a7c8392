package web_test

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"weir/audit"
	"weir/audit/ledger"
	"weir/authz"
	"weir/identity/oidc"
	"weir/web"
)

// fullTown is a town whose site has every route that there is.
func fullTown(t *testing.T) *town {
	t.Helper()
	provider, err := oidc.New(oidc.Options{Issuer: "http://127.0.0.1:1", ClientID: "weir", External: "http://127.0.0.1:8080"})
	must(t, err)
	var options *web.Options
	v := newTown(t, everything, func(o *web.Options) { options = o })
	log, err := audit.Open(t.Context(), v.store, audit.Options{Dir: t.TempDir(), Now: options.Now})
	must(t, err)
	options.Provider = provider
	options.Log = &ledger.Service{Store: v.store, Log: log, Policy: v.policy, Now: options.Now}
	v.site = web.New(*options)
	v.handler = v.site.Handler()
	return v
}

// entries is how long the log is.
func (v *town) entries() int {
	v.t.Helper()
	all, err := audit.Since(v.t.Context(), v.store, 0, 1000)
	must(v.t, err)
	return len(all)
}

// TestDoors asks each route as nobody, as an administrator, and over TLS: headers and cookies are right on all of them.
func TestDoors(t *testing.T) {
	v := fullTown(t)
	ann := v.as("ann")
	overTLS := func(r *http.Request) { r.TLS = &tls.ConnectionState{} }
	withSession := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "__Host-weir", Value: ann.cookie}) }
	for who, as := range map[string][]func(*http.Request){
		"nobody": {overTLS}, "an administrator": {overTLS, withSession}, "nobody without TLS": nil,
	} {
		for _, pattern := range v.site.Patterns() {
			method, path := methodAndPath(pattern)
			if pattern == "POST /sign-out" {
				continue // it ends the session of the administrator; TestSignIn looks at it
			}
			var form url.Values
			if method == http.MethodPost && !strings.HasPrefix(path, "/api/") {
				form = url.Values{"theme": {"dark"}, "keys": {"on"}}
			}
			checkDoor(t, pattern+" as "+who, v.send(method, path, form, as...), len(as) > 0)
		}
	}
}

// checkDoor looks at what every answer has to have.
func checkDoor(t *testing.T, at string, a answer, secure bool) {
	t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", at, name, got, want)
		}
	}
	policy := a.header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
		if !strings.Contains(policy, part) || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", at, policy)
		}
	}
	if hsts := a.header.Get("Strict-Transport-Security"); secure != (hsts == "max-age=31536000; includeSubDomains") {
		t.Errorf("%s: Strict-Transport-Security is %q", at, hsts)
	}
	if static := strings.Contains(at, "/static/"); !static && a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: it may be kept: %q", at, a.header.Get("Cache-Control"))
	}
	if a.status >= http.StatusInternalServerError && !strings.Contains(at, "/sign-in/oidc") { // the provider is away
		t.Errorf("%s: status %d", at, a.status)
	}
	response := http.Response{Header: a.header}
	for _, c := range response.Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%s: cookie %+v", at, c)
		}
		if known := []string{"__Host-weir", "__Host-weir_theme", "__Host-weir_keys"}; secure && (!c.Secure || !slices.Contains(known, c.Name)) {
			t.Errorf("%s: cookie %+v", at, c)
		}
	}
}

// TestOtherSitesCantAct: whatever another site makes a browser send, nothing is done.
func TestOtherSitesCantAct(t *testing.T) {
	v := fullTown(t)
	ann := v.as("ann")
	before, tried := v.entries(), 0
	for _, pattern := range v.site.Patterns() {
		method, path := methodAndPath(pattern)
		if method == http.MethodGet && pattern != "/graphql" && pattern != "/" {
			continue
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			for _, kind := range []string{"application/x-www-form-urlencoded", "text/plain", "application/json", "multipart/form-data; boundary=x"} {
				for _, from := range []map[string]string{
					{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"},
				} {
					a := v.send(method, path, url.Values{"name": {"x"}}, func(r *http.Request) {
						r.AddCookie(&http.Cookie{Name: "__Host-weir", Value: ann.cookie})
						r.Header.Set("Content-Type", kind)
						for name, value := range from {
							r.Header.Set(name, value)
						}
					})
					tried++
					if a.status != http.StatusForbidden || a.header.Get("Set-Cookie") != "" {
						t.Errorf("%s %s as %s from %v: status %d", method, path, kind, from, a.status)
					}
				}
			}
		}
	}
	if got := v.entries(); got != before || tried < 500 {
		t.Errorf("%d requests made %d entries", tried, got-before)
	}
	ann.page("/")
}

// TestReadingChangesNothing: no address that can be visited does anything.
func TestReadingChangesNothing(t *testing.T) {
	v := fullTown(t)
	ann := v.as("ann")
	before := v.entries()
	for _, pattern := range v.site.Patterns() {
		if method, path := methodAndPath(pattern); method == http.MethodGet && !strings.HasPrefix(path, "/sign-in/oidc") {
			for _, query := range []string{"", "?name=x&title=x&id=x&do=give&role=admin&query=mutation+{x}"} {
				ann.do(http.MethodGet, path+query, nil)
			}
		}
	}
	if got := v.entries(); got != before {
		t.Errorf("reading made %d entries", got-before)
	}
}

// TestMetrics are for this machine and for those who may see the system.
func TestMetrics(t *testing.T) {
	v := fullTown(t)
	here := func(r *http.Request) { r.Host, r.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:4000" }
	proxied := func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.7") }
	_, admin := v.token(v.ids["ann"], authz.ScopeAdmin)
	_, nobody := v.token(v.ids["cy"], authz.ScopeAdmin)
	for name, tt := range map[string]struct {
		change []func(*http.Request)
		want   int
	}{
		"here":                  {[]func(*http.Request){here}, http.StatusOK},
		"elsewhere":             {nil, http.StatusUnauthorized},
		"through a proxy here":  {[]func(*http.Request){here, proxied}, http.StatusUnauthorized},
		"who may":               {[]func(*http.Request){bearer(admin)}, http.StatusOK},
		"who may not":           {[]func(*http.Request){bearer(nobody)}, http.StatusForbidden},
		"who may not, but here": {[]func(*http.Request){here, bearer(nobody)}, http.StatusForbidden},
	} {
		if a := v.send(http.MethodGet, "/metrics", nil, tt.change...); a.status != tt.want {
			t.Errorf("%s: status %d, want %d", name, a.status, tt.want)
		}
	}
}
