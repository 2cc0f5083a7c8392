package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"weir/web"
)

// TestHeadersOnEveryRoute asks each route of the list, with ids that exist nowhere: errors carry the headers too.
func TestHeadersOnEveryRoute(t *testing.T) {
	var site *web.Site
	w := newWorld(t, func(o *web.Options) {
		o.Playground = true
		o.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
		site = web.New(*o)
	})
	want := map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
	}
	for _, pattern := range site.Patterns() {
		method, path, ok := strings.Cut(pattern, " ")
		if !ok {
			method, path = http.MethodGet, pattern
		}
		path = strings.NewReplacer("{id}", "x~ds_none", "{column}", "col_none", "{$}", "").Replace(path)
		var form url.Values
		if method == http.MethodPost && !strings.HasPrefix(path, "/api/") {
			form = url.Values{"theme": {"dark"}, "keys": {"on"}}
		}
		a := w.send(method, path, form)
		for name, value := range want {
			if got := a.header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", pattern, name, got, value)
			}
		}
		policy := a.header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy lacks %s", pattern, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy allows what is unsafe: %s", pattern, policy)
		}
		if a.header.Get("Request-Id") == "" || a.header.Get("Server") != "" {
			t.Errorf("%s: request id %q, server %q", pattern, a.header.Get("Request-Id"), a.header.Get("Server"))
		}
		if kind := a.header.Get("Content-Type"); strings.HasPrefix(kind, "text/html") && a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: a page may be kept: %q", pattern, a.header.Get("Cache-Control"))
		}
		if a.status >= http.StatusInternalServerError {
			t.Errorf("%s: status %d", pattern, a.status)
		}
	}
}

// TestFormsFromElsewhereAreRefused: a form on another site must not act here.
func TestFormsFromElsewhereAreRefused(t *testing.T) {
	w := newCompany(t)
	for _, address := range []string{"/settings/theme", martURL + "/edit"} {
		a := w.send(http.MethodPost, address, url.Values{"theme": {"dark"}, "version": {"0"}, "title": {"Stolen"}}, func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			r.Header.Set("Origin", "https://elsewhere.example")
		})
		if a.status != http.StatusForbidden || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: status %d, cookie %q", address, a.status, a.header.Get("Set-Cookie"))
		}
	}
	if got := heading(w.ok(martURL)); got != "Customer 360" {
		t.Errorf("the dataset is now called %q", got)
	}
}

func TestPagesAreCompressed(t *testing.T) {
	w := newCompany(t)
	zipped := w.send(http.MethodGet, "/search", nil, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") })
	if zipped.header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(zipped.body, "\x1f\x8b") {
		t.Errorf("encoding %q", zipped.header.Get("Content-Encoding"))
	}
	plain := w.get("/search")
	if plain.header.Get("Content-Encoding") != "" || !strings.Contains(plain.body, "<!doctype html>") && !strings.Contains(plain.body, "<!DOCTYPE html>") {
		t.Errorf("a client that takes no gzip gets %q", plain.header.Get("Content-Encoding"))
	}
	for _, a := range []answer{zipped, plain} {
		if vary := strings.Join(a.header.Values("Vary"), ", "); !strings.Contains(vary, "Accept-Encoding") || !strings.Contains(vary, "HX-Target") {
			t.Errorf("Vary is %q", vary)
		}
	}
}

func TestFragments(t *testing.T) {
	w := newCompany(t)
	for _, tt := range []struct{ address, target, id string }{
		{"/search?q=customer", "form#search", "search"},
		{"/lineage?root=" + mart, "div#lin", "lin"},
		{martURL + "/columns?filter=email", "div#column-table", "column-table"},
		{"/lineage/versions?root=" + mart, "section#time-bar", "time-bar"},
	} {
		asked := func(r *http.Request) {
			r.Header.Set("HX-Request", "true")
			r.Header.Set("HX-Target", tt.target)
		}
		a := w.send(http.MethodGet, tt.address, nil, asked)
		if strings.Contains(a.body, "<html") || !strings.Contains(a.body, `id="`+tt.id+`"`) {
			t.Errorf("%s of %s: %.120s", tt.target, tt.address, a.body)
		}
		if whole := w.get(tt.address); !strings.Contains(whole.body, strings.TrimSpace(a.body)) && tt.id != "search" { // search tells its time
			t.Errorf("%s: the part differs from the whole", tt.address)
		}
		restored := w.send(http.MethodGet, tt.address, nil, asked, func(r *http.Request) { r.Header.Set("HX-History-Restore-Request", "true") })
		if !strings.Contains(restored.body, "<html") {
			t.Errorf("%s: going back gets a part", tt.address)
		}
	}
}
