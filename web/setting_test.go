package web_test

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheme(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name, theme, back, location string
		status                      int
		secure                      bool
	}{
		{"dark", "dark", "/search?q=a", "/search?q=a", 303, false},
		{"dark over TLS", "dark", "/domains", "/domains", 303, true},
		{"system", "system", "", "/", 303, false},
		{"made up", "purple", "/", "", 400, false},
		{"another site", "dark", "https://elsewhere.example/", "/", 303, false},
		{"another site, without scheme", "dark", "//elsewhere.example/", "/", 303, false},
		{"another site, with a backslash", "dark", `/\elsewhere.example`, "/", 303, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := w.send(http.MethodPost, "/settings/theme", url.Values{"theme": {tt.theme}, "back": {tt.back}}, func(r *http.Request) {
				if tt.secure {
					r.TLS = &tls.ConnectionState{}
				}
			})
			if a.status != tt.status || a.header.Get("Location") != tt.location {
				t.Fatalf("status %d to %q", a.status, a.header.Get("Location"))
			}
			if tt.status != 303 {
				return
			}
			cookie := a.header.Get("Set-Cookie")
			want := []string{"weir_theme=" + tt.theme, "HttpOnly", "SameSite=Lax", "Path=/"}
			if tt.secure {
				want = append(want, "__Host-weir_theme=", "Secure")
			}
			for _, part := range want {
				if !strings.Contains(cookie, part) {
					t.Errorf("cookie %q lacks %s", cookie, part)
				}
			}
			if !tt.secure && strings.Contains(cookie, "Secure") {
				t.Errorf("a browser would drop %q", cookie)
			}
		})
	}
}

func TestChoicesShowOnPages(t *testing.T) {
	w := newWorld(t)
	page := func(name, value string) string {
		return w.send(http.MethodGet, "/", nil, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: value}) }).body
	}
	if body := page("weir_theme", "dark"); !strings.Contains(body, `<html lang="en" class="dark"`) && !strings.Contains(body, `<html class="dark"`) {
		t.Error("the page is not dark")
	}
	if body := page("weir_theme", `x" onload="alert(1)`); strings.Contains(body, "onload") {
		t.Error("a cookie got into the page")
	}
	if body := page("weir_keys", "off"); !strings.Contains(body, `data-keys="off"`) {
		t.Error("keys are on")
	}
}
