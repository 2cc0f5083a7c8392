package authz

import "testing"

// TestRights_TellApartWhatDecisionsTellApart: what is remembered for one may not be answered to another.
func TestRights_TellApartWhatDecisionsTellApart(t *testing.T) {
	owner := Principal{ID: "usr_o", Type: Person, Roles: []Held{{Steward, "dom_a"}}}
	all := map[string]Principal{
		"nobody":        {},
		"a person":      {Type: Person},
		"a steward":     {Type: Person, Roles: []Held{{Steward, "dom_a"}}},
		"elsewhere":     {Type: Person, Roles: []Held{{Steward, "dom_b"}}},
		"an owner":      {Type: Person, Roles: []Held{{Owner, "dom_a"}}},
		"two roles":     {Type: Person, Roles: []Held{{Steward, "dom_a"}, {Owner, "dom_a"}}},
		"a token":       {Type: Person, Token: "tok", Roles: []Held{{Steward, "dom_a"}}},
		"with a scope":  {Type: Person, Token: "tok", Scopes: []string{ScopeRead}, Roles: []Held{{Steward, "dom_a"}}},
		"another scope": {Type: Person, Token: "tok", Scopes: []string{ScopeAudit}, Roles: []Held{{Steward, "dom_a"}}},
		"an agent":      {Type: Agent, Roles: []Held{{Steward, "dom_a"}}},
		"owned":         {Type: Agent, Roles: []Held{{Steward, "dom_a"}}, Owner: &owner},
		"owned by less": {Type: Agent, Roles: []Held{{Steward, "dom_a"}}, Owner: &Principal{Type: Person}},
		"the machine":   {Type: Machine},
	}
	keys := map[string]string{}
	for name, p := range all {
		if other, ok := keys[p.rights()]; ok {
			t.Errorf("%s has the rights of %s", name, other)
		}
		keys[p.rights()] = name
	}
	a, b := all["a steward"], all["a steward"]
	a.ID, b.ID = "usr_a", "usr_b"
	if a.rights() != b.rights() {
		t.Error("the same rights differ by who holds them")
	}
}
