package gqlschema

import (
	"context"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

// actOf is the one act that an input says. Errors: Invalid, Forbidden for an export of nothing.
func (r *resolver) actOf(ctx context.Context, in gen.ActInput) (marketplace.ActInput, error) {
	var out []marketplace.ActInput
	if a := in.Role; a != nil {
		out = append(out, marketplace.RoleAct{Subject: a.Subject, Role: a.Role, Domain: a.Domain, Take: a.Take})
	}
	if a := in.Rules; a != nil {
		out = append(out, marketplace.RulesAct{Edits: a.Edits, Drop: rulesOf(a.Drop), Add: rulesOf(a.Add)})
	}
	if a := in.Agent; a != nil {
		out = append(out, marketplace.AgentAct{Name: a.Name, Type: accountType(a.Type), Owner: or(a.Owner, self(ctx)), Purpose: or(a.Purpose, "")})
	}
	if a := in.Delete; a != nil {
		out = append(out, marketplace.DeleteAct{Dataset: a.Dataset})
	}
	if a := in.Export; a != nil {
		export, err := r.market.ExportOf(ctx, unword[string](a.State))
		if err != nil {
			return nil, err
		}
		out = append(out, export)
	}
	if len(out) != 1 {
		return nil, errs.Badf("act", "says %d acts; it has to be one.", len(out))
	}
	return out[0], nil
}

func rulesOf(in []*gen.RuleInput) []authz.Rule {
	var out []authz.Rule
	for _, r := range in {
		out = append(out, authz.Rule{Role: r.Role, Domain: r.Domain, Kind: ruleKind(r.Kind), Action: ruleAction(r.Action), Deny: r.Deny})
	}
	return out
}

// ActEffect says what an act would change, and whether it has to be proposed.
func (q queries) ActEffect(ctx context.Context, in gen.ActInput) (*gen.ActEffect, error) {
	act, err := q.actOf(ctx, in)
	if err != nil {
		return nil, err
	}
	e, err := q.market.DescribeAct(ctx, act)
	if err != nil {
		return nil, err
	}
	needs, err := q.market.NeedsSecond(ctx, act)
	return &gen.ActEffect{Title: e.Title, Lines: full(e.Lines), About: ref(e.About), NeedsSecond: needs}, err
}

func (q queries) ActRules(ctx context.Context) ([]*gen.ActRule, error) {
	found, err := q.market.ActRules(ctx)
	return all(found, func(r marketplace.ActRule) *gen.ActRule {
		return &gen.ActRule{Act: word[gen.ActName](r.Act), Confirm: r.Confirm, By: somebody(r.By), At: when(r.At), Version: int(r.Version)}
	}), err
}

func (m mutations) SetActRule(ctx context.Context, act gen.ActName, confirm bool, version int) (*gen.ActRule, error) {
	if err := m.market.SetActRule(ctx, unword[string](act), confirm, int64(version)); err != nil {
		return nil, err
	}
	rules, err := queries(m).ActRules(ctx)
	i := slices.IndexFunc(rules, func(r *gen.ActRule) bool { return r.Act == act })
	if err != nil || i < 0 {
		return nil, err
	}
	return rules[i], nil
}

func (m mutations) DeleteDataset(ctx context.Context, id graph.ID) (graph.ID, error) {
	err := m.market.DeleteNow(ctx, marketplace.DeleteAct{Dataset: id})
	loadersOf(ctx).forget()
	return id, err
}

// direct refuses an act that needs a second person here: that is proposed. Errors: Conflict.
func (m mutations) direct(ctx context.Context, in marketplace.ActInput) error {
	if m.market == nil {
		return nil
	}
	return m.market.Direct(ctx, in)
}
