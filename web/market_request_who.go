package web

import (
	"fmt"
	"net/http"
	"slices"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/views/form"
	"weir/views/ui"
)

// peopleShown is how many people, teams and accounts a search for one of them lists.
const peopleShown = 8

// forOptions are for whom the reader can ask: himself, his teams, his accounts and agents, and whom he searched for. no says
// why nobody was found.
func (s *Site) forOptions(r *http.Request, f askForm) (out []form.Option, no string, err error) {
	ctx, me := r.Context(), authz.From(r.Context())
	chosen := forID(f.For, me.ID)
	out = []form.Option{{Label: "Me", Hint: me.Name}}
	if s.Identity == nil {
		return form.Choose(out, chosen), "", nil
	}
	add := func(id graph.ID, name, hint string) {
		if string(id) != me.ID && !slices.ContainsFunc(out, func(o form.Option) bool { return o.Value == string(id) }) {
			out = append(out, form.Option{Value: string(id), Label: name, Hint: hint})
		}
	}
	if me.Type == authz.Person {
		if err := s.addOwn(r, me, add); err != nil {
			return nil, "", err
		}
	}
	if f.who != "" {
		found, err := s.Identity.Find(ctx, f.who, peopleShown)
		if err != nil {
			return nil, "", err
		}
		before := len(out)
		for _, n := range found {
			if !n.Disabled {
				add(n.ID, n.Name, ui.Capital(namedWord(n)))
			}
		}
		if len(out) == before {
			no = fmt.Sprintf("Nobody else was found for “%s”.", f.who)
		}
	}
	if !slices.ContainsFunc(out, func(o form.Option) bool { return o.Value == chosen }) {
		called, err := s.Identity.Names(ctx, f.For)
		if err != nil {
			return nil, "", err
		}
		add(f.For, nameOr(called[f.For]), "")
	}
	return form.Choose(out, chosen), no, nil
}

// addOwn adds the teams, accounts and agents of a person.
func (s *Site) addOwn(r *http.Request, me authz.Principal, add func(id graph.ID, name, hint string)) error {
	var teams []graph.ID
	for _, t := range me.Teams {
		teams = append(teams, graph.ID(t))
	}
	called, err := s.Identity.Names(r.Context(), teams...)
	if err != nil {
		return err
	}
	for _, t := range teams {
		add(t, nameOr(called[t]), "Your team")
	}
	accounts, err := s.Identity.AccountsOf(r.Context(), graph.ID(me.ID))
	if err != nil {
		return err
	}
	for _, a := range accounts {
		word := "Your service account"
		if a.Type == authz.Agent {
			word = "Your agent"
		}
		if !a.Disabled {
			add(a.ID, a.Name, word)
		}
	}
	return nil
}

// namedWord is what somebody found is.
func namedWord(n identity.Named) string {
	switch n.Kind {
	case "user":
		return "person, " + n.Detail
	case "team":
		return "team, " + n.Detail
	}
	return n.Detail
}
