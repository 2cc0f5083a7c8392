package web

import (
	"net/http"
	"net/url"

	"weir/catalog"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// home answers the first page.
func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	home, err := s.Catalog.Home(r.Context())
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.HomePage(s.shell(r), s.homeOf(home)))
}

func (s *Site) homeOf(home catalog.Home) view.Home {
	t := home.Totals
	out := view.Home{
		Hello: "What data do you need?", Narrow: shortcuts(home.Domains), Questions: questionsOf(s.Questions),
		Domains: domainCards(home.Domains), Failing: s.failing(home.Failing),
		Empty: t.Datasets+t.Transforms+t.Consumers == 0,
		Totals: []view.Total{
			{Count: number(t.Datasets, t.Capped), Noun: plural(t.Datasets, "dataset"), Href: link.SearchFor("kind", "dataset")},
			{Count: number(t.Transforms, t.Capped), Noun: plural(t.Transforms, "job"), Href: link.SearchFor("kind", "transform")},
			{Count: number(t.Consumers, t.Capped), Noun: plural(t.Consumers, "consumer"), Href: link.SearchFor("kind", "consumer")},
			{Count: number(len(home.Domains), false), Noun: plural(len(home.Domains), "domain"), Href: link.Domains()},
		},
	}
	for _, c := range home.Changed {
		out.Changed = append(out.Changed, s.changed(c))
	}
	if t.Failing > len(home.Failing) {
		out.FailingAll = ui.Link{Text: "All " + number(t.Failing, t.Capped), Href: link.SearchFor("state", string(catalog.Failed))}
	}
	return out
}

func plural(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}

// maxShortcuts is how many domains stand below the search box.
const maxShortcuts = 2

func shortcuts(domains []catalog.DomainView) []view.Shortcut {
	var out []view.Shortcut
	add := func(name, value string) {
		out = append(out, view.Shortcut{Name: name, Value: value, Href: link.SearchFor(name, value)})
	}
	for _, d := range domains[:min(len(domains), maxShortcuts)] {
		add("domain", d.Domain.Name)
	}
	add("class", "pii")
	add("kind", "dashboard")
	add("level", string(catalog.Restricted))
	return out
}

// answers tell what a question's address leads to, and how that is drawn.
var answers = map[string]struct{ icon, says string }{
	"/lineage":        {"waypoints", "A picture of its lineage"},
	"/lineage/impact": {"route", "A list of all that depends on it"},
	"/lineage/path":   {"route", "The ways between the two"},
	"/search":         {"search", "A search"},
}

func questionsOf(all []Question) []view.Question {
	out := make([]view.Question, len(all))
	for i, q := range all {
		out[i] = view.Question{Text: q.Title, Href: q.URL, Icon: "shield-check", Answer: "The column's origins, and the jobs that touched it"}
		u, err := url.Parse(q.URL)
		if err != nil {
			continue // the link is shown as it is; the icon is all that is lost
		}
		if a, ok := answers[u.Path]; ok {
			out[i].Icon, out[i].Answer = a.icon, a.says
		}
	}
	return out
}

func (s *Site) failing(items []catalog.RunItem) []view.FailingRun {
	out := make([]view.FailingRun, len(items))
	for i, item := range items {
		out[i] = view.FailingRun{
			Job: jobLink(item.Job), Run: link.Run(string(item.Run.ID)), Error: firstLine(item.Run.Error), When: s.when(item.Run.Last),
		}
		if out[i].Error == "" {
			out[i].Error = "It ended without a message."
		}
	}
	return out
}
