package identity_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

func TestCreateUser(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		u, err := w.CreateUser(w.op, identity.NewUser{Login: " Ada.L ", Name: "Ada", Email: "ada@example.org", Password: goodPassword})
		w.fine(err)
		if u.Login != "ada.l" || !u.Local || u.Disabled {
			t.Errorf("%+v", u)
		}
		_, err = w.CreateUser(w.op, identity.NewUser{Login: "ADA.l", Name: "Another"})
		w.is(err, errs.Exists)
		_, err = w.CreateUser(w.op, identity.NewUser{Login: "no spaces", Email: "nobody", Password: "short"})
		if e, ok := errs.As(err); !ok || len(e.Fields) != 4 {
			t.Errorf("%+v", err)
		}
		_, err = w.CreateUser(w.as(u.ID), identity.NewUser{Login: "x", Name: "X"})
		w.is(err, errs.Forbidden)
		_, err = w.CreateUser(t.Context(), identity.NewUser{Login: "x", Name: "X"})
		w.is(err, errs.Unauthenticated)
		w.logged("identity.user-create", "!identity.user-create")
		name := "Ada Lovelace"
		now, err := w.EditUser(w.as(u.ID), u.ID, identity.UserEdit{Version: u.Version, Name: &name})
		if err != nil || now.Name != name || now.Email != u.Email {
			t.Errorf("%+v %v", now, err)
		}
		_, err = w.EditUser(w.as(u.ID), u.ID, identity.UserEdit{Version: u.Version, Name: &name})
		w.is(err, errs.Conflict)
	})
}

// TestCreateUser_Race: of many who take the same login at once one gets it.
func TestCreateUser_Race(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		var mu sync.Mutex
		made := 0
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				_, err := w.CreateUser(w.op, identity.NewUser{Login: "ada", Name: "Ada"})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					made++
				} else if !errs.Is(err, errs.Exists) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made != 1 {
			t.Errorf("%d people have one login", made)
		}
	})
}

func TestPasswords(t *testing.T) {
	w := memory(t)
	ada := w.user("ada")
	root, asRoot := w.admin("root")
	begun := w.clock.now()
	other := "eleven loud geese at noon"
	w.is(w.ChangePassword(w.as(ada.ID), "wrong", other, ""), errs.Invalid)
	w.clock.add(time.Minute)
	w.is(w.ChangePassword(w.as(ada.ID), goodPassword, goodPassword, ""), errs.Invalid)
	w.fine(w.ChangePassword(w.as(ada.ID), goodPassword, other, ""))
	if _, err := w.SessionPrincipal(t.Context(), ada.ID, begun); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("a session from before goes on: %v", err)
	}
	if p, err := w.SessionPrincipal(t.Context(), ada.ID, w.clock.now()); err != nil || !p.SignedInAt.Equal(w.clock.now()) {
		t.Errorf("a new session: %+v %v", p, err)
	}
	_, err := w.Service.SignIn(t.Context(), "ada", goodPassword, "")
	w.is(err, errs.Unauthenticated)

	given, err := w.SetPassword(asRoot, ada.ID, "")
	w.fine(err)
	u, err := w.Service.SignIn(t.Context(), "ada", given, "")
	if err != nil || !u.PasswordDue {
		t.Errorf("%+v %v", u, err)
	}
	w.clock.add(24 * time.Hour)
	_, err = w.Service.SignIn(t.Context(), "ada", given, "")
	w.is(err, errs.Unauthenticated) // it lasted a day
	for range 5 {
		w.clock.add(10 * time.Second)
		_, err = w.Service.SignIn(t.Context(), "ada", "wrong", "")
	}
	w.is(err, errs.TooMany)
	if _, err := w.SetPassword(w.op, ada.ID, other); err != nil { // unlocks, too
		t.Fatal(err)
	}
	if u, err = w.Service.SignIn(t.Context(), "ada", other, ""); err != nil || u.PasswordDue {
		t.Errorf("%+v %v", u, err)
	}
	_, err = w.SetPassword(asRoot, root.ID, "")
	w.is(err, errs.Forbidden)
	_, err = w.SetPassword(w.as(ada.ID), root.ID, "")
	w.is(err, errs.Forbidden)
}

