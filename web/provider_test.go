package web_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"weir/identity/oidc"
	"weir/web"
)

// installed is a folder with a program from npm in it, kept between runs.
func installed(t *testing.T, from string) string {
	t.Helper()
	required := slices.Contains(strings.Split(os.Getenv("WEIR_TEST_REQUIRE"), ","), "node")
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			if required {
				t.Fatal(err)
			}
			t.Skip(err)
		}
	}
	cache, err := os.UserCacheDir()
	must(t, err)
	lock, err := os.ReadFile(filepath.Join(from, "package-lock.json"))
	must(t, err)
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "weir-test", hex.EncodeToString(sum[:8]))
	_, absent := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if absent != nil && !required {
		t.Skip("installs a program from npm: set WEIR_TEST_REQUIRE=node to run it")
	}
	must(t, os.MkdirAll(dir, 0o700))
	for _, name := range []string{"package.json", "package-lock.json", "provider.mjs"} {
		b, err := os.ReadFile(filepath.Join(from, name))
		must(t, err)
		must(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
	if absent != nil {
		npm := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
		npm.Dir = dir
		if out, err := npm.CombinedOutput(); err != nil {
			t.Fatalf("npm: %v: %s", err, out)
		}
	}
	return dir
}

// startProvider starts the provider, which stops with the test, and returns its address.
func startProvider(t *testing.T, redirect string) string {
	t.Helper()
	node := exec.CommandContext(t.Context(), "node", "provider.mjs", "weir", "a secret of two", redirect)
	node.Dir = installed(t, filepath.Join("testdata", "provider"))
	in, err := node.StdinPipe()
	must(t, err)
	out, err := node.StdoutPipe()
	must(t, err)
	must(t, node.Start())
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if err := node.Wait(); err != nil {
			t.Logf("the provider ended: %v", err)
		}
	})
	issuer, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	return strings.TrimSpace(issuer)
}

// surfer is a browser without script: it keeps cookies, follows redirects, fills in forms.
type surfer struct {
	t      *testing.T
	client *http.Client
	at     *url.URL
	page   *html.Node
	status int
}

func newSurfer(t *testing.T) *surfer {
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &surfer{t: t, client: &http.Client{Jar: jar}}
}

func (s *surfer) open(method, address string, form url.Values) {
	s.t.Helper()
	if s.at != nil {
		u, err := s.at.Parse(address)
		must(s.t, err)
		address = u.String()
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, address, strings.NewReader(form.Encode()))
	must(s.t, err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := s.client.Do(req)
	must(s.t, err)
	s.page, err = html.Parse(resp.Body)
	must(s.t, err)
	must(s.t, resp.Body.Close())
	s.at, s.status = resp.Request.URL, resp.StatusCode
}

// submit sends the first form of the page, filled in.
func (s *surfer) submit(fill url.Values) {
	s.t.Helper()
	forms := find(s.page, "form", "method", "post")
	if len(forms) == 0 {
		s.t.Fatalf("%s has no form: %.500s", s.at, textOf(s.page))
	}
	values := url.Values{}
	for _, in := range find(forms[0], "input", "name", "") {
		values.Set(attr(in, "name"), attr(in, "value"))
	}
	for name, v := range fill {
		values[name] = v
	}
	s.open(http.MethodPost, attr(forms[0], "action"), values)
}

// throughProvider signs in at the provider, and agrees to whatever it asks then.
func (s *surfer) throughProvider(login string) {
	s.t.Helper()
	s.submit(url.Values{"login": {login}, "password": {"any"}})
	for range 3 {
		if !strings.Contains(s.at.Path, "/interaction/") {
			return
		}
		s.submit(nil)
	}
}

// TestRealProvider signs people in at a provider that others wrote, in a browser without script.
func TestRealProvider(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	external := "http://" + server.Listener.Addr().String()
	issuer := startProvider(t, external+oidc.Callback)
	provider, err := oidc.New(oidc.Options{Name: "Halden", Issuer: issuer, ClientID: "weir", ClientSecret: "a secret of two", External: external})
	must(t, err)
	v := newTown(t, func(o *web.Options) { o.Provider = provider })
	server.Config.Handler = v.handler
	server.Start()
	defer server.Close()

	b := newSurfer(t)
	b.open(http.MethodGet, external+"/domains", nil)
	says(t, b.page, "Continue with Halden")
	b.open(http.MethodGet, hrefs(b.page, "/sign-in/oidc")[0], nil)
	b.throughProvider("jane")
	if b.status != http.StatusOK || b.at.String() != external+"/domains" {
		t.Fatalf("status %d at %s: %.500s", b.status, b.at, textOf(b.page))
	}
	b.open(http.MethodGet, "/settings", nil)
	says(t, b.page, "jane of Halden")
	if got := v.lastAction("identity.sign-in"); got != "identity.sign-in" {
		t.Errorf("the log says %q", got)
	}
	provedAgain(t, v, b)

	other := newSurfer(t)
	other.open(http.MethodGet, external+"/sign-in/oidc", nil)
	other.throughProvider("jane")
	back := other.at
	other.open(http.MethodPost, external+"/sign-out", nil)
	if !strings.HasSuffix(other.at.Path, "/sign-in") || back.Path != "/" {
		t.Errorf("out at %s, before at %s", other.at, back)
	}
	b.open(http.MethodGet, external+"/domains", nil)
	if b.at.Path != "/domains" {
		t.Error("the end of one session ended the other")
	}
}

// provedAgain does what is sensitive some time later.
func provedAgain(t *testing.T, v *town, b *surfer) {
	t.Helper()
	v.now = v.now.Add(10 * time.Minute)
	b.open(http.MethodGet, "/sign-in/again?next=/settings/tokens", nil)
	says(t, b.page, "Continue with Halden")
	b.open(http.MethodGet, hrefs(b.page, "/sign-in/oidc")[0], nil)
	if !strings.Contains(b.at.Path, "/interaction/") {
		t.Fatalf("the provider doesn't ask again: %s", b.at)
	}
	b.throughProvider("jane")
	if b.at.Path != "/settings/tokens" || len(find(b.page, "form", "action", "/settings/tokens")) == 0 {
		t.Errorf("status %d at %s: %.500s", b.status, b.at, textOf(b.page))
	}
}

// TestRealProvider_RefusesAnswersOfOthers: what comes back is good once, and in the browser that left alone.
func TestRealProvider_RefusesAnswersOfOthers(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	external := "http://" + server.Listener.Addr().String()
	issuer := startProvider(t, external+oidc.Callback)
	provider, err := oidc.New(oidc.Options{Issuer: issuer, ClientID: "weir", ClientSecret: "a secret of two", External: external})
	must(t, err)
	v := newTown(t, func(o *web.Options) { o.Provider = provider })
	server.Config.Handler = v.handler
	server.Start()
	defer server.Close()

	b := newSurfer(t)
	var answer string
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == oidc.Callback {
			answer = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	b.open(http.MethodGet, external+"/sign-in/oidc?next=/domains", nil)
	b.throughProvider("jane")
	if answer == "" {
		t.Fatalf("nobody came back: %s", b.at)
	}
	thief := newSurfer(t)
	thief.open(http.MethodGet, answer, nil)
	if thief.status != http.StatusUnauthorized {
		t.Errorf("another browser: status %d", thief.status)
	}
	for _, want := range []int{http.StatusOK, http.StatusUnauthorized} {
		b.client.CheckRedirect = nil
		b.open(http.MethodGet, answer, nil)
		if b.status != want {
			t.Errorf("status %d at %s, want %d", b.status, b.at, want)
		}
	}
}
