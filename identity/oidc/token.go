package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"weir/identity"
)

// maxSubject is the longest subject that OpenID Connect allows, in bytes.
const maxSubject = 255

// said is what an ID token says beside what the library reads.
type said struct {
	Party     string  `json:"azp"`
	NotBefore seconds `json:"nbf"`
	AuthTime  seconds `json:"auth_time"`
}

// seconds is a time as tokens write it; the zero value is none.
type seconds float64

func (s seconds) time() time.Time { return time.Unix(int64(s), 0) }

// checkToken makes sure that an ID token is the one that was asked for, and says who it is about.
func (p *Provider) checkToken(ctx context.Context, d *discovered, f flow, token *oauth2.Token) (identity.Claims, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return identity.Claims{}, because(errors.New("there is no ID token"))
	}
	id, err := d.verifier.Verify(ctx, raw) // signature, its algorithm, issuer and audience
	if err != nil {
		return identity.Claims{}, because(err)
	}
	var more said
	if err := id.Claims(&more); err != nil {
		return identity.Claims{}, because(err)
	}
	if err := p.checkClaims(f, id, more); err != nil {
		return identity.Claims{}, because(err)
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return identity.Claims{}, because(err)
		}
	}
	return p.person(ctx, d, id, token)
}

// checkClaims is what the library leaves to us.
func (p *Provider) checkClaims(f flow, id *gooidc.IDToken, more said) error {
	now := p.Now()
	switch {
	case !same(id.Nonce, f.Nonce):
		return errors.New("the nonce is another one")
	case id.Subject == "" || len(id.Subject) > maxSubject:
		return errors.New("the subject is missing or too long")
	case more.Party != "" && more.Party != p.ClientID, len(id.Audience) > 1 && more.Party == "":
		return fmt.Errorf("the token is for %q of %q", more.Party, id.Audience)
	case id.Expiry.Unix() <= 0 || !now.Before(id.Expiry.Add(skew)):
		return fmt.Errorf("the token expired at %v", id.Expiry)
	case id.IssuedAt.Unix() <= 0 || id.IssuedAt.After(now.Add(skew)):
		return fmt.Errorf("the token is of the future: %v", id.IssuedAt)
	case id.IssuedAt.Before(f.At.Add(-skew)):
		return fmt.Errorf("the token is older than the question: %v", id.IssuedAt)
	case more.NotBefore.time().After(now.Add(skew)):
		return fmt.Errorf("the token counts only from %v", more.NotBefore.time())
	case f.Again && more.AuthTime.time().Before(f.At.Add(-skew)):
		return fmt.Errorf("the person proved who he is at %v, not again", more.AuthTime.time())
	}
	return nil
}

// person reads who an ID token is about, and asks the provider for what the token leaves out.
func (p *Provider) person(ctx context.Context, d *discovered, id *gooidc.IDToken, token *oauth2.Token) (identity.Claims, error) {
	var claims map[string]json.RawMessage
	if err := id.Claims(&claims); err != nil {
		return identity.Claims{}, because(err)
	}
	if _, named := claims["name"]; !named && d.provider.UserInfoEndpoint() != "" {
		info, err := d.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return identity.Claims{}, because(err)
		}
		if info.Subject != id.Subject {
			return identity.Claims{}, because(errors.New("the user info is of somebody else"))
		}
		var more map[string]json.RawMessage
		if err := info.Claims(&more); err != nil {
			return identity.Claims{}, because(err)
		}
		for name, v := range more {
			if _, there := claims[name]; !there {
				claims[name] = v
			}
		}
	}
	return identity.Claims{
		Issuer: id.Issuer, Subject: id.Subject, Name: text(claims["name"]), Email: text(claims["email"]),
		Login: text(claims["preferred_username"]), Groups: texts(claims[p.GroupsClaim]),
	}, nil
}

// text is a claim that is a string; "" for anything else, which counts as not said.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// texts is a claim that lists strings, or is one. What is none is left out.
func texts(raw json.RawMessage) []string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var out []string
	for _, r := range list {
		if s := text(r); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