// TestHelpDesk: whoever may manage people but not roles gets no rights by way of those who have them.
func TestHelpDesk(t *testing.T) {
	w := memory(t)
	_, asRoot := w.admin("root")
	rules, edits := w.policy.Rules()
	roles := authz.Service{Store: w.store, Policy: w.policy, Now: w.clock.now}
	w.fine(roles.SetRules(asRoot, edits, append(rules, authz.Rule{Role: authz.Steward, Domain: authz.Everywhere, Kind: authz.People, Action: authz.Manage})))
	desk, ada, boss := w.user("desk"), w.user("ada"), w.user("boss")
	w.grant(desk.ID, authz.Steward, authz.Everywhere)
	w.grant(boss.ID, authz.Owner, authz.Everywhere)
	strong, err := w.CreateTeam(w.op, identity.NewTeam{Name: "strong"})
	w.fine(err)
	w.grant(strong.ID, authz.Approver, authz.Everywhere)
	service, err := w.CreateAccount(w.op, identity.NewAccount{Name: "svc", Type: authz.Account, Owner: boss.ID})
	w.fine(err)
	w.grant(service.ID, authz.Platform, authz.Everywhere)
	ctx := w.as(desk.ID)
	w.fine(w.DisableUser(ctx, ada.ID))
	w.fine(w.EnableUser(ctx, ada.ID))
	for name, err := range map[string]error{
		"joins a team with roles":   w.AddMember(ctx, strong.ID, desk.ID),
		"lets a friend in":          w.AddMember(ctx, strong.ID, ada.ID),
		"disables who holds roles":  w.DisableUser(ctx, boss.ID),
		"resets his password":       second(w.SetPassword(ctx, boss.ID, "")),
		"stands in for him":         second(w.NameStandIn(ctx, identity.NewStandIn{From: boss.ID, To: desk.ID, Until: w.clock.now().Add(time.Hour)})),
		"makes a friend stand in":   second(w.NameStandIn(ctx, identity.NewStandIn{From: boss.ID, To: ada.ID, Until: w.clock.now().Add(time.Hour)})),
		"takes a token of a servic": third(w.CreateToken(ctx, identity.NewToken{Principal: service.ID, Name: "x", Scopes: []string{authz.ScopeAdmin}})),
		"deletes the team":          w.DeleteTeam(ctx, strong.ID),
	} {
		if !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.is(w.AddMember(asRoot, strong.ID, graph.ID(authz.From(asRoot).ID)), errs.Forbidden) // not even an administrator himself
}

func second[T any](_ T, err error) error        { return err }
func third[T, U any](_ T, _ U, err error) error { return err }

func TestTeams(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada := w.user("ada")
		var teams []identity.Team
		for i := range 11 {
			team, err := w.CreateTeam(w.op, identity.NewTeam{Name: fmt.Sprint("team", i), Title: fmt.Sprint("Team ", i)})
			w.fine(err)
			teams = append(teams, team)
			if i == 10 {
				w.is(w.AddMember(w.op, team.ID, teams[9].ID), errs.Invalid) // one too many within each other
				w.is(w.AddMember(w.op, teams[0].ID, team.ID), errs.Invalid)
			} else if i > 0 {
				w.fine(w.AddMember(w.op, team.ID, teams[i-1].ID))
			}
		}
		w.is(w.AddMember(w.op, teams[0].ID, teams[9].ID), errs.Invalid) // in itself
		w.is(w.AddMember(w.op, teams[3].ID, teams[3].ID), errs.Invalid)
		w.fine(w.AddMember(w.op, teams[0].ID, ada.ID))
		w.fine(w.AddMember(w.op, teams[0].ID, ada.ID)) // a second time is no change
		w.grant(teams[9].ID, authz.Owner, "unassigned")
		p, err := w.PrincipalOf(t.Context(), ada.ID)
		if err != nil || len(p.Teams) != 10 || !p.Holds(authz.Owner, "unassigned") {
			t.Errorf("%+v %v", p, err)
		}
		page, err := w.Members(w.op, teams[0].ID, "", 10)
		if err != nil || len(page.Items) != 1 || page.Items[0].Detail != "ada" {
			t.Errorf("%+v %v", page, err)
		}
		w.fine(w.DeleteTeam(w.op, teams[5].ID))
		p, err = w.PrincipalOf(t.Context(), ada.ID)
		if err != nil || len(p.Teams) != 5 || p.Holds(authz.Owner, "unassigned") {
			t.Errorf("%+v %v", p, err)
		}
		list, err := w.Teams(w.op, "", 100)
		if err != nil || len(list.Items) != 10 {
			t.Errorf("%d teams, %v", len(list.Items), err)
		}
		_, err = w.Team(w.op, teams[5].ID)
		w.is(err, errs.NotFound)
		if _, err = w.CreateTeam(w.op, identity.NewTeam{Name: "team5"}); err != nil {
			t.Errorf("the name of a deleted team: %v", err)
		}
		w.fine(w.RemoveMember(w.op, teams[0].ID, ada.ID))
		if p, err := w.PrincipalOf(t.Context(), ada.ID); err != nil || len(p.Teams) > 0 {
			t.Errorf("%+v %v", p, err)
		}
	})
}

