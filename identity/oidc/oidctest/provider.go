// Package oidctest is an OpenID provider for tests: small, and able to lie in any way that a test wants.
package oidctest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// The one client that the provider knows.
const (
	ClientID = "weir"
	Secret   = "a secret of two"
)

// Provider signs in whomever Claims say, without asking.
type Provider struct {
	URL string
	// Claims change what the ID token says; Header what stands in its head, "alg" included. Set them while nobody asks.
	Claims func(map[string]any)
	Header func(map[string]any)
	// Forge signs with a key that the provider doesn't publish.
	Forge bool
	// Redirect changes the parameters that browsers come back with.
	Redirect func(url.Values)
	// NoIss leaves out that the provider names itself in its answers.
	NoIss bool
	// UserInfo is what that endpoint adds; nil: there is none.
	UserInfo map[string]any
	Now      func() time.Time

	t     testing.TB
	mu    sync.Mutex
	key   *rsa.PrivateKey
	kid   string
	codes map[string]url.Values // what was asked when a code was given
}

// New starts a provider, which stops with the test.
func New(t testing.TB) *Provider {
	t.Helper()
	p := &Provider{t: t, Now: time.Now, codes: map[string]url.Values{}, key: firstKey(), kid: "first"}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.configuration)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /userinfo", p.userInfo)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// Keys are slow to make: all providers begin with one, and forge with the other.
var firstKey, forgedKey = sync.OnceValue(newKey), sync.OnceValue(newKey)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // the system has no random numbers
	}
	return key
}

// Rotate replaces the key that the provider signs with.
func (p *Provider) Rotate(kid string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.key, p.kid = newKey(), kid
}

func (p *Provider) configuration(w http.ResponseWriter, _ *http.Request) {
	says := map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported":          []string{"RS256", "HS256", "none"}, // what it claims doesn't count
		"authorization_response_iss_parameter_supported": !p.NoIss,
	}
	if p.UserInfo != nil {
		says["userinfo_endpoint"] = p.URL + "/userinfo"
	}
	p.send(w, http.StatusOK, says)
}

func (p *Provider) keys(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	enc := base64.RawURLEncoding.EncodeToString
	p.send(w, http.StatusOK, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": p.kid,
		"n": enc(p.key.N.Bytes()), "e": enc(big.NewInt(int64(p.key.E)).Bytes()),
	}}})
}

// authorize sends the browser straight back with a code.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	if asked.Get("client_id") != ClientID || asked.Get("response_type") != "code" || asked.Get("code_challenge_method") != "S256" {
		http.Error(w, "not a request that counts: "+r.URL.RawQuery, http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.mu.Lock()
	p.codes[code] = asked
	p.mu.Unlock()
	back := url.Values{"code": {code}, "state": {asked.Get("state")}}
	if !p.NoIss {
		back.Set("iss", p.URL)
	}
	if p.Redirect != nil {
		p.Redirect(back)
	}
	http.Redirect(w, r, asked.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

// token gives an ID token for a code, once.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	code := r.FormValue("code")
	p.mu.Lock()
	asked, ok := p.codes[code]
	delete(p.codes, code)
	p.mu.Unlock()
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	if secret, err := url.QueryUnescape(secret); err != nil || id != ClientID || secret != Secret {
		p.send(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") || r.FormValue("redirect_uri") != asked.Get("redirect_uri") {
		p.send(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	p.send(w, http.StatusOK, map[string]any{
		"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": p.idToken(asked),
	})
}

func (p *Provider) userInfo(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer opaque" {
		p.send(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
		return
	}
	p.send(w, http.StatusOK, p.UserInfo)
}

func (p *Provider) send(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Log(err)
	}
}
