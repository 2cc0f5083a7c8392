package authz

import (
	"context"
	"slices"

	"weir/graph"
)

// Visibility is who may see an asset at all.
type Visibility string

// The visibilities: everybody who is signed in; whoever may see the domain; named roles of the domain.
const (
	Open     Visibility = "open"
	InDomain Visibility = "domain"
	Closed   Visibility = "closed"
)

// Visibilities are all of them, widest first.
var Visibilities = []Visibility{Open, InDomain, Closed}

// Audience is the key that an asset carries for its visibility in a domain ("" for none). A change of rules rewrites no
// asset: the keys say where an asset stands, the rules say who has which keys.
func Audience(v Visibility, domain graph.ID) string {
	if domain == "" {
		domain = NoDomain
	}
	switch v {
	case InDomain:
		return "d:" + string(domain)
	case Closed:
		return "c:" + string(domain)
	}
	return string(Open)
}

// Visible is what the principal in ctx may see: nil is everything. A role that is held everywhere opens what is visible
// inside domains only together with what is closed; there may be more domains than a query has room for.
func (p *Policy) Visible(ctx context.Context) *graph.Visible {
	if p == nil {
		return nil
	}
	set := p.rules.Load()
	return set.seen.of(set, From(ctx))
}

// Sees tells whether the principal in ctx may see what carries an audience key.
func (p *Policy) Sees(ctx context.Context, audience string) bool {
	v := p.Visible(ctx)
	return v == nil || slices.Contains(v.Audiences, audience)
}

func (s *ruleset) visible(who Principal) *graph.Visible {
	can := func(domain string, a Action) bool { return s.explain(who, Asset, domain, a).Allowed }
	all := func(domain string) bool {
		return can(domain, View) && can(domain, ViewDomain) && can(domain, ViewClosed)
	}
	domains := domainsOf(who)
	denied := slices.ContainsFunc(domains, func(domain string) bool { return !all(domain) })
	if all(Everywhere) && !denied { // a role held in one domain alone may deny there what another allows everywhere
		return nil
	}
	v := &graph.Visible{Audiences: []string{}}
	if can(Everywhere, View) {
		v.Audiences = append(v.Audiences, string(Open))
	}
	for _, domain := range domains {
		if can(domain, ViewDomain) {
			v.Audiences = append(v.Audiences, Audience(InDomain, graph.ID(domain)))
		}
		if can(domain, ViewClosed) {
			v.Audiences = append(v.Audiences, Audience(Closed, graph.ID(domain)))
		}
	}
	return v
}

// MaxDomains is in how many domains somebody may hold roles, each for itself: a query takes graph.MaxAudiences keys, two a
// domain and one for what is open. Whoever works in more holds his role everywhere.
const MaxDomains = (graph.MaxAudiences - 1) / 2

// domainsOf are the domains in which somebody, or the person behind an agent, holds a role, sorted, at most MaxDomains.
func domainsOf(who Principal) []string {
	var out []string
	held := who.Roles
	if who.Type == Agent && who.Owner != nil {
		held = slices.Concat(held, who.Owner.Roles)
	}
	for _, h := range held {
		if h.Domain != Everywhere {
			out = append(out, h.Domain)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), MaxDomains)]
}
