package marketplace

import (
	"context"
	"slices"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/template"
)

// StepView is a step with names.
type StepView struct {
	Step
	Met     bool
	Parties []PartyView
	Given   []AnswerView // approvals that count
}

// PartyView is one side that has to agree, with names.
type PartyView struct {
	Party
	Who    []WhoView    // teams, people and roles that it names
	Can    []WhoView    // people who can decide for it now, at most 10
	More   int          // people who can, beyond those
	Barred []BarredView // people of it who can't, and why
	Met    bool
}

// WhoView is somebody by name. ID is "" for a role.
type WhoView struct {
	ID   graph.ID
	Name string
	For  string // for whom he stands in, by name
}

// BarredView is somebody who may not decide, with the reason as a sentence.
type BarredView struct {
	ID  graph.ID
	Why string
}

// AnswerView is an approval.
type AnswerView struct {
	By       graph.ID
	Name     string
	Decision graph.ID
}

// shownPeople is how many people a party names.
const shownPeople = 10

// stepViews adds names to steps.
func (s *Service) stepViews(ctx context.Context, seats *seats, steps []Step, circle identity.Circle) ([]StepView, error) {
	var keys []string
	for _, st := range steps {
		for _, p := range st.Parties {
			keys = append(keys, p.Keys...)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	can, err := seats.of(ctx, keys)
	if err != nil {
		return nil, err
	}
	var ids []graph.ID
	for _, k := range keys {
		ids = append(ids, graph.ID(k))
		for id := range can[k] {
			ids = append(ids, id, can[k][id])
			if circle.Has(id) {
				ids = append(ids, circle.Chain(id)...)
			}
		}
		if _, domain, ok := splitRole(k); ok {
			ids = append(ids, graph.ID(domain))
		}
	}
	for _, st := range steps {
		for _, d := range st.Done {
			ids = append(ids, d.By)
		}
	}
	called, err := s.called(ctx, seats.r, ids)
	if err != nil {
		return nil, err
	}
	out := make([]StepView, len(steps))
	for i, st := range steps {
		out[i] = stepView(st, can, circle, called)
	}
	return out, s.veilOrigins(ctx, seats.r, out)
}

// veilOrigins takes out of steps which data flows in, where that is hidden from the viewer in ctx.
func (s *Service) veilOrigins(ctx context.Context, r graph.Reader, steps []StepView) error {
	var ids []graph.ID
	for _, st := range steps {
		for _, p := range st.Parties {
			if st.By == byOrigin {
				ids = append(ids, p.For...)
			}
		}
	}
	known, err := getAll(ctx, r, catalog.DatasetType, ids)
	if err != nil {
		return err
	}
	for _, st := range steps {
		for i, p := range st.Parties {
			if st.By != byOrigin {
				continue
			}
			st.Parties[i].For = slices.Clone(p.For)
			for n, id := range p.For {
				if !s.policy.Sees(ctx, known[id].Audience) {
					st.Parties[i].For[n] = pseudonym(ctx, id)
				}
			}
		}
	}
	return nil
}

// called are the names of people, teams and accounts, and of domains that the viewer in ctx may see.
func (s *Service) called(ctx context.Context, r graph.Reader, ids []graph.ID) (map[graph.ID]string, error) {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	out, err := names(ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	var domains []graph.ID
	for _, id := range ids {
		if isA(id, catalog.DomainType) {
			domains = append(domains, id)
		}
	}
	found, err := getAll(ctx, r, catalog.DomainType, domains)
	for id, d := range found {
		if s.policy.Sees(ctx, d.Audience) {
			out[id] = orText(d.Title, d.Name)
		}
	}
	return out, err
}

func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func stepView(st Step, can map[string]able, circle identity.Circle, called map[graph.ID]string) StepView {
	out := StepView{Step: st, Met: st.met()}
	for _, p := range st.Parties {
		out.Parties = append(out.Parties, partyView(st, p, can, circle, called))
	}
	for _, d := range st.Done {
		out.Given = append(out.Given, AnswerView{By: d.By, Name: called[d.By], Decision: d.Decision})
	}
	return out
}

func partyView(st Step, p Party, can map[string]able, circle identity.Circle, called map[graph.ID]string) PartyView {
	out := PartyView{Party: p, Met: st.partyMet(p)}
	seen := map[graph.ID]bool{}
	for _, k := range p.Keys {
		out.Who = append(out.Who, WhoView{ID: personOf(k), Name: keyName(k, called)})
		free := can[k].outside(circle)
		for _, id := range free {
			if seen[id] {
				continue
			}
			seen[id] = true
			if len(out.Can) == shownPeople {
				out.More++
				continue
			}
			out.Can = append(out.Can, WhoView{ID: id, Name: called[id], For: called[can[k][id]]})
		}
		for id := range can[k] {
			if circle.Has(id) && !seen[id] && len(out.Barred) < shownPeople {
				seen[id] = true
				out.Barred = append(out.Barred, BarredView{ID: id, Why: circle.Why(id, called)})
			}
		}
	}
	slices.SortFunc(out.Barred, func(a, b BarredView) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return out
}

// personOf is the person or team of an assignee key; "" for a role.
func personOf(key string) graph.ID {
	if _, _, ok := splitRole(key); ok {
		return ""
	}
	return graph.ID(key)
}

// keyName is an assignee key in words: a name, or "security of Care".
func keyName(key string, called map[graph.ID]string) string {
	role, domain, ok := splitRole(key)
	if !ok {
		return called[graph.ID(key)]
	}
	title := map[string]string{authz.Approver: "Security", authz.Owner: "Owners", authz.Steward: "Stewards"}[role]
	if title == "" {
		title = "Holders of the role " + role
	}
	switch {
	case domain == authz.Everywhere || domain == authz.NoDomain:
		return title
	case called[graph.ID(domain)] != "":
		return title + " of " + called[graph.ID(domain)]
	}
	return title + " of the domain"
}

// partyMet tells whether a party has agreed.
func (s Step) partyMet(p Party) bool {
	answered := func(key string) bool {
		return slices.ContainsFunc(s.Done, func(a StepAnswer) bool { return slices.Contains(a.Keys, key) })
	}
	if p.Nobody || len(p.Keys) == 0 {
		return false
	}
	if s.Mode == string(template.All) {
		return !slices.ContainsFunc(p.Keys, func(k string) bool { return !answered(k) })
	}
	return slices.ContainsFunc(p.Keys, answered)
}

// met tells whether a step has all the approvals that it needs.
func (s Step) met() bool {
	if slices.ContainsFunc(s.Parties, func(p Party) bool { return !s.partyMet(p) }) {
		return false
	}
	return s.Mode != string(template.AtLeast) || s.approvers() >= s.N
}
