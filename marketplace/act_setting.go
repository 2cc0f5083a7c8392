package marketplace

import (
	"context"
	"slices"
	"strconv"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// confirmed are the acts that need a second person where nobody has said otherwise.
var confirmed = []string{ActDelete, ActExport}

func actRuleID(name string) graph.ID { return graph.ID(actRuleType.Spec.Prefix + "_" + name) }

// ActRules are all acts with whether they need a second person, in the order of Acts. Errors: Unauthenticated.
func (s *Service) ActRules(ctx context.Context) ([]ActRule, error) {
	if err := s.mayLook(ctx); err != nil {
		return nil, err
	}
	var out []ActRule
	for _, name := range Acts {
		rule, err := actRuleOf(ctx, s.store, name)
		if err != nil {
			return nil, err
		}
		out = append(out, rule)
	}
	return out, nil
}

func actRuleOf(ctx context.Context, r graph.Reader, name string) (ActRule, error) {
	rule, ok, err := get(ctx, r, actRuleType, actRuleID(name))
	if err == nil && !ok {
		rule = ActRule{Act: name, Confirm: slices.Contains(confirmed, name)}
	}
	return rule, err
}

// SetActRule says whether an act needs a second person. It takes the right to change the rules.
// Errors: Unauthenticated, Forbidden, Invalid, Conflict if somebody else changed it since version.
func (s *Service) SetActRule(ctx context.Context, name string, confirm bool, version int64) error {
	const action = "marketplace.act-rule"
	if !slices.Contains(Acts, name) {
		return errs.Bad("act", "is none that there is.")
	}
	if err := s.policy.Require(ctx, authz.Rules, authz.Everywhere, authz.Manage); err != nil {
		return s.refused(ctx, action, actRuleID(name), err)
	}
	return s.run(ctx, action, actRuleID(name), func(ctx context.Context, tx graph.Tx) (deed, error) {
		rule, err := actRuleOf(ctx, tx, name)
		if err != nil {
			return deed{}, err
		}
		if rule.Version != version {
			return deed{}, errs.E(errs.Conflict, "Somebody else changed this meanwhile. Look at it again, then save yours.")
		}
		d := deed{target: actRuleID(name), facts: map[string]string{"act": name},
			changes: changed(nil, actRuleID(name), "confirm", strconv.FormatBool(rule.Confirm), strconv.FormatBool(confirm))}
		if len(d.changes) == 0 {
			return d, nil
		}
		rule.Confirm, rule.By, rule.At = confirm, graph.ID(authz.Actor(ctx)), graph.Time(s.now())
		mode := graph.IfVersion
		if version == 0 {
			mode = graph.Create
		}
		_, err = put(ctx, tx, actRuleType, actRuleID(name), mode, rule)
		return d, err
	})
}

// NeedsSecond tells whether an act has to be proposed. Who works at the machine needs nobody's word.
func (s *Service) NeedsSecond(ctx context.Context, in ActInput) (bool, error) {
	if s.unbound(ctx) {
		return false, nil
	}
	rule, err := actRuleOf(ctx, s.store, in.name())
	if err != nil || !rule.Confirm {
		return false, err
	}
	return in.second(ctx, s.store)
}

// Direct refuses an act that has to be proposed: entrances of commands that do such acts ask it first.
// Errors: Conflict.
func (s *Service) Direct(ctx context.Context, in ActInput) error {
	needs, err := s.NeedsSecond(ctx, in)
	if err == nil && needs {
		err = errs.E(errs.Conflict, "This needs a second person here. Propose it, and somebody else confirms it.")
	}
	return err
}
