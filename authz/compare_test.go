package authz

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func without(rules []Rule, drop func(Rule) bool) []Rule {
	return slices.DeleteFunc(slices.Clone(rules), drop)
}

func with(rules []Rule, more ...Rule) []Rule { return append(slices.Clone(rules), more...) }

// told writes effects as "name +gain@domain -loss@domain".
func told(all []Effect) string {
	var out []string
	for _, e := range all {
		out = append(out, e.Who.ID)
		for _, r := range e.Gains {
			out = append(out, fmt.Sprintf("+%s.%s@%s", r.Kind, r.Action, r.Domain))
		}
		for _, r := range e.Loses {
			out = append(out, fmt.Sprintf("-%s.%s@%s", r.Kind, r.Action, r.Domain))
		}
	}
	return strings.Join(out, " ")
}

func TestCompare(t *testing.T) {
	named := func(id string, held ...Held) Principal { return Principal{ID: id, Name: id, Type: Person, Roles: held} }
	ann := named("ann", Held{Steward, "dom_fin"})
	people := []Principal{
		ann, named("bob", Held{Steward, "dom_ops"}, Held{Owner, "dom_ops"}), named("cid", Held{Steward, Everywhere}), named("dan"),
		{ID: "bot", Type: Agent, Owner: &ann, Roles: []Held{{Steward, Everywhere}}},
	}
	stewardEdits := Rule{Role: Steward, Domain: Everywhere, Kind: Asset, Action: Edit}
	for name, tt := range map[string]struct {
		after []Rule
		want  string
	}{
		"nothing changes": {slices.Clone(DefaultRules), ""},
		"another order":   {with(without(DefaultRules, func(r Rule) bool { return r == stewardEdits }), stewardEdits), ""},
		"a permission goes": {
			without(DefaultRules, func(r Rule) bool { return r == stewardEdits }),
			"ann -asset.edit@dom_fin cid -asset.edit@* bot -asset.edit@dom_fin", // bob has it as an owner
		},
		"in one domain alone": {
			with(DefaultRules, Rule{Role: Steward, Domain: "dom_ops", Kind: Event, Action: Write}),
			"bob +event.write@dom_ops cid +event.write@dom_ops", // the agent has no more than ann
		},
		"for everybody": {
			with(DefaultRules, Rule{Role: Member, Domain: Everywhere, Kind: Audit, Action: View}),
			"ann +audit.view@* bob +audit.view@* cid +audit.view@* dan +audit.view@* bot +audit.view@*",
		},
		"a denial": {
			with(DefaultRules, Rule{Role: Owner, Domain: Everywhere, Kind: Asset, Action: Link, Deny: true}),
			"bob -asset.link@dom_ops",
		},
		"what nobody holds": {with(DefaultRules, Rule{Role: Approver, Domain: Everywhere, Kind: Asset, Action: Edit}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Compare(DefaultRules, tt.after, people)
			if err != nil || told(got) != tt.want {
				t.Errorf("got %s, %v\nwant %s", told(got), err, tt.want)
			}
		})
	}
}

// TestCompare_agrees asks every question of every principal, and finds the same differences.
func TestCompare_agrees(t *testing.T) {
	after := with(without(DefaultRules, func(r Rule) bool { return r.Role == Owner && r.Kind == Asset }),
		Rule{Role: Consumer, Domain: "dom_a", Kind: Any, Action: Export}, Rule{Role: Platform, Domain: Everywhere, Kind: System, Action: Any, Deny: true})
	was, becomes := policyOf(t, DefaultRules), policyOf(t, after)
	var people []Principal
	for _, role := range Builtin {
		for _, domain := range []string{Everywhere, "dom_a", "dom_b", NoDomain} {
			people = append(people, Principal{ID: role.Name + "@" + domain, Type: Person, Roles: []Held{{role.Name, domain}}})
		}
	}
	effects, err := Compare(DefaultRules, after, people)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range people {
		differs := false
		for _, kind := range RuleKinds {
			for _, action := range RuleActions {
				for _, domain := range []string{Everywhere, "dom_a", "dom_b", NoDomain} {
					differs = differs || was.ExplainFor(who, kind, domain, action).Allowed != becomes.ExplainFor(who, kind, domain, action).Allowed
				}
			}
		}
		if has := slices.ContainsFunc(effects, func(e Effect) bool { return e.Who.ID == who.ID }); has != differs {
			t.Errorf("%s: differs %t, told %t", who.ID, differs, has)
		}
	}
}
