package identity_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/identity"
)

func TestSetUp(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		if open, err := w.NeedsSetup(t.Context()); err != nil || !open {
			t.Fatalf("%t %v", open, err)
		}
		late, err := w.NewSetupCode(t.Context())
		w.fine(err)
		w.clock.add(24 * time.Hour)
		code, err := w.NewSetupCode(t.Context())
		w.fine(err)
		in := identity.SetUpInput{Code: code, Login: "ada", Name: "Ada", Password: goodPassword}
		for field, bad := range map[string]func(*identity.SetUpInput){
			"code": func(in *identity.SetUpInput) { in.Code = late }, "login": func(in *identity.SetUpInput) { in.Login = "" },
			"name": func(in *identity.SetUpInput) { in.Name = "" }, "password": func(in *identity.SetUpInput) { in.Password = "" },
		} {
			wrong := in
			bad(&wrong)
			_, err := w.SetUp(t.Context(), wrong)
			if e, ok := errs.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Name != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		in.Code = strings.ToUpper(strings.ReplaceAll(code, "-", " "))
		u, err := w.SetUp(t.Context(), in)
		w.fine(err)
		if p, err := w.PrincipalOf(t.Context(), u.ID); err != nil || !p.Holds(authz.Admin, "dom_x") {
			t.Errorf("%+v %v", p, err)
		}
		w.logged("identity.set-up")
		if _, err := w.Service.SignIn(t.Context(), "ada", goodPassword, ""); err != nil {
			t.Error(err)
		}
		_, err = w.SetUp(t.Context(), in)
		w.is(err, errs.Conflict)
		_, err = w.NewSetupCode(t.Context())
		w.is(err, errs.Conflict)
		if open, err := w.NeedsSetup(t.Context()); err != nil || open {
			t.Errorf("%t %v", open, err)
		}
	})
}

// TestSetUp_Race: of many who have a code one is the first administrator.
func TestSetUp_Race(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		code, err := w.NewSetupCode(t.Context())
		w.fine(err)
		var made atomic.Int64
		var wg sync.WaitGroup
		for _, login := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
			wg.Go(func() {
				_, err := w.SetUp(context.WithoutCancel(t.Context()), identity.SetUpInput{Code: code, Login: login, Name: "N", Password: goodPassword})
				if err == nil {
					made.Add(1)
				} else if !errs.Is(err, errs.Conflict) && !errs.Is(err, errs.Invalid) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 {
			t.Errorf("%d first administrators", made.Load())
		}
	})
}

func TestFromOIDC(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		local := w.user("ada")
		team, err := w.CreateTeam(w.op, identity.NewTeam{Name: "analysts"})
		w.fine(err)
		byHand, err := w.CreateTeam(w.op, identity.NewTeam{Name: "by-hand"})
		w.fine(err)
		s := w.replica(identity.Options{Groups: map[string]identity.GroupMap{
			"g-analysts": {Teams: []string{"analysts", "none"}, Roles: []authz.Held{{Role: authz.Owner, Domain: "unassigned"}, {Role: "none", Domain: "*"}}},
		}})
		c := identity.Claims{Issuer: "https://op.example", Subject: "42", Name: "Ada", Email: "ada@example.org", Login: "ada", Groups: []string{"g-analysts", "other"}}
		u, err := s.FromOIDC(t.Context(), c)
		w.fine(err)
		if u.ID == local.ID || u.Login != "ada-2" || u.Local {
			t.Errorf("an account here was taken over by its name: %+v", u)
		}
		w.fine(w.AddMember(w.op, byHand.ID, u.ID))
		w.grant(u.ID, authz.Steward, "unassigned")
		has := func(inTeam bool) {
			t.Helper()
			p, err := s.PrincipalOf(t.Context(), u.ID)
			want := 1
			if inTeam {
				want = 2
			}
			if err != nil || len(p.Teams) != want || p.Holds(authz.Owner, "unassigned") != inTeam || !p.Holds(authz.Steward, "unassigned") {
				t.Errorf("%+v %v", p, err)
			}
		}
		s.Forget()
		has(true)
		c.Groups, c.Name, c.Email = nil, "Ada Lovelace", "countess@example.org"
		again, err := s.FromOIDC(t.Context(), c)
		if err != nil || again.ID != u.ID || again.Name != "Ada Lovelace" {
			t.Errorf("%+v %v", again, err)
		}
		has(false)
		if _, err := w.Team(w.op, team.ID); err != nil {
			t.Error(err)
		}
		for _, other := range []identity.Claims{
			{Issuer: "https://other.example", Subject: "42", Email: c.Email, Name: "Eve"}, {Issuer: c.Issuer, Subject: "43", Email: c.Email, Name: "Eve"},
		} {
			if e, err := s.FromOIDC(t.Context(), other); err != nil || e.ID == u.ID {
				t.Errorf("the address makes them one: %+v %v", e, err)
			}
		}
		_, err = s.FromOIDC(t.Context(), identity.Claims{Issuer: c.Issuer})
		w.is(err, errs.Invalid)
		_, err = s.FromOIDC(t.Context(), identity.Claims{Issuer: c.Issuer, Subject: "44", Name: "bad\x00name", Email: "not an address", Login: "no login!"})
		w.fine(err)
		w.fine(w.DisableUser(w.op, u.ID))
		_, err = s.FromOIDC(t.Context(), c)
		w.is(err, errs.Unauthenticated)
	})
}
