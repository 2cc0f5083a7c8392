package web

import (
	"net/http"
	"slices"
	"strings"

	"weir/authz"
	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
	view "weir/views/inbox"
	"weir/views/ui"
)

// stepsOf are the decisions that an item needs, and who can make them.
func (s *Site) stepsOf(r *http.Request, i marketplace.ItemView) []view.Step {
	me := graph.ID(authz.Actor(r.Context()))
	waits := slices.IndexFunc(i.Steps, func(st marketplace.StepView) bool { return !st.Met })
	var out []view.Step
	for n, st := range i.Steps {
		row := view.Step{Name: st.Name, How: howMany(st), Because: st.Because, Met: st.Met, Open: n == waits && undecided(i.State)}
		for _, p := range st.Parties {
			row.Parties = append(row.Parties, partyOf(p, me))
		}
		for _, g := range st.Given {
			row.Given = append(row.Given, nameOr(g.Name)+" approved")
		}
		out = append(out, row)
	}
	return out
}

func nameOr(name string) string {
	if name == "" {
		return "Somebody who was erased"
	}
	return name
}

// howMany says how many have to approve a step.
func howMany(st marketplace.StepView) string {
	many := len(st.Parties) > 1
	switch {
	case st.Mode == string(template.All):
		return "all of them"
	case st.Mode == string(template.AtLeast) && st.N > 1:
		return ui.Count(st.N, "person", "people") + " who are independent of each other"
	case many:
		return "somebody of each side"
	}
	return ""
}

func partyOf(p marketplace.PartyView, me graph.ID) view.Party {
	out := view.Party{Name: sideName(p), Fallback: p.Fallback, Nobody: p.Nobody, Met: p.Met, More: p.More}
	for _, w := range p.Can {
		out.Can = append(out.Can, view.Who{Name: nameOr(w.Name), For: w.For, You: w.ID == me})
	}
	if len(p.Who) == 1 && len(p.Can) == 1 && p.Who[0].ID == p.Can[0].ID && p.Can[0].ID != me {
		out.Can = nil // a person who decides for himself is said already
	}
	for _, b := range p.Barred {
		out.Barred = append(out.Barred, b.Why)
	}
	return out
}

// afterApproval says what an approval by the reader leads to: who else has to decide. One approval counts in every step in which
// he is asked.
func afterApproval(i marketplace.ItemView, me graph.ID) string {
	if !i.MayDecide {
		return ""
	}
	var others []string
	for _, st := range i.Steps {
		if !st.Met {
			others = append(others, stillAsked(st, me)...)
		}
	}
	if len(others) == 0 {
		return "Yours is the last approval that is needed."
	}
	return "After you: " + strings.Join(others, "; ") + "."
}

// stillAsked are the sides of a step that have to decide once somebody has approved.
func stillAsked(st marketplace.StepView, me graph.ID) []string {
	var out []string
	mine := false
	for _, p := range st.Parties {
		asked := slices.ContainsFunc(p.Can, func(w marketplace.WhoView) bool { return w.ID == me })
		mine = mine || asked
		switch {
		case p.Met:
		case !asked:
			out = append(out, sideName(p)+" ("+st.Name+")")
		case st.Mode == string(template.All) && len(p.Who) > 1:
			out = append(out, "each other of "+sideName(p)+" ("+st.Name+")")
		}
	}
	if missing := st.N - len(st.Given); mine && st.Mode == string(template.AtLeast) && missing > 1 {
		out = append(out, ui.Count(missing-1, "more person", "more people")+" ("+st.Name+")")
	}
	return out
}

// sideName names the teams, people and roles of a side.
func sideName(p marketplace.PartyView) string {
	var names []string
	for _, w := range p.Who {
		names = append(names, nameOr(w.Name))
	}
	return strings.Join(names, ", ")
}
