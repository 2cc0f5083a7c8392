package gqlschema

import (
	"context"
	"strings"

	"weir/authz"
	"weir/gqlschema/gen"
	"weir/graph"
)

func (r *resolver) Viewer() gen.ViewerResolver { return &viewers{r} }

type viewers struct{ *resolver }

// Viewer tells who asks.
func (queries) Viewer(ctx context.Context) (*gen.Viewer, error) {
	who := authz.From(ctx)
	if !who.Known() {
		return nil, nil
	}
	out := &gen.Viewer{
		ID: graph.ID(who.ID), Name: who.Name, Type: gen.PrincipalType(strings.ToUpper(string(who.Type))),
		Teams: ids(who.Teams), Roles: all(who.Roles, showHeld),
	}
	if who.Token != "" {
		out.Scopes = append([]string{}, who.Scopes...)
	}
	if who.Owner != nil {
		owner := graph.ID(who.Owner.ID)
		out.Owner = &owner
	}
	return out, nil
}

// Can tells whether the viewer may do something, and what decided.
func (v viewers) Can(ctx context.Context, _ *gen.Viewer, kind gen.RuleKind, action gen.RuleAction, domain string) (*gen.Decision, error) {
	why := v.policy.Explain(ctx, ruleKind(kind), domain, ruleAction(action))
	out := &gen.Decision{Allowed: why.Allowed, Reason: why.Reason}
	if why.Rule != nil {
		out.Rule = showRule(*why.Rule)
	}
	return out, nil
}

func ids(in []string) []graph.ID {
	out := make([]graph.ID, len(in))
	for i, id := range in {
		out[i] = graph.ID(id)
	}
	return out
}

func showHeld(h authz.Held) *gen.HeldRole { return &gen.HeldRole{Role: h.Role, Domain: h.Domain} }

func showRule(r authz.Rule) *gen.Rule {
	return &gen.Rule{
		Role: r.Role, Domain: r.Domain, Kind: gen.RuleKind(spelt(string(r.Kind))), Action: gen.RuleAction(spelt(string(r.Action))), Deny: r.Deny,
	}
}

// Rules spell "*" and "view-domain" where the schema says ANY and VIEW_DOMAIN.
func spelt(name string) string {
	if name == authz.Any {
		return "ANY"
	}
	return strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

func unspelt(name string) string {
	if name == "ANY" {
		return authz.Any
	}
	return strings.ToLower(strings.ReplaceAll(name, "_", "-"))
}

func ruleKind(k gen.RuleKind) authz.Kind { return authz.Kind(unspelt(string(k))) }

func ruleAction(a gen.RuleAction) authz.Action { return authz.Action(unspelt(string(a))) }
