package notify

import (
	"context"
	"maps"
	"slices"
	"strings"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// mostTold is how many people one text is for: beyond that a list is no list of people who have to act.
const mostTold = 500

// persons are the people behind ids: themselves, the members of teams, the owners of accounts and agents.
func (m *Market) persons(ctx context.Context, ids ...graph.ID) ([]graph.ID, error) {
	known, err := identity.Lookup(ctx, m.store, ids...)
	if err != nil {
		return nil, err
	}
	var named []graph.ID
	for id, who := range known {
		if who.Owner != "" {
			id = who.Owner
		}
		named = append(named, id)
	}
	people, err := identity.People(ctx, m.store, named...)
	return sorted(slices.Concat(slices.Collect(maps.Values(people))...)), err
}

// answering are the people who answer for assignee keys, each an id or "role@domain", and who stand in for them now.
func (m *Market) answering(ctx context.Context, keys ...string) ([]graph.ID, error) {
	var ids, people []graph.ID
	for _, key := range keys {
		role, domain, ok := strings.Cut(key, "@")
		if !ok {
			ids = append(ids, graph.ID(key))
			continue
		}
		holders, err := identity.Holders(ctx, m.store, role, domain)
		if err != nil {
			return nil, err
		}
		people = append(people, holders...)
	}
	named, err := identity.People(ctx, m.store, ids...)
	if err != nil {
		return nil, err
	}
	for _, list := range named {
		people = append(people, list...)
	}
	deputies, err := identity.Deputies(ctx, m.store, m.now(), sorted(people)...)
	if err != nil {
		return nil, err
	}
	for _, list := range deputies {
		for _, d := range list {
			people = append(people, d.To)
		}
	}
	return sorted(people), nil
}

// sorted are at most mostTold ids, each once.
func sorted(ids []graph.ID) []graph.ID {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(len(ids), mostTold)]
}

// without are ids but for some: nobody is told what he did himself.
func without(ids []graph.ID, some ...graph.ID) []graph.ID {
	return slices.DeleteFunc(ids, func(id graph.ID) bool { return slices.Contains(some, id) })
}

// circle are those who must not decide an item.
func (m *Market) circle(ctx context.Context, v marketplace.ItemView) (identity.Circle, error) {
	return identity.Closure(ctx, m.store, []graph.ID{v.Sender, v.Holder}, v.Sent, m.now())
}

// deciders are the people whose turn it is to decide an item, but for those who have approved its step already.
func (m *Market) deciders(ctx context.Context, v marketplace.ItemView) ([]graph.ID, error) {
	n := slices.IndexFunc(v.Steps, func(st marketplace.StepView) bool { return !st.Met })
	if n < 0 {
		return nil, nil
	}
	st := v.Steps[n]
	all := !slices.ContainsFunc(st.Parties, func(p marketplace.PartyView) bool { return !p.Met }) // N of M, and fewer have approved
	var out []graph.ID
	for _, p := range st.Parties {
		if p.Met && !all {
			continue
		}
		can, err := m.partyPeople(ctx, v, p)
		if err != nil {
			return nil, err
		}
		out = append(out, can...)
	}
	for _, a := range st.Given {
		out = without(out, a.By)
	}
	return sorted(out), nil
}

// partyPeople are those who can decide for a party: as shown, or, where there are more than are shown, all.
func (m *Market) partyPeople(ctx context.Context, v marketplace.ItemView, p marketplace.PartyView) ([]graph.ID, error) {
	var out []graph.ID
	for _, w := range p.Can {
		out = append(out, w.ID)
	}
	if p.More == 0 {
		return out, nil
	}
	people, err := m.answering(ctx, p.Keys...)
	if err != nil {
		return nil, err
	}
	circle, err := m.circle(ctx, v)
	return slices.DeleteFunc(people, circle.Has), err
}

// security are the people of security in a domain who have nothing to do with who asks.
func (m *Market) security(ctx context.Context, v marketplace.ItemView) ([]graph.ID, error) {
	domain := string(v.Domain)
	if domain == "" {
		domain = authz.NoDomain
	}
	people, err := m.answering(ctx, authz.Approver+"@"+domain)
	if err != nil {
		return nil, err
	}
	circle, err := m.circle(ctx, v)
	return slices.DeleteFunc(people, circle.Has), err
}

// name is what somebody is called.
func (m *Market) name(ctx context.Context, id string) (string, error) {
	if id == authz.Operator.ID {
		return authz.Operator.Name, nil
	}
	known, err := identity.Lookup(ctx, m.store, graph.ID(id))
	if who, ok := known[graph.ID(id)]; ok && who.Name != "" {
		return who.Name, err
	}
	return "Somebody", err
}
