package identity

import (
	"context"
	"log/slog"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

func badToken() error {
	return errs.E(errs.Unauthenticated, "The token is not known, has expired or was revoked.")
}

// ByToken makes a principal of the text of a token.
// Errors: Unauthenticated, the same for tokens that are not known, expired, revoked, or of somebody disabled.
func (s *Service) ByToken(ctx context.Context, text string) (authz.Principal, error) {
	if !LooksLikeToken(text) {
		return authz.Principal{}, badToken()
	}
	hash, now := hashToken(text), s.now()
	k, times, ok := s.known.get(hash, now)
	if !ok {
		var err error
		if k, err = s.readToken(ctx, hash, now); err != nil {
			return authz.Principal{}, err
		}
		s.known.put(hash, times, k)
	}
	s.used(ctx, k.token, now)
	return k.who, nil
}

func (s *Service) readToken(ctx context.Context, hash string, now time.Time) (known, error) {
	t, ok, err := find(ctx, s.store, tokenType, "hash", hash)
	if err != nil {
		return known{}, err
	}
	if !ok || !t.Good(now) {
		return known{}, badToken()
	}
	k, err := s.bearer(ctx, t, now)
	if errs.Is(err, errs.Unauthenticated) {
		return known{}, badToken()
	}
	if err != nil {
		return known{}, err
	}
	k.token, k.until = t, earlier(k.until, t.Expires)
	k.who.Token, k.who.Scopes, k.who.Namespaces = string(t.ID), t.Scopes, t.Namespaces
	return k, nil
}

// bearer is whom a token acts for. The operator's own tokens are the one way to act as he does from elsewhere than the
// machine, and only within their scopes.
func (s *Service) bearer(ctx context.Context, t Token, now time.Time) (known, error) {
	if string(t.Principal) == authz.Operator.ID {
		return known{who: authz.Operator, until: now.Add(remember)}, nil
	}
	return s.read(ctx, t.Principal, now)
}

// used writes down that a token was used, at most once a minute. That it can't be written stops nobody's work.
func (s *Service) used(ctx context.Context, t Token, now time.Time) {
	if !s.uses.due(t.ID, t.Used, now) {
		return
	}
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, graph.NodeWrite{Node: graph.Node{
			ID: t.ID, Kind: tokenType.Kind, Props: graph.Props{"used": graph.Time(now)}, // nothing else: it may be revoked at this moment
		}})
		return err
	})
	if err != nil {
		slog.WarnContext(ctx, "the last use of a token can't be written", "token", t.ID, "error", err)
	}
}
