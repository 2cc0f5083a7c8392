package marketplace

import (
	"context"
	"maps"
	"slices"
	"strings"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// Who decides a step that no template asks for.
const (
	byOrigin = "origin" // owners of what flows in, unmasked
	// remindAfter and lateAfter are days, where a template says nothing.
	remindAfter = 2
	lateAfter   = 5
)

// addSteps adds who has to decide, each step with those who can: who asks, and whoever is tied to him, is passed over, and
// where nobody is left the next one in line is asked. Nothing is skipped silently: a party for whom nobody can decide stays.
// foreign are datasets whose owners are asked along.
func (s *Service) addSteps(ctx context.Context, r graph.Reader, a *assessment, who asker, foreign []graph.ID) error {
	if a.Verdict.Outcome == template.NeedsSteps {
		for _, need := range a.Verdict.Steps {
			a.Steps = append(a.Steps, a.step(need))
		}
	}
	a.addForeign(foreign)
	if err := s.addOrigins(ctx, r, a); err != nil {
		return err
	}
	var keys []string
	for i := range a.Steps {
		for _, p := range a.Steps[i].Parties {
			keys = append(keys, p.Keys...)
			for _, f := range a.fallbacks(p) {
				keys = append(keys, f.key)
			}
		}
	}
	slices.Sort(keys)
	can, err := who.seats.of(ctx, slices.Compact(keys))
	if err != nil {
		return err
	}
	for i := range a.Steps {
		for j := range a.Steps[i].Parties {
			a.fallBack(&a.Steps[i], &a.Steps[i].Parties[j], can, who.Circle)
		}
		if err := s.enough(ctx, r, a, &a.Steps[i], can, who); err != nil {
			return err
		}
		a.Stuck = a.Stuck || slices.ContainsFunc(a.Steps[i].Parties, func(p Party) bool { return p.Nobody })
	}
	return nil
}

// step makes a step of what templates demand.
func (a *assessment) step(need template.NeededStep) Step {
	out := Step{Name: need.Name, By: string(need.By), Mode: string(need.Mode), N: need.N,
		Remind: orElse(need.RemindAfterDays, remindAfter), Late: orElse(need.EscalateAfterDays, lateAfter)}
	for _, src := range need.Because {
		out.Because = append(out.Because, strings.TrimSpace(src.Name+" "+src.Why))
	}
	domain := a.Target.Domain
	switch need.By {
	case template.ByOwner:
		out.Parties = a.ownerParties()
	case template.BySteward:
		out.Parties = []Party{{Keys: []string{roleKey(authz.Steward, domain)}}}
	case template.ByTeam:
		out.Parties = []Party{{Keys: []string{string(need.Team)}}}
	case template.ByRole:
		out.Parties = []Party{{Keys: []string{roleKey(need.Role, domain)}}}
	default:
		out.Parties = []Party{{Keys: []string{roleKey(authz.Approver, domain)}}}
	}
	return out
}

func orElse(n, other int) int {
	if n > 0 {
		return n
	}
	return other
}

// ownerParties are the owner of the product and those of each dataset in it: a product gives away nothing of somebody else's
// without asking him. Sides with the same owners are one.
func (a *assessment) ownerParties() []Party {
	var out []Party
	if p := a.Target.Product; p != nil {
		out = joinParty(out, ownerKeys(p.Owner), p.ID)
	}
	for _, d := range a.Case.Datasets {
		out = joinParty(out, a.Target.Owners[d], d)
	}
	return out
}

func ownerKeys(owner graph.ID) []string {
	if owner == "" {
		return nil
	}
	return []string{string(owner)}
}

// joinParty adds a side to those that there are, or to the one with the same keys.
func joinParty(parties []Party, keys []string, of graph.ID) []Party {
	for i, p := range parties {
		if slices.Equal(p.Keys, keys) && len(keys) > 0 {
			parties[i].For = append(parties[i].For, of)
			return parties
		}
	}
	return append(parties, Party{Keys: keys, For: []graph.ID{of}})
}

// addOrigins adds a step for the owners of what flows in unmasked from elsewhere.
func (s *Service) addOrigins(ctx context.Context, r graph.Reader, a *assessment) error {
	origins := a.clearOrigins()
	if len(origins) == 0 {
		return nil
	}
	ids := slices.Sorted(maps.Keys(origins))
	owners, err := ownersOf(ctx, r, ids)
	if err != nil {
		return err
	}
	var classes []string
	step := Step{Name: "Owners of what flows in", By: byOrigin, Mode: string(template.Any), Remind: remindAfter, Late: lateAfter}
	for _, id := range ids {
		step.Parties = joinParty(step.Parties, owners[id], id)
		classes = append(classes, origins[id]...)
	}
	slices.Sort(classes)
	step.Because = []string{strings.ToUpper(strings.Join(slices.Compact(classes), ", ")) + " flows in unmasked from data of theirs"}
	a.Steps = append(a.Steps, step)
	return nil
}

// fallback is who is asked where those before can't decide.
type fallback struct{ key, why string }

// fallbacks are who is asked in place of a party, in order: owners of the domain, stewards, security.
func (a *assessment) fallbacks(p Party) []fallback {
	domain := a.Target.Domain
	if len(p.For) > 0 {
		domain = a.domainOf(p.For[0])
	}
	return []fallback{
		{roleKey(authz.Owner, domain), "owners of the domain decide"},
		{roleKey(authz.Steward, domain), "stewards of the domain decide"},
		{roleKey(authz.Approver, domain), "security decides"},
	}
}

// fallBack sees that somebody can decide for a party: with the mode "all" for each of its keys, else for any.
func (a *assessment) fallBack(step *Step, p *Party, can map[string]able, circle identity.Circle) {
	free := func(keys ...string) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return len(can[k].outside(circle)) > 0 })
	}
	why := "No owner is known here"
	if len(p.Keys) > 0 {
		why = "Those who should decide ask for it themselves, are tied to who asks, or have left"
	}
	if step.Mode == string(template.All) {
		kept := slices.DeleteFunc(slices.Clone(p.Keys), func(k string) bool { return !free(k) })
		if len(kept) == len(p.Keys) && len(kept) > 0 {
			return
		}
		p.Keys = kept // the others are stood for by the one that is asked instead
		for _, f := range a.fallbacks(*p) {
			if free(f.key) {
				p.Keys, p.Fallback = append(p.Keys, f.key), why+"; "+f.why+" in their place."
				return
			}
		}
		p.Nobody = true
		return
	}
	if free(p.Keys...) {
		return
	}
	keys := slices.Clone(p.Keys)
	for _, f := range a.fallbacks(*p) {
		keys = append(keys, f.key)
		if free(f.key) {
			p.Keys, p.Fallback = keys, why+"; "+f.why+" in their place."
			return
		}
	}
	p.Nobody = true
}
