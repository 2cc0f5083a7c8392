package authz_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
)

// world is a store with rules, two people and a team.
func world(t *testing.T) *authz.Service {
	t.Helper()
	who := graph.Declare[struct {
		Name string `graph:"name"`
	}]("User", graph.Spec{Prefix: "usr"})
	schema, err := graph.Merge(audit.Schema(), authz.Schema(), who.Schema())
	if err != nil {
		t.Fatal(err)
	}
	s := graphtest.Memory(schema)
	ctx := t.Context()
	for range 2 { // the second run finds everything there
		if err := authz.Install(ctx, s, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	err = s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx,
			graph.NodeWrite{Node: graph.Node{ID: "usr_ada", Kind: who.Kind, Props: graph.Props{"name": "Ada"}}},
			graph.NodeWrite{Node: graph.Node{ID: "usr_bob", Kind: who.Kind, Props: graph.Props{"name": "Bob"}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := authz.NewPolicy(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	return &authz.Service{Store: s, Policy: p, Now: time.Now}
}

func admin(id string) authz.Principal {
	return authz.Principal{ID: id, Type: authz.Person, Roles: []authz.Held{{Role: authz.Admin, Domain: authz.Everywhere}}}
}

func TestService_Roles(t *testing.T) {
	s := world(t)
	op, ada := authz.With(t.Context(), authz.Operator), authz.With(t.Context(), admin("usr_ada"))
	if err := s.GrantRole(op, authz.RoleChange{Subject: "usr_ada", Role: authz.Admin, Domain: authz.Everywhere}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		ctx  context.Context
		c    authz.RoleChange
		want errs.Kind
	}{
		"by nobody":               {t.Context(), authz.RoleChange{Subject: "usr_bob", Role: authz.Owner, Domain: authz.Everywhere}, errs.Unauthenticated},
		"to himself":              {ada, authz.RoleChange{Subject: "usr_ada", Role: authz.Owner, Domain: authz.Everywhere}, errs.Forbidden},
		"to nobody there":         {ada, authz.RoleChange{Subject: "usr_eve", Role: authz.Owner, Domain: authz.Everywhere}, errs.NotFound},
		"no such role":            {ada, authz.RoleChange{Subject: "usr_bob", Role: "king", Domain: authz.Everywhere}, errs.Invalid},
		"consumers everywhere":    {ada, authz.RoleChange{Subject: "usr_bob", Role: authz.Consumer, Domain: authz.Everywhere}, errs.Invalid},
		"administrator of a part": {ada, authz.RoleChange{Subject: "usr_bob", Role: authz.Admin, Domain: authz.NoDomain}, errs.Invalid},
	} {
		if err := s.GrantRole(tt.ctx, tt.c); !errs.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.RevokeRole(op, authz.RoleChange{Subject: "usr_ada", Role: authz.Admin, Domain: authz.Everywhere}); !errs.Is(err, errs.Conflict) {
		t.Errorf("the last administrator: %v", err)
	}
	give := authz.RoleChange{Subject: "usr_bob", Role: authz.Steward, Domain: authz.Everywhere}
	for range 2 {
		if err := s.GrantRole(ada, give); err != nil {
			t.Fatal(err)
		}
	}
	if held, err := authz.HeldBy(ada, s.Store, "usr_bob"); err != nil || !slices.Equal(held, []authz.Held{{Role: authz.Steward, Domain: authz.Everywhere}}) {
		t.Errorf("%v %v", held, err)
	}
	if err := s.RevokeRole(ada, give); err != nil {
		t.Fatal(err)
	}
	if held, err := authz.HeldBy(ada, s.Store, "usr_bob"); err != nil || len(held) > 0 {
		t.Errorf("%v %v", held, err)
	}
	checkLog(t, s.Store, "policy.install", "role.grant", "!role.grant", "role.grant", "role.revoke")
}

// checkLog compares the actions in the log, those refused with "!".
func checkLog(t *testing.T, s graph.Store, want ...string) {
	t.Helper()
	entries, err := audit.Since(t.Context(), s, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if e.Decision == audit.Denied {
			e.Action = "!" + e.Action
		}
		got = append(got, e.Action)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the log says %v, want %v", got, want)
	}
}

func TestService_SetRules(t *testing.T) {
	s := world(t)
	ada := authz.With(t.Context(), admin("usr_ada"))
	rules, edits := s.Policy.Rules()
	if !slices.Equal(rules, authz.DefaultRules) {
		t.Fatalf("installed: %v", rules)
	}
	steward := authz.Principal{ID: "usr_bob", Type: authz.Person, Roles: []authz.Held{{Role: authz.Steward, Domain: "dom_x"}}}
	bob := authz.With(t.Context(), steward)
	if !s.Policy.Can(bob, authz.Asset, "dom_x", authz.Edit) {
		t.Fatal("a steward may not edit")
	}
	fewer := slices.DeleteFunc(rules, func(r authz.Rule) bool { return r.Role == authz.Steward && r.Action == authz.Edit })
	if err := s.SetRules(bob, edits, fewer); !errs.Is(err, errs.Forbidden) {
		t.Errorf("by a steward: %v", err)
	}
	if err := s.SetRules(ada, edits-1, fewer); !errs.Is(err, errs.Conflict) {
		t.Errorf("of an older state: %v", err)
	}
	if err := s.SetRules(ada, edits, fewer); err != nil {
		t.Fatal(err)
	}
	if s.Policy.Can(bob, authz.Asset, "dom_x", authz.Edit) {
		t.Error("a rule that is gone still holds")
	}
	if now, n := s.Policy.Rules(); !slices.Equal(now, fewer) || n != edits+1 {
		t.Errorf("%d edits: %v", n, now)
	}
	checkLog(t, s.Store, "policy.install", "!policy.edit", "policy.edit")
}
