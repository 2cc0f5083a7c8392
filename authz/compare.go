package authz

import (
	"fmt"
	"slices"
	"strings"
)

// Right is something that somebody may do somewhere.
type Right struct {
	Kind   Kind
	Action Action
	Domain string // id of a domain, NoDomain or Everywhere
}

// String is the right in words, without its domain: "edit assets".
func (r Right) String() string { return Words(r.Kind, r.Action) }

// Effect is what a change of rules means for one principal.
type Effect struct {
	Who   Principal
	Gains []Right
	Loses []Right
}

// Compare tells who gains and who loses what if the rules become others. It has those alone whom the change touches, in the
// order in which they are given. A right that is gained or lost everywhere is not told again for each domain.
// Errors: Internal if a set of rules can't be read.
func Compare(before, after []Rule, all []Principal) ([]Effect, error) {
	was, err := compile(before)
	if err != nil {
		return nil, err
	}
	becomes, err := compile(after)
	if err != nil {
		return nil, err
	}
	c := comparison{was: was, becomes: becomes, changed: changedRules(before, after), known: map[string]Effect{}}
	var out []Effect
	for _, who := range all {
		e := c.effect(who)
		if len(e.Gains)+len(e.Loses) > 0 {
			e.Who = who
			out = append(out, e)
		}
	}
	return out, nil
}

// changedRules are the rules that only one of the two sets has: nothing else can make a difference.
func changedRules(before, after []Rule) []Rule {
	var out []Rule
	for _, r := range before {
		if !slices.Contains(after, r) {
			out = append(out, r)
		}
	}
	for _, r := range after {
		if !slices.Contains(before, r) {
			out = append(out, r)
		}
	}
	return out
}

// comparison remembers what it found by the roles that somebody holds: many hold the same ones.
type comparison struct {
	was, becomes *ruleset
	changed      []Rule
	known        map[string]Effect
}

func (c *comparison) effect(who Principal) Effect {
	key := fmt.Sprintf("%s %v", who.Type, who.Roles)
	if who.Owner != nil {
		key += fmt.Sprintf(" %v", who.Owner.Roles)
	}
	if e, ok := c.known[key]; ok {
		return e
	}
	var e Effect
	for _, kind := range RuleKinds {
		for _, action := range RuleActions {
			if c.touched(who, kind, action) {
				c.compare(&e, who, kind, action)
			}
		}
	}
	c.known[key] = e
	return e
}

// touched tells whether a changed rule speaks of it, to somebody with a role that he has.
func (c *comparison) touched(who Principal, kind Kind, action Action) bool {
	return slices.ContainsFunc(c.changed, func(r Rule) bool {
		return (r.Kind == Any || r.Kind == kind) && (r.Action == Any || r.Action == action) && hasRole(who, r.Role)
	})
}

func hasRole(who Principal, role string) bool {
	if role == Member {
		return true
	}
	is := func(h Held) bool { return h.Role == role }
	return slices.ContainsFunc(who.Roles, is) || who.Owner != nil && slices.ContainsFunc(who.Owner.Roles, is)
}

// compare adds what changes about one thing, everywhere or else in each domain that may differ.
func (c *comparison) compare(e *Effect, who Principal, kind Kind, action Action) {
	add := func(domain string) bool {
		a := c.was.explain(who, kind, domain, action).Allowed
		b := c.becomes.explain(who, kind, domain, action).Allowed
		switch {
		case a && !b:
			e.Loses = append(e.Loses, Right{kind, action, domain})
		case b && !a:
			e.Gains = append(e.Gains, Right{kind, action, domain})
		}
		return a != b
	}
	if add(Everywhere) {
		return
	}
	for _, domain := range c.domains(who) {
		add(domain)
	}
}

// domains are those in which somebody's rights may differ from his rights elsewhere: where he holds a role, and those that
// a changed rule names.
func (c *comparison) domains(who Principal) []string {
	out := domainsOf(who)
	for _, r := range c.changed {
		if r.Domain != Everywhere {
			out = append(out, r.Domain)
		}
	}
	slices.SortFunc(out, strings.Compare)
	return slices.Compact(out)
}
