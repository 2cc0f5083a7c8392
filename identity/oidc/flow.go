package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"net/url"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"weir/errs"
	"weir/identity"
)

// flow is what has to be remembered while somebody is at the provider. It stays with us, in the session of the browser.
type flow struct {
	State    string
	Nonce    string
	Verifier string
	Next     string
	Again    bool
	At       time.Time
}

// Leave sends a browser to the provider: to the address returned, while what it returns beside is remembered for Return.
// With again the provider lets the person prove anew who he is. Errors: Unavailable.
func (p *Provider) Leave(ctx context.Context, next string, again bool) (address, remember string, err error) {
	d, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	f := flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: next, Again: again, At: p.Now().UTC()}
	options := []oauth2.AuthCodeOption{gooidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)}
	if again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	b, err := json.Marshal(f)
	if err != nil {
		return "", "", errs.Wrap(err, errs.Internal, "")
	}
	return d.oauth.AuthCodeURL(f.State, options...), string(b), nil
}

// Arrival is somebody who came back from the provider.
type Arrival struct {
	Claims identity.Claims
	Next   string
	Again  bool // he was asked to prove anew who he is, and did
}

// Return finds out who came back with a query. remembered is what Leave said, "" if there was nothing.
// Errors: Unauthenticated for whatever isn't as it has to be; Unavailable.
func (p *Provider) Return(ctx context.Context, remembered string, query url.Values) (Arrival, error) {
	d, err := p.discover(ctx)
	if err != nil {
		return Arrival{}, err
	}
	var f flow
	if remembered == "" {
		return Arrival{}, refused("This sign-in was not begun here, or it took too long. Begin again.")
	}
	if err := json.Unmarshal([]byte(remembered), &f); err != nil {
		return Arrival{}, errs.Wrap(err, errs.Internal, "")
	}
	code, err := p.checkQuery(d, f, query)
	if err != nil {
		return Arrival{}, err
	}
	ctx, cancel := context.WithTimeout(gooidc.ClientContext(ctx, p.client), askTime)
	defer cancel()
	token, err := d.oauth.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return Arrival{}, because(err)
	}
	claims, err := p.checkToken(ctx, d, f, token)
	if err != nil {
		return Arrival{}, err
	}
	return Arrival{Claims: claims, Next: f.Next, Again: f.Again}, nil
}

// checkQuery makes sure that a browser came back from where it was sent, with what it was sent with.
func (p *Provider) checkQuery(d *discovered, f flow, query url.Values) (code string, err error) {
	for _, name := range []string{"state", "code", "iss", "error"} {
		if len(query[name]) > 1 {
			return "", refused("The answer of the provider says " + name + " twice.")
		}
	}
	iss := query.Get("iss")
	switch {
	case p.Now().Sub(f.At) > flowTime:
		return "", refused("This sign-in took too long. Begin again.")
	case !same(query.Get("state"), f.State):
		return "", refused("This sign-in was not begun here. Begin again.")
	case iss != p.Issuer && (iss != "" || d.iss):
		return "", refused("The answer is from another provider.")
	case query.Get("error") != "":
		return "", refused("The provider did not let you in.")
	case query.Get("code") == "":
		return "", refused("The answer of the provider lacks its code.")
	}
	return query.Get("code"), nil
}

// same compares secrets without telling by the time it takes how much of them is the same.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 && b != "" }

func refused(message string) error { return errs.E(errs.Unauthenticated, message) }

// because is refused with a cause that is logged and not shown.
func because(cause error) error {
	return errs.Wrap(cause, errs.Unauthenticated, "What the provider says of you can't be believed. Begin again.")
}
