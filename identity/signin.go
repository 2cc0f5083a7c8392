package identity

import (
	"context"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

// SignIn tells who a login and a password belong to. Whether there is nobody of that login, he is disabled or the password
// is another one: the answer is the same and takes as long. ip is where the request comes from; "" counts for no address.
// It writes no entry: whoever begins a session does.
// Errors: Unauthenticated; TooMany with RetryAfter; Unavailable.
func (s *Service) SignIn(ctx context.Context, login, password, ip string) (User, error) {
	free, err := s.hashing.take(ctx)
	if err != nil {
		return User{}, err
	}
	defer free()
	login = strings.ToLower(strings.TrimSpace(login))
	gates := gates(login, ip)
	if err := s.reserve(ctx, gates); err != nil {
		return User{}, err
	}
	u, c, err := s.credentialOf(ctx, login)
	if err != nil {
		return User{}, err
	}
	good, err := s.shows(c, password)
	if err != nil {
		return User{}, err
	}
	if !good || u.ID == "" || u.Disabled {
		return User{}, errs.E(errs.Unauthenticated, "Login or password is not right.")
	}
	if err := s.settle(ctx, gates); err != nil {
		return User{}, err
	}
	return u, s.renew(ctx, c, password)
}

// credentialOf reads a person and his password. A login that has none costs the same reads.
func (s *Service) credentialOf(ctx context.Context, login string) (User, credential, error) {
	asked := login
	if checkHandle(login) != "" {
		asked = "-" // which nobody has, nor what was typed
	}
	u, _, err := find(ctx, s.store, userType, "login", asked)
	if err != nil {
		return User{}, credential{}, err
	}
	id := credentialID(u.ID)
	if u.ID == "" {
		id = hashedID(credentialType.Spec.Prefix, login)
	}
	c, _, err := get(ctx, s.store, credentialType, id)
	return u, c, err
}

// shows tells whether a password is that of a credential, which may be none at all.
func (s *Service) shows(c credential, password string) (bool, error) {
	stored := c.Hash
	if stored == "" {
		stored = s.hashing.dummy
	}
	ok, err := verify(stored, password[:min(len(password), MaxPassword)])
	return ok && c.Hash != "" && len(password) <= MaxPassword && c.good(s.now()), err
}

func (c credential) good(now time.Time) bool { return c.Expires.IsZero() || now.Before(c.Expires) }

// renew hashes a password again that was hashed for less than today, unless it was changed meanwhile.
func (s *Service) renew(ctx context.Context, c credential, password string) error {
	if !dated(c.Hash) {
		return nil
	}
	fresh := hash(password)
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, string(c.ID)); err != nil {
			return err
		}
		now, there, err := get(ctx, tx, credentialType, c.ID)
		if err != nil || !there || now.Hash != c.Hash {
			return err
		}
		now.Hash = fresh
		_, err = put(ctx, tx, credentialType, c.ID, graph.Upsert, now)
		return err
	})
}
