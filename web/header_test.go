package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

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
