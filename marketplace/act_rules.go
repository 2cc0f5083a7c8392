package marketplace

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// RulesAct changes the rules of who may do what.
type RulesAct struct {
	Edits int          `json:"edits"` // how often the rules that were looked at had been edited
	Drop  []authz.Rule `json:"drop,omitempty"`
	Add   []authz.Rule `json:"add,omitempty"`
}

// after are the rules as they are to be.
func (in RulesAct) after(before []authz.Rule) []authz.Rule {
	out := slices.DeleteFunc(slices.Clone(before), func(r authz.Rule) bool { return slices.Contains(in.Drop, r) })
	for _, r := range in.Add {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

type rulesAct struct {
	RulesAct
	s *Service
}

func (in RulesAct) name() string        { return ActRules }
func (in RulesAct) bind(s *Service) act { return rulesAct{in, s} }

func (in RulesAct) second(context.Context, graph.Reader) (bool, error) { return true, nil }

func (a rulesAct) check(ctx context.Context) error {
	if err := a.may(ctx, a.s.store); err != nil {
		return err
	}
	before, edits, err := a.before()
	if err != nil {
		return err
	}
	after := a.after(before)
	switch {
	case edits != a.Edits:
		return a.overtaken()
	case slices.Equal(before, after):
		return errs.Bad("rules", "are as they were.")
	}
	return authz.CheckRules(after)
}

func (a rulesAct) overtaken() error {
	return errs.E(errs.Conflict, "The rules were changed meanwhile. Look at them again, then propose yours anew.")
}

func (a rulesAct) before() ([]authz.Rule, int, error) {
	if a.s.policy == nil {
		return nil, 0, errs.E(errs.Conflict, "There are no rules here.")
	}
	rules, edits := a.s.policy.Rules()
	return rules, edits, nil
}

// may: nobody confirms rules under which he may do more than before.
func (a rulesAct) may(ctx context.Context, _ graph.Reader) error {
	if err := a.s.policy.Require(ctx, authz.Rules, authz.Everywhere, authz.Manage); err != nil {
		return err
	}
	before, _, err := a.before()
	if err != nil {
		return err
	}
	effects, err := authz.Compare(before, a.after(before), []authz.Principal{authz.From(ctx)})
	if err != nil {
		return err
	}
	for _, e := range effects {
		if len(e.Gains) > 0 {
			return errs.Ef(errs.Forbidden, "With these rules you may %s, which you may not now. Nobody gives rights to himself: ask another administrator.", e.Gains[0])
		}
	}
	return nil
}

// ruleFacts are what a change of the rules is judged by.
type ruleFacts struct {
	Edits   int            `json:"edits"`
	Added   []string       `json:"added,omitempty"`
	Removed []string       `json:"removed,omitempty"`
	Holders map[string]int `json:"holders"` // people who hold a role that a changed rule names
}

func (a rulesAct) describe(ctx context.Context, r graph.Reader) (Effect, error) {
	before, edits, err := a.before()
	if err != nil {
		return Effect{}, err
	}
	if edits != a.Edits {
		return Effect{}, a.overtaken()
	}
	after := a.after(before)
	f := ruleFacts{Edits: edits, Holders: map[string]int{}}
	var lines []string
	note := func(rules, others []authz.Rule, word string) (out []string, err error) {
		for _, rule := range rules {
			if slices.Contains(others, rule) {
				continue
			}
			line, err := f.line(ctx, r, rule)
			if err != nil {
				return nil, err
			}
			out, lines = append(out, rule.String()), append(lines, word+line)
		}
		return out, nil
	}
	if f.Added, err = note(after, before, "New: "); err != nil {
		return Effect{}, err
	}
	if f.Removed, err = note(before, after, "Gone: "); err != nil {
		return Effect{}, err
	}
	effects, err := a.effects(before)
	if err != nil {
		return Effect{}, err
	}
	return Effect{
		Title: fmt.Sprintf("Change the rules: %s", count(len(lines), "rule", "rules")), Lines: append(lines, effects...), Facts: f,
		keys: a.s.rolesThat(authz.Rules, authz.Everywhere, authz.Manage),
	}, nil
}

// line is a rule as a sentence, with how many it is about.
func (f ruleFacts) line(ctx context.Context, r graph.Reader, rule authz.Rule) (string, error) {
	verb := "may "
	if rule.Deny {
		verb = "may not "
	}
	where, err := placeWords(ctx, r, rule.Domain)
	if err != nil {
		return "", err
	}
	if rule.Domain == authz.Everywhere {
		where = "wherever the role is held"
	}
	what := authz.Words(rule.Kind, rule.Action)
	if rule.Role == authz.Member {
		return fmt.Sprintf("everybody who is signed in %s%s, %s.", verb, what, where), nil
	}
	if _, known := f.Holders[rule.Role]; !known {
		if f.Holders[rule.Role], err = holderCount(ctx, r, rule.Role); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("whoever is %s %s%s, %s; %s the role.", roleOf(rule.Role).Title, verb, what, where,
		count(f.Holders[rule.Role], "person holds", "people hold")), nil
}

// holderCount is how many people hold a role anywhere.
func holderCount(ctx context.Context, r graph.Reader, role string) (int, error) {
	page, err := r.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{authz.RoleID(role)}, Dir: graph.In, Rels: []graph.Rel{authz.RelHolds}})
	if err != nil {
		return 0, err
	}
	var subjects []graph.ID
	for _, e := range page.Edges {
		subjects = append(subjects, e.From)
	}
	people, err := identity.People(ctx, r, subjects...)
	if err != nil {
		return 0, err
	}
	all := map[graph.ID]bool{}
	for _, list := range people {
		for _, id := range list {
			all[id] = true
		}
	}
	return len(all), nil
}

// effects say what it comes to for each role by itself.
func (a rulesAct) effects(before []authz.Rule) ([]string, error) {
	var roles []authz.Principal
	for _, b := range authz.Builtin {
		roles = append(roles, authz.Principal{ID: b.Name, Name: b.Title, Type: authz.Person, Roles: []authz.Held{{Role: b.Name, Domain: authz.Everywhere}}})
	}
	effects, err := authz.Compare(before, a.after(before), roles)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range effects {
		if len(e.Gains) > 0 {
			out = append(out, fmt.Sprintf("Taken together, who is %s everywhere can then: %s.", e.Who.Name, rightWords(e.Gains)))
		}
		if len(e.Loses) > 0 {
			out = append(out, fmt.Sprintf("Taken together, who is %s everywhere can no more: %s.", e.Who.Name, rightWords(e.Loses)))
		}
	}
	return out, nil
}

// rightWords names rights, the first few of many.
func rightWords(rights []authz.Right) string {
	const most = 8
	var out []string
	for _, r := range rights[:min(len(rights), most)] {
		out = append(out, r.String())
	}
	if rest := len(rights) - most; rest > 0 {
		out = append(out, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(out, ", ")
}

// run is safe to repeat: rules that are as they are to be are left alone.
func (a rulesAct) run(ctx context.Context) (string, error) {
	if a.s.policy == nil {
		return "", errs.E(errs.Conflict, "There are no rules here.")
	}
	if err := a.s.policy.Reload(ctx, a.s.store); err != nil {
		return "", err
	}
	now, edits := a.s.policy.Rules()
	if edits == a.Edits+1 && slices.Equal(now, a.after(now)) {
		return "", nil
	}
	roles := &authz.Service{Store: a.s.store, Policy: a.s.policy, Now: a.s.now}
	return "", roles.SetRules(ctx, a.Edits, a.after(now))
}
