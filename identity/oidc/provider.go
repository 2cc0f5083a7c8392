// Package oidc lets people sign in at their company's own OpenID provider: the authorization code flow with PKCE. What the
// provider answers is believed only after everything about it was checked; who a person is say issuer and subject alone,
// never an e-mail address.
package oidc

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"weir/errs"
)

const (
	// skew is by how much the clocks of the provider and ours may differ.
	skew = time.Minute
	// flowTime is how long somebody may take at the provider.
	flowTime = 10 * time.Minute
	// askTime is how long a question to the provider may take.
	askTime = 10 * time.Second
	// Callback is the path that the provider sends browsers back to.
	Callback = "/sign-in/oidc/callback"
)

// algorithms are the signatures that count. None at all, and those by a shared secret, are not among them.
var algorithms = []string{
	gooidc.RS256, gooidc.RS384, gooidc.RS512, gooidc.PS256, gooidc.PS384, gooidc.PS512, gooidc.ES256, gooidc.ES384, gooidc.ES512, gooidc.EdDSA,
}

// Options is what is known of a provider.
type Options struct {
	Name         string // on the button; "" is the host of the issuer
	Issuer       string // as it calls itself: https, but for this machine itself
	ClientID     string
	ClientSecret string   // "" for a public client
	Scopes       []string // beside openid; none: profile and email
	GroupsClaim  string   // the claim that lists groups; "" is groups
	External     string   // where readers find us: https://weir.example.com
	Now          func() time.Time
}

// Provider is an OpenID provider.
type Provider struct {
	Options
	client *http.Client

	mu    sync.Mutex
	found *discovered
}

// discovered is what the provider says about itself.
type discovered struct {
	provider *gooidc.Provider
	verifier *gooidc.IDTokenVerifier
	oauth    oauth2.Config
	iss      bool // it names itself when it sends a browser back
}

// New makes a Provider. It asks the provider nothing yet: we start while that is away. Errors: Invalid.
func New(o Options) (*Provider, error) {
	issuer, err := url.Parse(o.Issuer)
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && !loopback(issuer) || issuer.Fragment != "" || issuer.RawQuery != "" {
		return nil, errs.Bad("oidc_issuer", "has to be the provider's https address, as it calls itself.")
	}
	if o.ClientID == "" {
		return nil, errs.Bad("oidc_client_id", "is missing.")
	}
	external, err := url.Parse(o.External)
	if err != nil || external.Host == "" || external.Scheme != "https" && !loopback(external) {
		return nil, errs.Bad("external_url", "has to be the https address at which readers find this program.")
	}
	if o.Name == "" {
		o.Name = issuer.Hostname()
	}
	if len(o.Scopes) == 0 {
		o.Scopes = []string{"profile", "email"}
	}
	if o.GroupsClaim == "" {
		o.GroupsClaim = "groups"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Provider{Options: o, client: newClient()}, nil
}

// loopback tells whether an address is of this machine itself over plain HTTP.
func loopback(u *url.URL) bool {
	if u.Scheme != "http" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// newClient asks the provider. It follows no redirects: a provider answers where it said it would.
func newClient() *http.Client {
	return &http.Client{Timeout: askTime, Transport: limited{http.DefaultTransport}, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// discover asks the provider about itself, until it has answered once. Keys are looked up anew whenever one is not known.
func (p *Provider) discover(ctx context.Context) (*discovered, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The key set keeps the context for later: one that doesn't end with this request.
	provider, err := gooidc.NewProvider(gooidc.ClientContext(context.WithoutCancel(ctx), p.client), p.Issuer)
	if err != nil {
		return nil, away(err)
	}
	var says struct {
		Iss bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&says); err != nil {
		return nil, away(err)
	}
	p.found = &discovered{
		provider: provider, iss: says.Iss,
		// Expiry is checked by us, with both clocks' skew.
		verifier: provider.Verifier(&gooidc.Config{ClientID: p.ClientID, SupportedSigningAlgs: algorithms, SkipExpiryCheck: true}),
		oauth: oauth2.Config{
			ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: provider.Endpoint(),
			RedirectURL: strings.TrimSuffix(p.External, "/") + Callback, Scopes: append([]string{gooidc.ScopeOpenID}, p.Scopes...),
		},
	}
	return p.found, nil
}

func away(cause error) error {
	return errs.Wrap(cause, errs.Unavailable, "The company's place to sign in doesn't answer as it should. Try again later.")
}
