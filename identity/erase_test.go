package identity_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// TestErase: what a command says of a person lies sealed in the log, and with him it goes out of everything that is kept.
func TestErase(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		log, err := audit.Open(t.Context(), w.store, audit.Options{Dir: t.TempDir()})
		w.fine(err)
		s := w.replica(identity.Options{Keys: log.Keys()})
		u, err := s.CreateUser(w.op, identity.NewUser{Login: "canary-login", Name: "Canary Name", Email: "canary@example.org", Password: goodPassword})
		w.fine(err)
		bob, err := s.CreateUser(w.op, identity.NewUser{Login: "bob", Name: "Bob"})
		w.fine(err)
		ctx := w.as(u.ID)
		_, text, err := s.CreateToken(ctx, identity.NewToken{Name: "canary token", Scopes: []string{authz.ScopeRead}})
		w.fine(err)
		_, err = s.NameStandIn(ctx, identity.NewStandIn{To: bob.ID, Until: w.clock.now().Add(time.Hour), Reason: "canary reason"})
		w.fine(err)
		_, err = s.NameStandIn(w.as(bob.ID), identity.NewStandIn{To: u.ID, Until: w.clock.now().Add(time.Hour), Reason: "canary covers for me"})
		w.fine(err)

		sealed, err := audit.Since(t.Context(), w.store, 0, 100)
		w.fine(err)
		open, err := audit.Since(audit.Sealing(t.Context(), log.Keys()), w.store, 0, 100)
		w.fine(err)
		if strings.Contains(fmt.Sprint(sealed), "anary") || !strings.Contains(fmt.Sprint(open), "Canary Name") || !strings.Contains(fmt.Sprint(open), "canary reason") {
			t.Errorf("without the keys: %v\nwith them: %v", sealed, open)
		}

		w.fine(w.store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			if err := tx.Lock(ctx, authz.Lock); err != nil {
				return err
			}
			return identity.Erase(ctx, tx, w.clock.now(), u.ID)
		}))
		s.Forget()
		for r, err := range w.store.Dump(t.Context()) {
			w.fine(err)
			if r.Node != nil && strings.Contains(strings.ToLower(fmt.Sprint(r.Node.Props)), "canary") {
				t.Errorf("still there: %+v", r.Node)
			}
		}
		_, err = s.PrincipalOf(t.Context(), u.ID)
		w.is(err, errs.Unauthenticated)
		_, err = s.ByToken(t.Context(), text)
		w.is(err, errs.Unauthenticated)
		_, err = s.SignIn(t.Context(), "canary-login", goodPassword, "")
		w.is(err, errs.Unauthenticated)
		if now, err := s.User(w.op, u.ID); err != nil || now.Name != identity.Erased || now.Login != "" {
			t.Errorf("%+v %v", now, err)
		}
		if _, err := s.CreateUser(w.op, identity.NewUser{Login: "canary-login", Name: "Another"}); err != nil {
			t.Errorf("the login isn't free again: %v", err)
		}
	})
}
