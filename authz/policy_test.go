package authz

import (
	"slices"
	"testing"

	"weir/errs"
)

func policyOf(t *testing.T, rules []Rule) *Policy {
	t.Helper()
	set, err := compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	p := &Policy{}
	p.rules.Store(set)
	return p
}

func person(held ...Held) Principal {
	return Principal{ID: "usr_1", Name: "Ada", Type: Person, Roles: held}
}

func TestPolicy_Default(t *testing.T) {
	p := policyOf(t, DefaultRules)
	const fin, ops = "dom_fin", "dom_ops"
	steward := person(Held{Steward, fin})
	agent := Principal{ID: "acc_1", Type: Agent, Token: "tok_1", Scopes: []string{ScopeAdmin}, Roles: []Held{{Steward, fin}, {Steward, ops}}, Owner: &steward}
	token := steward
	token.Token, token.Scopes = "tok_2", []string{ScopeRead}
	for _, tt := range []struct {
		name   string
		who    Principal
		kind   Kind
		domain string
		action Action
		want   bool
	}{
		{"nobody reads nothing", Principal{}, Asset, "", View, false},
		{"a member reads what is open", person(), Asset, "", View, true},
		{"a member edits nothing", person(), Asset, fin, Edit, false},
		{"a steward edits his domain", steward, Asset, fin, Edit, true},
		{"a steward edits no other domain", steward, Asset, ops, Edit, false},
		{"a steward edits nothing everywhere", steward, Asset, Everywhere, Edit, false},
		{"an auditor reads the log", person(Held{Auditor, Everywhere}), Audit, Everywhere, View, true},
		{"an auditor edits nothing", person(Held{Auditor, Everywhere}), Asset, fin, Edit, false},
		{"an auditor of one domain doesn't read the log", person(Held{Auditor, fin}), Audit, Everywhere, View, false},
		{"an admin manages roles", person(Held{Admin, Everywhere}), Roles, fin, Manage, true},
		{"the operator may do all", Operator, Audit, Everywhere, Erase, true},
		{"a token of the operator has its scopes alone", Principal{ID: "operator", Type: Machine, Token: "t", Scopes: []string{ScopeLineage}}, Asset, "", View, false},
		{"a token of the operator does what its scope says", Principal{ID: "operator", Type: Machine, Token: "t", Scopes: []string{ScopeLineage}}, Event, Everywhere, Write, true},
		{"an agent acts where it and its owner may", agent, Asset, fin, Edit, true},
		{"an agent doesn't act where its owner may not", agent, Asset, ops, Edit, false},
		{"a token reads in its scope", token, Asset, fin, ViewClosed, true},
		{"a token writes nothing beyond its scope", token, Asset, fin, Edit, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx := With(t.Context(), tt.who)
			if why := p.Explain(ctx, tt.kind, tt.domain, tt.action); why.Allowed != tt.want || why.Reason == "" {
				t.Errorf("%+v", why)
			}
		})
	}
	if err := p.Require(t.Context(), Asset, "", View); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("nobody: %v", err)
	}
	if err := p.Require(With(t.Context(), steward), Rules, Everywhere, Manage); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a steward changes rules: %v", err)
	}
}

func TestPolicy_Visible(t *testing.T) {
	p := policyOf(t, DefaultRules)
	keys := func(who Principal) []string {
		v := p.Visible(With(t.Context(), who))
		if v == nil {
			return []string{"all"}
		}
		return v.Audiences
	}
	steward := person(Held{Steward, "dom_fin"})
	for _, tt := range []struct {
		name string
		who  Principal
		want []string
	}{
		{"nobody", Principal{}, []string{}},
		{"member", person(), []string{"open"}},
		{"consumer", person(Held{Consumer, "dom_fin"}), []string{"open", "d:dom_fin"}},
		{"steward", steward, []string{"open", "d:dom_fin", "c:dom_fin"}},
		{"auditor", person(Held{Auditor, Everywhere}), []string{"all"}},
		{"agent of a steward", Principal{ID: "a", Type: Agent, Owner: &steward, Roles: []Held{{Auditor, Everywhere}}}, []string{"open", "d:dom_fin", "c:dom_fin"}},
		{"token that only writes", Principal{ID: "a", Type: Account, Token: "t", Scopes: []string{ScopeLineage}, Roles: []Held{{Auditor, Everywhere}}}, []string{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := keys(tt.who); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestPolicy_VisibleKeepsToDenials: a role that is held in one domain may deny there what another allows everywhere.
func TestPolicy_VisibleKeepsToDenials(t *testing.T) {
	p := policyOf(t, append(slices.Clone(DefaultRules), Rule{Role: Consumer, Domain: Everywhere, Kind: Asset, Action: ViewClosed, Deny: true}))
	who := person(Held{Approver, Everywhere}, Held{Consumer, "dom_fin"})
	ctx := With(t.Context(), who)
	if p.Can(ctx, Asset, "dom_fin", ViewClosed) || p.Sees(ctx, "c:dom_fin") || !p.Sees(ctx, "d:dom_fin") {
		t.Errorf("sees %+v", p.Visible(ctx))
	}
}

func TestPolicy_DenyOutweighs(t *testing.T) {
	p := policyOf(t, append(slices.Clone(DefaultRules), Rule{Role: Steward, Domain: Everywhere, Kind: Asset, Action: Edit, Deny: true}))
	who := person(Held{Steward, "dom_fin"}, Held{Admin, Everywhere})
	why := p.Explain(With(t.Context(), who), Asset, "dom_fin", Edit)
	if why.Allowed || why.Rule == nil || !why.Rule.Deny {
		t.Errorf("%+v", why)
	}
}

func TestCheckRules(t *testing.T) {
	for name, rules := range map[string][]Rule{
		"nobody may change them": {{Role: Member, Domain: Everywhere, Kind: Asset, Action: View}},
		"no such kind":           append(slices.Clone(DefaultRules), Rule{Role: Owner, Domain: Everywhere, Kind: "moon", Action: View}),
		"no such action":         append(slices.Clone(DefaultRules), Rule{Role: Owner, Domain: Everywhere, Kind: Asset, Action: "fly"}),
		"no domain":              append(slices.Clone(DefaultRules), Rule{Role: Owner, Kind: Asset, Action: View}),
		"hides one domain":       append(slices.Clone(DefaultRules), Rule{Role: Admin, Domain: "dom_x", Kind: Asset, Action: Any, Deny: true}),
	} {
		if err := CheckRules(rules); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := CheckRules(DefaultRules); err != nil {
		t.Error(err)
	}
}
