package authz

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// Service holds the commands over roles and rules.
type Service struct {
	Store  graph.Store
	Policy *Policy
	Now    func() time.Time
}

// RoleChange is a role of somebody in a domain (its id, or Everywhere), to be given or taken.
type RoleChange struct {
	Subject graph.ID // a person, team or account
	Role    string
	Domain  string
}

// GrantRole gives somebody a role. Nobody gives one to himself, nor to a team that he is in, nor to an account of his.
// Errors: Forbidden, Invalid with the field, NotFound.
func (s *Service) GrantRole(ctx context.Context, c RoleChange) error {
	return s.change(ctx, "role.grant", c, func(ctx context.Context, tx graph.Tx, held []Held) ([]audit.Change, error) {
		if err := mayHold(c, held); err != nil {
			return nil, err
		}
		if slices.Contains(held, Held{c.Role, c.Domain}) {
			return nil, nil
		}
		err := tx.Link(ctx, graph.Edge{From: c.Subject, Rel: RelHolds, To: RoleID(c.Role), Key: c.Domain, Valid: graph.Span{Since: graph.Time(s.Now())}})
		return []audit.Change{{Asset: c.Subject, Field: "role", After: c.words()}}, err
	})
}

// RevokeRole takes a role from somebody. The last administrator can't be taken away.
func (s *Service) RevokeRole(ctx context.Context, c RoleChange) error {
	return s.change(ctx, "role.revoke", c, func(ctx context.Context, tx graph.Tx, held []Held) ([]audit.Change, error) {
		if !slices.Contains(held, Held{c.Role, c.Domain}) {
			return nil, nil
		}
		if err := lastAdmin(ctx, tx, c); err != nil {
			return nil, err
		}
		err := tx.Unlink(ctx, graph.Time(s.Now()), graph.Edge{From: c.Subject, Rel: RelHolds, To: RoleID(c.Role), Key: c.Domain})
		return []audit.Change{{Asset: c.Subject, Field: "role", Before: c.words()}}, err
	})
}

func (c RoleChange) words() string {
	if c.Domain == Everywhere {
		return c.Role
	}
	return c.Role + " in " + c.Domain
}

// change authorizes, runs one change of a role and writes its entry.
func (s *Service) change(ctx context.Context, action string, c RoleChange,
	do func(context.Context, graph.Tx, []Held) ([]audit.Change, error),
) error {
	if err := s.Policy.Require(ctx, Roles, c.Domain, Manage); err != nil {
		return s.refused(ctx, action, c.Subject, err)
	}
	if err := notOneself(ctx, c.Subject); err != nil {
		return s.refused(ctx, action, c.Subject, err)
	}
	err := s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, Lock); err != nil {
			return err
		}
		if err := there(ctx, tx, c); err != nil {
			return err
		}
		if err := notOnesOwn(ctx, tx, c.Subject); err != nil {
			return err
		}
		held, err := HeldBy(ctx, tx, c.Subject)
		if err != nil {
			return err
		}
		changes, err := do(ctx, tx, held)
		if err != nil || changes == nil {
			return err
		}
		return audit.Append(ctx, tx, s.Now(), audit.Entry{Actor: Actor(ctx), Action: action, Target: c.Subject, Decision: audit.Allowed,
			Facts: map[string]string{"role": c.Role, "domain": c.Domain}, Changes: changes})
	})
	if errs.Is(err, errs.Forbidden) {
		return s.refused(ctx, action, c.Subject, err)
	}
	return err
}

// refused writes down an attempt that was not allowed, and returns why.
func (s *Service) refused(ctx context.Context, action string, target graph.ID, why error) error {
	return s.Policy.Refused(ctx, s.Store, s.Now(), action, target, why)
}

// Refused writes down that the principal in ctx tried what he may not, and returns why: every command that refuses calls it.
// Nobody in particular, and whoever is refused too often, stands in the log of requests alone.
func (p *Policy) Refused(ctx context.Context, store graph.Store, now time.Time, action string, target graph.ID, why error) error {
	if !From(ctx).Known() || !p.Noted(ctx, now) {
		return why
	}
	err := store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, now, audit.Entry{Actor: Actor(ctx), Action: action, Target: target, Decision: audit.Denied})
	})
	if err != nil {
		return err
	}
	return why
}

// there tells whether subject, role and domain exist.
func there(ctx context.Context, tx graph.Tx, c RoleChange) error {
	ids := []graph.ID{c.Subject, RoleID(c.Role)}
	if c.Domain != Everywhere && c.Domain != NoDomain {
		ids = append(ids, graph.ID(c.Domain))
	}
	nodes, err := tx.Nodes(ctx, ids...)
	if err != nil {
		return err
	}
	switch {
	case nodes[c.Subject].ID == "":
		return errs.E(errs.NotFound, "There is no such person, team or account.")
	case nodes[RoleID(c.Role)].ID == "":
		return errs.Bad("role", "is not a role that there is.")
	case len(ids) == 3 && nodes[ids[2]].ID == "":
		return errs.Bad("domain", "is not a domain that there is.")
	}
	return nil
}

// mayHold tells whether somebody who holds roles may hold this one, too.
func mayHold(c RoleChange, held []Held) error {
	switch {
	case c.Role == Member:
		return errs.Bad("role", "is held by everybody who is signed in.")
	case c.Role == Consumer && c.Domain == Everywhere:
		return errs.Bad("domain", "is missing: consumers are let in to a domain.")
	case (c.Role == Admin || c.Role == Platform) && c.Domain != Everywhere:
		return errs.Bad("domain", "has to be everywhere for this role.")
	}
	domains := domainsOf(Principal{Roles: held})
	if c.Domain != Everywhere && !slices.Contains(domains, c.Domain) && len(domains) >= MaxDomains {
		return errs.Badf("domain", "is one too many: roles can be held in %d domains. Hold the role everywhere instead.", MaxDomains)
	}
	return nil
}

