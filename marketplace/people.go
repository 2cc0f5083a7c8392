package marketplace

import (
	"context"
	"slices"
	"strings"

	"weir/authz"
	"weir/graph"
	"weir/identity"
)

// roleKey is the assignee key of those who hold a role in a domain; "" stands for what has no domain.
func roleKey(role string, domain graph.ID) string {
	if domain == "" {
		domain = authz.NoDomain
	}
	return role + "@" + string(domain)
}

// everywhereKey is the assignee key of those who hold a role everywhere.
func everywhereKey(role string) string { return role + "@" + authz.Everywhere }

// splitRole takes a role key apart.
func splitRole(key string) (role, domain string, ok bool) { return strings.Cut(key, "@") }

// audiences are the keys under which work for an assignee key is put on lists: those who hold a role everywhere find it
// under that key alone, so that nobody's list needs a key for each domain.
func audiences(key string) []string {
	role, domain, ok := splitRole(key)
	if !ok || domain == authz.Everywhere {
		return []string{key}
	}
	return []string{key, everywhereKey(role)}
}

// keysOf are the assignee keys that somebody answers for, his own first, at most graph.MaxAudiences; all tells whether these
// are all. Agents and service accounts answer for none.
func keysOf(p authz.Principal) (keys []string, all bool) {
	if p.Type != authz.Person {
		return nil, true
	}
	keys = append([]string{p.ID}, p.For...)
	for _, h := range p.Roles {
		if h.Domain != authz.Everywhere && slices.Contains(p.Roles, authz.Held{Role: h.Role, Domain: authz.Everywhere}) {
			continue
		}
		keys = append(keys, h.Role+"@"+h.Domain)
	}
	keys = append(keys, p.Teams...)
	var out []string
	for _, k := range keys {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out[:min(len(out), graph.MaxAudiences)], len(out) <= graph.MaxAudiences
}

// able is who can answer for an assignee key: the people themselves, and those who stand in for one of them with him.
type able map[graph.ID]graph.ID // person → for whom he stands in; "" for himself

// seats tell who can answer for assignee keys, and read each key once: the parts of one question ask about the same keys. They
// hold for one reading of the store.
type seats struct {
	s     *Service
	r     graph.Reader
	known map[string]able
}

func (s *Service) seatsIn(r graph.Reader) *seats { return &seats{s: s, r: r, known: map[string]able{}} }

// of are those who can answer for keys; others that were asked for before may be among them.
func (x *seats) of(ctx context.Context, keys []string) (map[string]able, error) {
	fresh := slices.DeleteFunc(slices.Clone(keys), func(k string) bool { _, ok := x.known[k]; return ok })
	if len(fresh) == 0 {
		return x.known, nil
	}
	found, err := x.s.deciders(ctx, x.r, fresh)
	if err != nil {
		return nil, err
	}
	for _, k := range fresh {
		x.known[k] = found[k]
	}
	return x.known, nil
}

// deciders finds who can answer for each of keys, whatever he has to do with what is asked.
func (s *Service) deciders(ctx context.Context, r graph.Reader, keys []string) (map[string]able, error) {
	people := map[string][]graph.ID{}
	var ids []graph.ID
	for _, key := range keys {
		role, domain, ok := splitRole(key)
		if !ok {
			ids = append(ids, graph.ID(key))
			continue
		}
		holders, err := identity.Holders(ctx, r, role, domain)
		if err != nil {
			return nil, err
		}
		people[key] = holders
	}
	named, err := identity.People(ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	for id, list := range named {
		people[string(id)] = list
	}
	var all []graph.ID
	for _, list := range people {
		all = append(all, list...)
	}
	slices.Sort(all)
	deputies, err := identity.Deputies(ctx, r, s.now(), slices.Compact(all)...)
	if err != nil {
		return nil, err
	}
	out := map[string]able{}
	for key, list := range people {
		out[key] = withDeputies(list, deputies)
	}
	return out, nil
}

func withDeputies(people []graph.ID, deputies map[graph.ID][]identity.StandIn) able {
	out := able{}
	for _, p := range people {
		for _, d := range deputies[p] {
			if _, known := out[d.To]; !known {
				out[d.To] = p
			}
		}
	}
	for _, p := range people {
		out[p] = ""
	}
	return out
}

// outside are those who are not in a circle, and stand in for nobody within it, sorted.
func (a able) outside(c identity.Circle) []graph.ID {
	var out []graph.ID
	for id, whom := range a {
		if !c.Has(id) && (whom == "" || !c.Has(whom)) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// names are what to show for people, teams and accounts.
func names(ctx context.Context, r graph.Reader, ids ...graph.ID) (map[graph.ID]string, error) {
	found, err := identity.Lookup(ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	return namesIn(found), nil
}

// namesIn are what to show for those who were looked up.
func namesIn(found map[graph.ID]identity.Somebody) map[graph.ID]string {
	out := map[graph.ID]string{graph.ID(authz.Operator.ID): "The policy"}
	for id, who := range found {
		out[id] = who.Name
	}
	return out
}
