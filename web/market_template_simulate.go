package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"weir/errs"
	"weir/marketplace"
	"weir/marketplace/template"
	"weir/views/link"
	view "weir/views/template"
	"weir/views/ui"
)

// simulationBudget is how long one press of the button looks; what is left is looked at with the next.
const simulationBudget = 4 * time.Second

// numberIn is the number of the version that a form is about.
func numberIn(values url.Values) (int, error) {
	n, err := strconv.Atoi(values.Get("number"))
	if err != nil || n < 1 {
		return 0, errs.Bad("number", "is not a number. Open the page again.")
	}
	return n, nil
}

// simulation answers what a waiting version would change, as far as somebody has looked.
func (s *Site) simulation(w http.ResponseWriter, r *http.Request) error {
	t, err := s.templateOf(r)
	if err != nil {
		return err
	}
	if t.Waiting == nil {
		return errs.E(errs.NotFound, "No change of this policy waits.")
	}
	sim, err := s.Market.SimulationOf(r.Context(), t.Template.ID, t.Waiting.Version.Number)
	if err != nil {
		return err
	}
	return s.showSimulation(w, r, http.StatusOK, t, sim, "")
}

// simulate looks, for a while, at what a waiting version would change.
func (s *Site) simulate(w http.ResponseWriter, r *http.Request) error {
	t, err := s.templateOf(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	n, err := numberIn(r.PostForm)
	if err != nil {
		return err
	}
	if _, err = s.Market.Simulate(r.Context(), t.Template.ID, n, simulationBudget); err == nil {
		http.Redirect(w, r, link.TemplateSub(t.Template.Name, "simulate"), http.StatusSeeOther)
		return nil
	}
	trouble, err := troubleOf(err, nil)
	if err != nil {
		return err
	}
	return s.showTemplate(w, r, trouble.status, t, trouble.refused)
}

func (s *Site) showSimulation(w http.ResponseWriter, r *http.Request, status int, t marketplace.TemplateView, sim marketplace.SimulationView, refused string) error {
	p := view.Simulation{
		Name: t.Template.Name, Title: t.Template.Title, Number: strconv.Itoa(t.Waiting.Version.Number), Started: sim.Number > 0, Done: !sim.Finished.IsZero(),
		Back: link.Template(t.Template.Name), Rerun: "Look at all grants and requests", Refused: refused,
	}
	switch {
	case p.Done:
		p.Looked = "Looked at " + ui.Count(sim.Found.Grants, "grant", "grants") + " and " + ui.Count(sim.Found.Pending, "request", "requests") + "."
		p.Progress = "All of them were looked at, " + s.when(sim.Finished).Text + "."
		p.Rerun = "Look again"
	case p.Started:
		p.Progress = "Looked at " + ui.Number(int64(sim.Done)) + " grants and requests so far; there are more."
		p.Rerun = "Go on looking"
	}
	p.Sums = sumsOf(sim.Found)
	for _, f := range sim.Found.Flips {
		p.Flips = append(p.Flips, flipOf(f, sim.Names))
	}
	p.Rest = restOf(sim)
	return s.show(w, r, status, view.SimulationPage(s.shell(r), p))
}

// flipKinds are the ways in which something comes out otherwise, in the order of the page.
var flipKinds = []struct {
	kind template.FlipKind
	word string
	tone ui.Tone
}{
	{template.BecomesImpossible, "could no longer be had", ui.Red},
	{template.BecomesTooLong, "only for a shorter time", ui.Red},
	{template.MoreSteps, "more people would have to approve", ui.Amber},
	{template.MoreMasking, "more would come masked", ui.Amber},
	{template.FewerSteps, "fewer people would have to approve", ui.Grey},
	{template.LessMasking, "less would come masked", ui.Grey},
	{template.BecomesAtOnce, "would be granted at once", ui.Grey},
	{template.BecomesPossible, "could be had now", ui.Grey},
	{template.OtherRefusal, "refused as before, for other reasons", ui.Grey},
}

func sumsOf(f marketplace.SimulationBody) []view.Sum {
	var out []view.Sum
	for _, k := range flipKinds {
		if f.GrantKinds[k.kind]+f.PendingKinds[k.kind] == 0 {
			continue
		}
		out = append(out, view.Sum{Word: ui.Capital(k.word), Tone: k.tone,
			Grants: ui.Number(int64(f.GrantKinds[k.kind])), Pending: ui.Number(int64(f.PendingKinds[k.kind]))})
	}
	return out
}

func flipOf(f marketplace.SimulationFlip, names template.Names) view.Flip {
	out := view.Flip{What: ui.Link{Text: f.Title, Href: link.Sub(link.Grants(), string(f.ID))}, Sort: "Grant",
		Holder: partyOwner(f.Holder, names[f.Holder]), Before: outcomeWord(f.Before), Why: f.Reasons}
	if f.Pending {
		out.What.Href, out.Sort = link.InboxItem(string(f.ID), link.InboxPage{}), "Request"
	}
	for _, k := range flipKinds {
		for _, have := range f.Kinds {
			if have == k.kind {
				out.How = append(out.How, k.word)
			}
		}
	}
	out.After = ui.Capital(joinWords(out.How))
	return out
}

func joinWords(list []string) string {
	out := ""
	for i, word := range list {
		if i > 0 {
			out += ", "
		}
		out += word
	}
	return out
}

func outcomeWord(o template.Outcome) string {
	switch o {
	case template.AtOnce:
		return "Granted at once"
	case template.Impossible:
		return "Not possible"
	}
	return "By approval"
}

// restOf says how many are not shown one by one.
func restOf(sim marketplace.SimulationView) string {
	all := sim.Found.GrantsFlipped + sim.Found.PendingFlipped
	shown := len(sim.Found.Flips)
	switch {
	case all == shown:
		return ui.Count(all, "of them", "of them")
	case sim.Hidden > 0 && shown+sim.Hidden == all:
		return "the first " + ui.Number(int64(shown)) + "; " + ui.Number(int64(sim.Hidden)) + " are hidden from you"
	}
	return "the first " + ui.Number(int64(shown)) + " of " + ui.Number(int64(all))
}
