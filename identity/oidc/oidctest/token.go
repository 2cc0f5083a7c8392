package oidctest

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
)

// idToken answers what was asked, changed as the test wants.
func (p *Provider) idToken(asked url.Values) string {
	p.mu.Lock()
	key, kid := p.key, p.kid
	p.mu.Unlock()
	now := p.Now()
	claims := map[string]any{
		"iss": p.URL, "sub": "248289761001", "aud": ClientID, "nonce": asked.Get("nonce"), "iat": now.Unix(), "exp": now.Unix() + 300,
		"name": "Jane Doe", "email": "jane@halden.example", "preferred_username": "jane", "groups": []string{"data", "everyone"},
	}
	if asked.Get("max_age") != "" {
		claims["auth_time"] = now.Unix()
	}
	if p.Claims != nil {
		p.Claims(claims)
	}
	header := map[string]any{"alg": "RS256", "kid": kid, "typ": "JWT"}
	if p.Header != nil {
		p.Header(header)
	}
	if p.Forge {
		key = forgedKey()
	}
	text := p.part(header) + "." + p.part(claims)
	return text + "." + base64.RawURLEncoding.EncodeToString(p.sign(header["alg"], key, text))
}

func (p *Provider) part(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		p.t.Error(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// sign signs as the head says: with the key, with the secret, or with what is public.
func (p *Provider) sign(alg any, key *rsa.PrivateKey, text string) []byte {
	switch alg {
	case "none":
		return nil
	case "HS256":
		m := hmac.New(sha256.New, []byte(Secret))
		m.Write([]byte(text))
		return m.Sum(nil)
	}
	sum := sha256.Sum256([]byte(text))
	b, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return b
}
