package main

import (
	"net/url"
	"strings"

	"weir/identity/oidc"
)

// provider is the company's own place to sign in; nil where none is configured.
func (c *Config) provider() (*oidc.Provider, error) {
	if c.OIDCIssuer == "" && c.OIDCClientID == "" {
		return nil, nil
	}
	return oidc.New(oidc.Options{
		Name: c.OIDCName, Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID, ClientSecret: c.OIDCSecret,
		Scopes: strings.Fields(c.OIDCScopes), GroupsClaim: c.OIDCGroupsClaim, External: c.external(),
	})
}

// external is the address at which readers find the program.
func (c *Config) external() string {
	if c.ExternalURL != "" {
		return c.ExternalURL
	}
	return (&url.URL{Scheme: "http", Host: c.Addr}).String()
}

// overTLS tells whether readers come over TLS: a proxy speaks it before the program.
func (c *Config) overTLS() bool { return strings.HasPrefix(c.ExternalURL, "https://") }