func TestStandIn(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada, bob, eve := w.user("ada"), w.user("bob"), w.user("eve")
		w.grant(ada.ID, authz.Owner, authz.Everywhere)
		holds := func(id graph.ID, want bool) {
			t.Helper()
			p, err := w.PrincipalOf(t.Context(), id)
			if err != nil || p.Holds(authz.Owner, "dom_x") != want {
				t.Errorf("%s: %+v %v", id, p.Roles, err)
			}
		}
		now := w.clock.now()
		si, err := w.NameStandIn(w.as(ada.ID), identity.NewStandIn{To: bob.ID, Since: now.Add(500 * time.Millisecond), Until: now.Add(time.Minute), Reason: "away"})
		w.fine(err)
		holds(bob.ID, false)
		w.clock.add(500 * time.Millisecond) // sooner than the memory of a principal ends
		holds(bob.ID, true)
		if _, err := w.NameStandIn(w.as(bob.ID), identity.NewStandIn{To: eve.ID, Until: now.Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		holds(eve.ID, false) // what bob holds for ada he doesn't pass on
		w.fine(w.DisableUser(w.op, ada.ID))
		holds(bob.ID, false)
		w.fine(w.EnableUser(w.op, ada.ID))
		holds(bob.ID, true)
		w.is(w.EndStandIn(w.as(eve.ID), si.ID), errs.NotFound)
		w.fine(w.EndStandIn(w.as(bob.ID), si.ID))
		holds(bob.ID, false)
		_, err = w.NameStandIn(w.as(ada.ID), identity.NewStandIn{To: bob.ID, Until: w.clock.now().Add(time.Minute)})
		w.fine(err)
		holds(bob.ID, true)
		agent, err := w.CreateAccount(w.as(bob.ID), identity.NewAccount{Name: "helper", Type: authz.Agent})
		w.fine(err)
		owner := func(want bool) {
			t.Helper()
			p, err := w.PrincipalOf(t.Context(), agent.ID)
			if err != nil || p.Owner.Holds(authz.Owner, "dom_x") != want {
				t.Errorf("the person behind the agent: %+v %v", p.Owner, err)
			}
		}
		w.clock.add(time.Minute - 500*time.Millisecond)
		owner(true)
		w.clock.add(500 * time.Millisecond)
		holds(bob.ID, false)
		owner(false)
		for name, in := range map[string]identity.NewStandIn{
			"oneself": {To: ada.ID, Until: w.clock.now().Add(time.Hour)}, "no end": {To: bob.ID},
			"past": {To: bob.ID, Since: now.Add(-time.Hour), Until: now.Add(-time.Minute)}, "nobody": {To: "usr_none", Until: w.clock.now().Add(time.Hour)},
			"too long": {To: bob.ID, Until: w.clock.now().Add(400 * 24 * time.Hour)},
		} {
			if _, err := w.NameStandIn(w.as(ada.ID), in); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestQueries(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		ada, bob := w.user("ada"), w.user("bob")
		team, err := w.CreateTeam(w.op, identity.NewTeam{Name: "sales-analysts", Title: "Sales analysts"})
		w.fine(err)
		agent, err := w.CreateAccount(w.as(ada.ID), identity.NewAccount{Name: "sales-agent", Type: authz.Agent})
		w.fine(err)
		found, err := w.Find(w.as(bob.ID), "sal", 10)
		if err != nil || len(found) != 2 {
			t.Errorf("%+v %v", found, err)
		}
		var names []string
		for after := ""; ; {
			page, err := w.Users(w.as(bob.ID), after, 1)
			w.fine(err)
			names = append(names, page.Items[0].Login)
			if after = page.Next; after == "" {
				break
			}
		}
		if !slices.Equal(names, []string{"ada", "bob"}) {
			t.Errorf("%v", names)
		}
		shown, err := w.Names(t.Context(), ada.ID, team.ID, agent.ID, "usr_none", "ds_other")
		if err != nil || len(shown) != 3 || shown[team.ID] != "Sales analysts" {
			t.Errorf("%v %v", shown, err)
		}
		own, err := w.AccountsOf(w.as(ada.ID), ada.ID)
		if err != nil || len(own) != 1 || own[0].ID != agent.ID {
			t.Errorf("%+v %v", own, err)
		}
		for name, err := range map[string]error{
			"users": second(w.Users(t.Context(), "", 10)), "find": second(w.Find(t.Context(), "a", 10)), "user": second(w.User(t.Context(), ada.ID)),
			"tokens": second(w.Tokens(t.Context(), ada.ID)), "stand-ins": second(w.StandIns(t.Context(), ada.ID)), "all tokens": second(w.AllTokens(t.Context(), "", 1)),
		} {
			if !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s for nobody: %v", name, err)
			}
		}
		_, err = w.User(w.as(bob.ID), "usr_none")
		w.is(err, errs.NotFound)
		_, err = w.AllTokens(w.as(bob.ID), "", 10)
		w.is(err, errs.Forbidden)
	})
}
