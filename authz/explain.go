package authz

import (
	"context"
	"fmt"
	"slices"
)

// Why is the answer to "why can I (not)?".
type Why struct {
	Allowed bool
	Rule    *Rule  // that decided; nil if none spoke of it, or something else than a rule decided
	Reason  string // in plain words
}

// Explain tells whether the principal in ctx may do it, and what decided.
func (p *Policy) Explain(ctx context.Context, kind Kind, domain string, action Action) Why {
	if p == nil {
		return Why{Allowed: true, Reason: "No rules are in force."}
	}
	return p.rules.Load().explain(From(ctx), kind, domain, action)
}

// ExplainFor is Explain for somebody else; it asks for no right by itself.
func (p *Policy) ExplainFor(who Principal, kind Kind, domain string, action Action) Why {
	return p.rules.Load().explain(who, kind, domain, action)
}

func (s *ruleset) explain(who Principal, kind Kind, domain string, action Action) Why {
	switch {
	case !who.Known():
		return Why{Reason: "Nobody is signed in."}
	case !inScope(who, kind, action):
		return Why{Reason: fmt.Sprintf("The token's scopes (%s) don't include this.", words(who.Scopes))}
	case who.Type == Machine:
		return Why{Allowed: true, Reason: "The operator at the machine may do everything."}
	}
	if domain == "" {
		domain = NoDomain
	}
	why := s.decide(who, kind, domain, action)
	if !why.Allowed || who.Type != Agent {
		return why
	}
	if who.Owner == nil {
		return Why{Reason: "The agent has no owner, so it may do nothing."}
	}
	if owner := s.decide(*who.Owner, kind, domain, action); !owner.Allowed {
		return Why{Rule: owner.Rule, Reason: "The agent acts within the rights of " + who.Owner.Name + ", who may not do this. " + owner.Reason}
	}
	return why
}

// decide asks the rules alone.
func (s *ruleset) decide(who Principal, kind Kind, domain string, action Action) Why {
	ok, line, err := s.enforcer.EnforceEx(who, domain, string(kind), string(action))
	if err != nil {
		return Why{Reason: "The rules can't be read."} // deny: what can't be decided is not allowed
	}
	if len(line) == 0 {
		return Why{Reason: fmt.Sprintf("None of the roles held may %s%s.", Words(kind, action), where(domain))}
	}
	r := ruleOf(line)
	if ok {
		return Why{Allowed: true, Rule: &r, Reason: fmt.Sprintf("The role %s may %s%s.", r.Role, Words(r.Kind, r.Action), where(r.Domain))}
	}
	return Why{Rule: &r, Reason: fmt.Sprintf("A rule denies the role %s to %s%s.", r.Role, Words(r.Kind, r.Action), where(r.Domain))}
}

// granted are what each scope opens.
var granted = map[string]func(Kind, Action) bool{
	ScopeLineage: func(k Kind, a Action) bool { return k == Event && a == Write },
	ScopeRead:    reads,
	ScopeEdit: func(k Kind, a Action) bool {
		return reads(k, a) || (k == Asset || k == Domain) && (a == Edit || a == Link)
	},
	ScopeAudit: func(k Kind, a Action) bool { return k == Audit && (a == View || a == Export) },
	ScopeAsk:   func(k Kind, a Action) bool { return reads(k, a) || k == Request && a == Write },
	ScopeDecide: func(k Kind, a Action) bool {
		return reads(k, a) || k == Request && a == Decide
	},
	ScopeAdmin: func(Kind, Action) bool { return true },
}

func reads(k Kind, a Action) bool {
	switch k {
	case Asset, Domain:
		return slices.Contains([]Action{View, ViewDomain, ViewClosed, Export}, a)
	case People, Self, Product, Template, Request, Grant:
		return a == View
	}
	return false
}

// inScope tells whether the token that was shown, if one was, is good for it.
func inScope(who Principal, kind Kind, action Action) bool {
	if who.Token == "" {
		return true
	}
	return slices.ContainsFunc(who.Scopes, func(scope string) bool {
		opens, ok := granted[scope]
		return ok && opens(kind, action)
	})
}