// lastAdmin refuses to take the last administrator away.
func lastAdmin(ctx context.Context, tx graph.Tx, c RoleChange) error {
	if c.Role != Admin {
		return nil
	}
	page, err := tx.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{RoleID(Admin)}, Dir: graph.In, Rels: []graph.Rel{RelHolds}, Limit: 2})
	if err != nil {
		return err
	}
	if len(page.Edges) < 2 {
		return errs.E(errs.Conflict, "This is the last administrator. Make somebody else one first.")
	}
	return nil
}

// SetRules replaces the rules. edits is how often the rules that were looked at had been edited. Nobody saves rules under
// which he may do more than before.
// Errors: Forbidden, Invalid with the rule, Conflict if somebody else saved meanwhile.
func (s *Service) SetRules(ctx context.Context, edits int, rules []Rule) error {
	if err := s.Policy.Require(ctx, Rules, Everywhere, Manage); err != nil {
		return s.refused(ctx, "policy.edit", policyID, err)
	}
	if err := CheckRules(rules); err != nil {
		return err
	}
	err := s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, Lock); err != nil {
			return err
		}
		before, was, err := readRules(ctx, tx)
		if err != nil {
			return err
		}
		if was != edits {
			return errs.E(errs.Conflict, "Somebody else changed the rules meanwhile. Look at them again, then save yours.")
		}
		if slices.Equal(before, rules) {
			return nil
		}
		if err := noGain(From(ctx), before, rules); err != nil {
			return err
		}
		if err := replace(ctx, tx, len(before), edits+1, rules); err != nil {
			return err
		}
		return audit.Append(ctx, tx, s.Now(), audit.Entry{Actor: Actor(ctx), Action: "policy.edit", Target: policyID,
			Decision: audit.Allowed, Changes: ruleChanges(before, rules)})
	})
	if errs.Is(err, errs.Forbidden) {
		return s.refused(ctx, "policy.edit", policyID, err)
	}
	if err != nil {
		return err
	}
	return s.Policy.Reload(ctx, s.Store)
}

// replace writes rules over those that were there.
func replace(ctx context.Context, tx graph.Tx, before, edits int, rules []Rule) error {
	ws := []graph.NodeWrite{policyType.Write(policyID, graph.Upsert, policyNode{Edits: edits})}
	for i, r := range rules {
		ws = append(ws, r.write(i))
	}
	if _, err := tx.Put(ctx, ws...); err != nil {
		return err
	}
	var gone []graph.ID
	for i := len(rules); i < before; i++ {
		gone = append(gone, Rule{}.write(i).Node.ID)
	}
	return tx.Delete(ctx, gone...)
}

// ruleChanges are the rules that came and went.
func ruleChanges(before, after []Rule) []audit.Change {
	var out []audit.Change
	for _, r := range before {
		if !slices.Contains(after, r) {
			out = append(out, audit.Change{Asset: policyID, Field: "rule", Before: r.String()})
		}
	}
	for _, r := range after {
		if !slices.Contains(before, r) {
			out = append(out, audit.Change{Asset: policyID, Field: "rule", After: r.String()})
		}
	}
	if len(out) == 0 {
		out = append(out, audit.Change{Asset: policyID, Field: "order", Before: "another", After: "as saved"})
	}
	return out
}

// String is the rule in one line: role, domain, kind, action, effect.
func (r Rule) String() string { return strings.Join(r.line(), ", ") }

// CheckRules refuses rules that say nothing, or that would lock everybody out.
func CheckRules(rules []Rule) error {
	if len(rules) > maxRules {
		return errs.Badf("rules", "are more than %d.", maxRules)
	}
	var bad []errs.Field
	for i, r := range rules {
		if msg := r.check(); msg != "" {
			bad = append(bad, errs.Field{Name: fmt.Sprintf("rules[%d]", i), Message: msg})
		}
	}
	if len(bad) > 0 {
		return errs.Fields(bad)
	}
	set, err := compile(rules)
	if err != nil {
		return err
	}
	admin := Principal{ID: "admin", Type: Person, Roles: []Held{{Admin, Everywhere}}}
	if !set.explain(admin, Rules, Everywhere, Manage).Allowed || !set.explain(admin, Roles, Everywhere, Manage).Allowed {
		return errs.Bad("rules", "would leave nobody who may change them: administrators have to manage roles and policy.")
	}
	return nil
}

// check says what is wrong with a rule.
func (r Rule) check() string {
	switch {
	case r.Role == "" || !graph.ValidName(r.Role):
		return "names no role."
	case r.Domain == "":
		return "names no domain; " + Everywhere + " is everywhere."
	case r.Kind != Any && !slices.Contains(RuleKinds, r.Kind):
		return "is about a kind that there isn't."
	case r.Action != Any && !slices.Contains(RuleActions, r.Action):
		return "names an action that there isn't."
	case r.Deny && r.Domain != Everywhere && (r.Kind == Any || r.Kind == Asset) && (r.Action == Any || isView(r.Action)):
		return "can't hide one domain from a role: close the domain instead, or take the role away there."
	}
	return ""
}

func isView(a Action) bool { return a == View || a == ViewDomain || a == ViewClosed }
