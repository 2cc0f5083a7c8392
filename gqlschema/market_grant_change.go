package gqlschema

import (
	"context"
	"time"

	"weir/gqlschema/gen"
	"weir/marketplace"
)

// grantChange is an input as the commands take it.
func grantChange(in gen.GrantChangeInput) marketplace.GrantChange {
	return marketplace.GrantChange{Grant: in.Grant, Version: number64(in.Version), Reason: or(in.Reason, "")}
}

func (m mutations) RevokeGrant(ctx context.Context, in gen.GrantChangeInput) (*gen.Grant, error) {
	g, err := m.market.Revoke(ctx, grantChange(in))
	return shownAfter(g, err, showPlainGrant)
}

func (m mutations) HandBackGrant(ctx context.Context, in gen.GrantChangeInput) (*gen.Grant, error) {
	g, err := m.market.HandBack(ctx, grantChange(in))
	return shownAfter(g, err, showPlainGrant)
}

func (m mutations) ShortenGrant(ctx context.Context, in gen.GrantChangeInput, until time.Time) (*gen.Grant, error) {
	change := grantChange(in)
	change.Until = until
	g, err := m.market.Shorten(ctx, change)
	return shownAfter(g, err, showPlainGrant)
}

func (m mutations) RetryGrant(ctx context.Context, in gen.GrantChangeInput) (*gen.Grant, error) {
	g, err := m.market.Retry(ctx, grantChange(in))
	return shownAfter(g, err, showPlainGrant)
}
