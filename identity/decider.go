package identity

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"weir/authz"
	"weir/graph"
)

// People are those who can decide for each of ids: of a team its members who are enabled people, nested ones too, sorted; of
// a person himself, if he is enabled. Agents and service accounts never decide, so they, and what isn't known, are absent or
// empty. It asks for no right.
func People(ctx context.Context, r graph.Reader, ids ...graph.ID) (map[graph.ID][]graph.ID, error) {
	out := map[graph.ID][]graph.ID{}
	nodes, err := nodesOf(ctx, r, ofKind(ids, userType.Spec.Prefix))
	if err != nil {
		return nil, err
	}
	for _, n := range nodes {
		can, err := enabled(n)
		if err != nil {
			return nil, err
		}
		if can {
			out[n.ID] = []graph.ID{n.ID}
		}
	}
	teams := ofKind(ids, teamType.Spec.Prefix)
	tree, err := readTeams(ctx, r, teams)
	if err != nil {
		return nil, err
	}
	for _, team := range teams {
		if people := tree.people(team); len(people) > 0 {
			out[team] = people
		}
	}
	return out, nil
}

// people are the enabled people within a team, sorted.
func (t teamTree) people(team graph.ID) []graph.ID {
	seen := map[graph.ID]bool{team: true}
	var out []graph.ID
	for next := []graph.ID{team}; len(next) > 0; next = next[1:] {
		for _, id := range t.members[next[0]] {
			if seen[id] {
				continue
			}
			seen[id] = true
			next = append(next, id)
			if t.enabled[id] {
				out = append(out, id)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Holders are the enabled people who hold a role in a domain, themselves or through teams, sorted. A role that is held
// everywhere counts for every domain; for authz.Everywhere it alone counts. What everybody holds by being signed in is not
// counted, nor is what somebody holds by standing in for another. It asks for no right.
func Holders(ctx context.Context, r graph.Reader, role, domain string) ([]graph.ID, error) {
	id := authz.RoleID(role)
	if !graph.ValidID(id) {
		return nil, nil
	}
	var subjects []graph.ID
	q := graph.EdgeQuery{Of: []graph.ID{id}, Dir: graph.In, Rels: []graph.Rel{authz.RelHolds}}
	for {
		page, err := r.Edges(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Edges {
			if e.Key == authz.Everywhere || e.Key == domain {
				subjects = append(subjects, e.From)
			}
		}
		if page.Next == "" {
			break
		}
		q.After = page.Next
	}
	people, err := People(ctx, r, subjects...)
	if err != nil {
		return nil, err
	}
	out := slices.Concat(slices.Collect(maps.Values(people))...)
	slices.Sort(out)
	return slices.Compact(out), nil
}

// Deputies are the stand-ins that hold now for each of people, those that last longest first. Who is disabled stands in for
// nobody, and nobody stands in for him. It asks for no right.
func Deputies(ctx context.Context, r graph.Reader, now time.Time, people ...graph.ID) (map[graph.ID][]StandIn, error) {
	from := ofKind(people, userType.Spec.Prefix)
	held, err := heldNow(ctx, r, now, from)
	if err != nil || len(held) == 0 {
		return map[graph.ID][]StandIn{}, err
	}
	var both []graph.ID
	for _, s := range held {
		both = append(both, s.From, s.To)
	}
	in, err := People(ctx, r, both...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(held, func(a, b StandIn) int {
		if c := b.Until.Compare(a.Until); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	out := map[graph.ID][]StandIn{}
	for _, s := range held {
		if len(in[s.From]) > 0 && len(in[s.To]) > 0 {
			out[s.From] = append(out[s.From], s)
		}
	}
	return out, nil
}

// fewPeople is for how many people at most the stand-ins that hold now are asked for one by one. All that hold now are one
// round trip, or one for each graph.MaxPage of them.
const fewPeople = 2

// heldNow are the stand-ins from people that hold now.
func heldNow(ctx context.Context, r graph.Reader, now time.Time, from []graph.ID) ([]StandIn, error) {
	var out []StandIn
	keep := func(list []StandIn) {
		for _, s := range list {
			if _, ours := slices.BinarySearch(from, s.From); ours && s.Holds(now) {
				out = append(out, s)
			}
		}
	}
	if len(from) > fewPeople {
		list, err := listAll(ctx, r, standInType, graph.Query{Sort: "until", Where: lasting(now)})
		keep(list)
		return out, err
	}
	for _, id := range from {
		list, err := listAll(ctx, r, standInType, graph.Query{Sort: "until", Where: append(lasting(now), is("from", id))})
		if err != nil {
			return nil, err
		}
		keep(list)
	}
	return out, nil
}
