package authz

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"weir/errs"
	"weir/graph"
)

// casbinModel: who asks, where, about what, to do what. A denial outweighs; nothing said is denied.
const casbinModel = `
[request_definition]
r = sub, dom, kind, act

[policy_definition]
p = role, dom, kind, act, eft

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = (p.act == "*" || p.act == r.act) && (p.kind == "*" || p.kind == r.kind) && holds(r.sub, p.role, p.dom, r.dom)
`

// Policy answers who may do what, by the rules as they are in the store. A nil *Policy has no rules and allows
// everything: it is for the program's own commands at the machine, and for tests of what lies below the rules.
type Policy struct {
	rules   atomic.Pointer[ruleset]
	refused refusals
}

// ruleset is one state of the rules, never changed but for what it remembers of its answers.
type ruleset struct {
	rules    []Rule
	enforcer *casbin.Enforcer
	edits    int
	seen     seen
}

// NewPolicy makes a Policy of the rules in the store.
func NewPolicy(ctx context.Context, r graph.Reader) (*Policy, error) {
	p := &Policy{}
	return p, p.Reload(ctx, r)
}

// Reload reads the rules anew. While it fails the rules from before hold.
func (p *Policy) Reload(ctx context.Context, r graph.Reader) error {
	rules, edits, err := readRules(ctx, r)
	if err != nil {
		return err
	}
	set, err := compile(rules)
	if err != nil {
		return err
	}
	set.edits = edits
	p.rules.Store(set)
	return nil
}

// compile makes a ruleset of rules.
func compile(rules []Rule) (*ruleset, error) {
	m, err := model.NewModelFromString(casbinModel)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "The model of the rules is not right.")
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "The model of the rules is not right.")
	}
	e.AddFunction("holds", holds)
	for _, r := range rules {
		if _, err := e.AddPolicy(r.line()); err != nil {
			return nil, errs.Wrap(err, errs.Internal, "A rule can't be read.")
		}
	}
	return &ruleset{rules: rules, enforcer: e}, nil
}

// line is a rule as Casbin holds it.
func (r Rule) line() []string {
	effect := "allow"
	if r.Deny {
		effect = "deny"
	}
	return []string{r.Role, r.Domain, string(r.Kind), string(r.Action), effect}
}

func ruleOf(line []string) Rule {
	return Rule{Role: line[0], Domain: line[1], Kind: Kind(line[2]), Action: Action(line[3]), Deny: line[4] == "deny"}
}

// holds is the function of the matcher: the principal holds the rule's role where he asks, and the rule holds there.
// A rule of Everywhere holds in each domain; what is asked of Everywhere needs a role that is held everywhere.
func holds(args ...any) (any, error) {
	if len(args) != 4 {
		return false, fmt.Errorf("holds takes 4 arguments, not %d", len(args))
	}
	who, ok := args[0].(Principal)
	role, ok1 := args[1].(string)
	ruleDomain, ok2 := args[2].(string)
	domain, ok3 := args[3].(string)
	if !ok || !ok1 || !ok2 || !ok3 {
		return false, fmt.Errorf("holds takes a principal and three names")
	}
	if ruleDomain != Everywhere && ruleDomain != domain {
		return false, nil
	}
	return role == Member && who.Known() || who.Holds(role, domain), nil
}

// Rules returns the rules as they are, in the order in which they were saved, and how often they were edited.
func (p *Policy) Rules() (rules []Rule, edits int) {
	set := p.rules.Load()
	return slices.Clone(set.rules), set.edits
}

// Require refuses what the principal in ctx may not do. domain is the id of a domain, "" for what has none, or Everywhere.
// Errors: Unauthenticated if nobody is signed in, else Forbidden with the reason in plain words.
func (p *Policy) Require(ctx context.Context, kind Kind, domain string, action Action) error {
	why := p.Explain(ctx, kind, domain, action)
	if why.Allowed {
		return nil
	}
	if !From(ctx).Known() {
		return errs.E(errs.Unauthenticated, "Sign in first.")
	}
	return errs.E(errs.Forbidden, why.Reason)
}

// Can tells whether Require would let it through; to hide buttons, never to decide.
func (p *Policy) Can(ctx context.Context, kind Kind, domain string, action Action) bool {
	return p.Explain(ctx, kind, domain, action).Allowed
}

// CanSomewhere tells whether the principal may do it in any domain.
func (p *Policy) CanSomewhere(ctx context.Context, kind Kind, action Action) bool {
	if p.Can(ctx, kind, Everywhere, action) {
		return true
	}
	return slices.ContainsFunc(From(ctx).Roles, func(h Held) bool { return p.Can(ctx, kind, h.Domain, action) })
}
