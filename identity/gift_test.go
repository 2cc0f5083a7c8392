package identity_test

import (
	"fmt"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// TestNobodyGivesRightsToHimself goes the ways around: an account of one's own, somebody for whom one stands in, and the
// rules themselves.
func TestNobodyGivesRightsToHimself(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		rules, edits := w.policy.Rules()
		roles := authz.Service{Store: w.store, Policy: w.policy, Now: w.clock.now}
		give := authz.Rule{Role: authz.Steward, Domain: authz.Everywhere, Kind: authz.Roles, Action: authz.Manage}
		edit := authz.Rule{Role: authz.Steward, Domain: authz.Everywhere, Kind: authz.Rules, Action: authz.Manage}
		w.fine(roles.SetRules(w.op, edits, append(rules, give, edit)))
		ann, bob := w.user("ann"), w.user("bob")
		w.grant(ann.ID, authz.Steward, authz.Everywhere)
		service, err := w.CreateAccount(w.op, identity.NewAccount{Name: "svc", Type: authz.Account, Owner: ann.ID})
		w.fine(err)
		agent, err := w.CreateAccount(w.as(ann.ID), identity.NewAccount{Name: "helper", Type: authz.Agent})
		w.fine(err)
		_, err = w.NameStandIn(w.as(bob.ID), identity.NewStandIn{To: ann.ID, Until: w.clock.now().Add(time.Hour)})
		w.fine(err)
		ctx := w.as(ann.ID)
		admin := authz.RoleChange{Role: authz.Admin, Domain: authz.Everywhere}
		for _, admin.Subject = range []graph.ID{service.ID, agent.ID, bob.ID} {
			w.is(roles.GrantRole(ctx, admin), errs.Forbidden)
			w.logged("!role.grant")
		}
		w.fine(roles.GrantRole(w.op, authz.RoleChange{Subject: agent.ID, Role: authz.Steward, Domain: authz.Everywhere}))
		w.Forget()
		rules, edits = w.policy.Rules()
		all := authz.Rule{Role: authz.Steward, Domain: authz.Everywhere, Kind: authz.Any, Action: authz.Any}
		for _, by := range []graph.ID{ann.ID, agent.ID} {
			w.is(roles.SetRules(w.as(by), edits, append(rules, all)), errs.Forbidden)
			w.logged("!policy.edit")
		}
		all.Role = authz.Approver
		w.fine(roles.SetRules(ctx, edits, append(rules, all))) // which others hold
	})
}

// TestSetPassword_ReachesNoFurther: whoever looks after people gets no rights by way of a password that he sets, neither
// those of an account of that person nor those that he has for somebody else.
func TestSetPassword_ReachesNoFurther(t *testing.T) {
	eachEngine(t, func(t *testing.T, w *world) {
		rules, edits := w.policy.Rules()
		roles := authz.Service{Store: w.store, Policy: w.policy, Now: w.clock.now}
		w.fine(roles.SetRules(w.op, edits, append(rules, authz.Rule{Role: authz.Steward, Domain: authz.Everywhere, Kind: authz.People, Action: authz.Manage})))
		desk, keeper, deputy, plain := w.user("desk"), w.user("keeper"), w.user("deputy"), w.user("plain")
		w.grant(desk.ID, authz.Steward, authz.Everywhere)
		boss, asBoss := w.admin("boss")
		service, err := w.CreateAccount(w.op, identity.NewAccount{Name: "svc", Type: authz.Account, Owner: keeper.ID})
		w.fine(err)
		w.grant(service.ID, authz.Platform, authz.Everywhere)
		tomorrow := w.clock.now().Add(24 * time.Hour)
		_, err = w.NameStandIn(asBoss, identity.NewStandIn{From: boss.ID, To: deputy.ID, Since: tomorrow, Until: tomorrow.Add(time.Hour)})
		w.fine(err)
		ctx := w.as(desk.ID)
		w.is(second(w.SetPassword(ctx, keeper.ID, "")), errs.Forbidden)
		w.is(second(w.SetPassword(ctx, deputy.ID, "")), errs.Forbidden)
		w.logged("!identity.password-set")
		w.fine(second(w.SetPassword(ctx, plain.ID, "")))
		w.fine(second(w.SetPassword(w.op, keeper.ID, "")))
	})
}

// TestCreateToken_KeepsToNamespaces: a token that may report some namespaces makes none that may report others.
func TestCreateToken_KeepsToNamespaces(t *testing.T) {
	w := memory(t)
	_, ctx := w.admin("root")
	mine, text := w.token(ctx, identity.NewToken{Name: "mine", Scopes: []string{authz.ScopeAdmin}, Namespaces: []string{"a", "b"}})
	p, err := w.ByToken(t.Context(), text)
	w.fine(err)
	by := authz.With(t.Context(), p)
	for name, tt := range map[string]struct {
		namespaces []string
		ok         bool
	}{
		"all": {nil, false}, "another": {[]string{"a", "c"}, false}, "one": {[]string{"b"}, true}, "its own": {mine.Namespaces, true},
	} {
		_, _, err := w.CreateToken(by, identity.NewToken{Name: name, Scopes: []string{authz.ScopeLineage}, Namespaces: tt.namespaces})
		if (err == nil) != tt.ok || err != nil && !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCreateAccount_NotWithoutEnd: everybody makes agents of his own, but only so many.
func TestCreateAccount_NotWithoutEnd(t *testing.T) {
	w := memory(t)
	ann := w.user("ann")
	ctx := w.as(ann.ID)
	var err error
	made := 0
	for ; err == nil && made < 2_000; made++ {
		_, err = w.CreateAccount(ctx, identity.NewAccount{Name: fmt.Sprint("helper", made), Type: authz.Agent})
	}
	w.is(err, errs.Invalid)
	if made < 100 {
		t.Errorf("refused after %d", made)
	}
	service, err := w.CreateAccount(w.op, identity.NewAccount{Name: "svc", Type: authz.Account, Owner: w.user("bob").ID})
	w.fine(err)
	w.is(second(w.EditAccount(w.op, service.ID, identity.AccountEdit{Owner: &ann.ID})), errs.Invalid)
}
