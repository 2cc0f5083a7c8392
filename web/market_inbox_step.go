package web

import (
	"net/http"
	"slices"

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
	out := view.Party{Fallback: p.Fallback, Nobody: p.Nobody, Met: p.Met, More: p.More}
	for _, w := range p.Who {
		if out.Name != "" {
			out.Name += ", "
		}
		out.Name += nameOr(w.Name)
	}
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

// afterApproval says what an approval by the reader leads to: whether it is the last one that is needed.
func afterApproval(i marketplace.ItemView) string {
	if !i.MayDecide {
		return ""
	}
	var waits []string
	missing := 0
	for _, st := range i.Steps {
		if st.Met {
			continue
		}
		waits = append(waits, st.Name)
		for _, p := range st.Parties {
			if !p.Met {
				missing++
			}
		}
		if st.Mode == string(template.AtLeast) {
			missing = max(missing, st.N-len(st.Given))
		}
		if st.Mode == string(template.All) {
			missing++ // whether all keys are answered by one person isn't told here
		}
	}
	switch {
	case len(waits) > 1:
		return "After this step: " + waits[1] + "."
	case missing > 1:
		return "Others may have to approve, too."
	}
	return "Yours is the last approval that is needed."
}
