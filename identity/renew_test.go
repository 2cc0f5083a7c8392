package identity

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/sqlite"
)

// service is a Service without rules, on a store with people alone.
func service(t testing.TB, store graph.Store, now func() time.Time) *Service {
	t.Helper()
	if err := authz.Install(t.Context(), store, time.Now()); err != nil {
		t.Fatal(err)
	}
	return New(store, nil, Options{Now: now})
}

func stores(t testing.TB) map[string]graph.Store {
	t.Helper()
	schema, err := graph.Merge(audit.Schema(), authz.Schema(), Schema())
	if err != nil {
		t.Fatal(err)
	}
	file, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), schema, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return map[string]graph.Store{"memory": graphtest.Memory(schema), "sqlite": file}
}

// TestSignIn_Renews: a password that was hashed for less is hashed for today's cost when it is next shown, and only then.
func TestSignIn_Renews(t *testing.T) {
	for name, store := range stores(t) {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			s := service(t, store, func() time.Time { return now })
			u, err := s.CreateUser(t.Context(), NewUser{Login: "ada", Name: "Ada", Password: "seven quiet herons at dusk"})
			if err != nil {
				t.Fatal(err)
			}
			cheap := cost{memory: 32, rounds: 1, threads: 1}
			salt := random(saltLen)
			old := phc(cheap, salt, cheap.tag("seven quiet herons at dusk", salt, tagLen))
			stored := func() string {
				c, ok, err := get(t.Context(), store, credentialType, credentialID(u.ID))
				if err != nil || !ok {
					t.Fatal(ok, err)
				}
				return c.Hash
			}
			err = store.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
				_, err := put(ctx, tx, credentialType, credentialID(u.ID), graph.Upsert, credential{Hash: old})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.SignIn(t.Context(), "ada", "wrong", ""); !errs.Is(err, errs.Unauthenticated) || stored() != old {
				t.Errorf("a wrong password: %v", err)
			}
			for range 2 {
				if _, err := s.SignIn(t.Context(), "ada", "seven quiet herons at dusk", ""); err != nil || dated(stored()) || stored() == old {
					t.Errorf("%v: %s", err, stored())
				}
			}
		})
	}
}

// BenchmarkSignIn is for comparing: what is refused has to take as long whoever is asked for.
func BenchmarkSignIn(b *testing.B) {
	atCost(b)
	for name, store := range stores(b) {
		now := time.Now()
		s := service(b, store, func() time.Time { return now })
		for _, login := range []string{"known", "disabled"} {
			if _, err := s.CreateUser(b.Context(), NewUser{Login: login, Name: "N", Password: "seven quiet herons at dusk"}); err != nil {
				b.Fatal(err)
			}
		}
		u, err := s.UserByLogin(b.Context(), "disabled")
		if err != nil {
			b.Fatal(err)
		}
		if err := s.DisableUser(b.Context(), u.ID); err != nil {
			b.Fatal(err)
		}
		for _, login := range []string{"known", "unknown", "disabled"} {
			b.Run(name+"/"+login, func(b *testing.B) {
				for b.Loop() {
					now = now.Add(lockTime)
					if _, err := s.SignIn(b.Context(), login, "seven quiet herons at dawn", "10.0.0.1"); !errs.Is(err, errs.Unauthenticated) {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkByToken is what each event pays that is reported with a token.
func BenchmarkByToken(b *testing.B) {
	for name, store := range stores(b) {
		s := service(b, store, time.Now)
		u, err := s.CreateUser(b.Context(), NewUser{Login: "ada", Name: "Ada"})
		if err != nil {
			b.Fatal(err)
		}
		_, text, err := s.CreateToken(b.Context(), NewToken{Principal: u.ID, Name: "x", Scopes: []string{authz.ScopeLineage}})
		if err != nil {
			b.Fatal(err)
		}
		for _, forget := range []bool{false, true} {
			b.Run(name+map[bool]string{false: "/known", true: "/read"}[forget], func(b *testing.B) {
				for b.Loop() {
					if forget {
						s.Forget()
					}
					if _, err := s.ByToken(b.Context(), text); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
