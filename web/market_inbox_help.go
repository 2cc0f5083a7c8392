package web

import (
	"maps"
	"slices"
	"strings"

	"weir/marketplace"
	"weir/marketplace/template"
	view "weir/views/inbox"
	"weir/views/link"
	"weir/views/ui"
)

// risksOf says in short what is at stake: which classes come in clear text, in how many columns, and what is masked.
func risksOf(i marketplace.ItemView) []view.Risk {
	var out []view.Risk
	how := comes(i)
	clear, masked := map[string]map[string]bool{}, map[string]bool{}
	for _, in := range i.Flow.Inflows {
		if _, tone := how(in); tone == ui.Green {
			masked[string(in.Column)] = true
			continue
		}
		if clear[in.Class] == nil {
			clear[in.Class] = map[string]bool{}
		}
		clear[in.Class][string(in.Column)] = true
	}
	for _, class := range sortedClasses(clear) {
		out = append(out, view.Risk{Icon: "triangle-alert", Tone: ui.Red,
			Text: strings.ToUpper(class) + " in clear text in " + ui.Count(len(clear[class]), "column", "columns")})
		for column := range clear[class] {
			delete(masked, column)
		}
	}
	var vague []string
	for _, c := range i.Flow.Coarse {
		if name := strings.ToUpper(c.Class); !slices.Contains(vague, name) {
			vague = append(vague, name)
		}
	}
	if len(vague) > 0 {
		out = append(out, view.Risk{Icon: "triangle-alert", Tone: ui.Amber, Text: strings.Join(vague, ", ") + " may flow in: nobody stated which columns"})
	}
	if len(masked) > 0 {
		out = append(out, view.Risk{Icon: "shield-check", Tone: ui.Green, Text: ui.Count(len(masked), "sensitive column comes", "sensitive columns come") + " masked"})
	}
	if i.Stuck {
		out = append(out, view.Risk{Icon: "ban", Tone: ui.Red, Text: "A side has nobody left who can decide. An administrator has to name somebody."})
	}
	return out
}

func sortedClasses(of map[string]map[string]bool) []string {
	var stamps []ui.Stamp
	for class := range of {
		stamps = append(stamps, ui.Stamp{Class: class})
	}
	sortStamps(stamps)
	out := make([]string, len(stamps))
	for n, st := range stamps {
		out[n] = st.Class
	}
	return out
}

// helpOf is what else tells whether to approve: who has the same already, and what is made of the data.
func (s *Site) helpOf(i marketplace.ItemView) []view.Risk {
	var out []view.Risk
	if n := len(i.Similar); n > 0 {
		text := ui.Count(n, "grant of the same data holds", "grants of the same data hold") + " now"
		if n == 5 {
			text = "5 or more grants of the same data hold now"
		}
		out = append(out, view.Risk{Icon: "history", Text: text})
		for _, g := range i.Similar[:min(n, 3)] {
			what := ui.Capital(template.Access(g.Access).Words()) + " for " + strings.ToLower(template.PurposeTitle(g.Purpose)) + ", until " + g.Until.UTC().Format("2 Jan 2006")
			out = append(out, view.Risk{Icon: "key-round", Text: what, Link: ui.Link{Href: link.Sub(link.Grants(), string(g.ID))}})
		}
	} else if undecided(i.State) {
		out = append(out, view.Risk{Icon: "history", Text: "Nobody has the same data by a grant now"})
	}
	if undecided(i.State) && i.Gone == "" {
		out = append(out, view.Risk{Icon: "waypoints", Text: opensText(i)})
	}
	return out
}

// opensText says what is made of the data that is asked for.
func opensText(i marketplace.ItemView) string {
	o := i.Opens
	if o.Datasets+o.Consumers == 0 {
		return "Nothing is made of this data yet"
	}
	out := "This data leads on to " + ui.Count(o.Datasets, "dataset", "datasets") + " and " +
		ui.Count(o.Consumers, "dashboard, report or application", "dashboards, reports and applications")
	if o.Partial {
		out += ", at least"
	}
	return out
}

// aspects are what policies decide, in the order of the page.
var aspects = []struct{ key, title string }{
	{"who", "Who"}, {"purpose", "Purpose"}, {"access", "How"}, {"environment", "Where"}, {"duration", "How long"},
	{"renewal", "Renewal"}, {"terms", "Terms of use"}, {"pre-approval", "At once or not"},
}

// rulesOf says which policy decided what, as the strictest.
func rulesOf(i marketplace.ItemView) []view.Rule {
	by := i.Verdict.DecidedBy
	var out []view.Rule
	add := func(title string, sources []template.Source) {
		if len(sources) > 0 {
			out = append(out, view.Rule{Aspect: title, By: sourceNames(sources)})
		}
	}
	for _, a := range aspects {
		add(a.title, by[a.key])
	}
	for _, st := range i.Verdict.Steps {
		add("Decided by "+strings.ToLower(st.Name), by["steps."+st.Key()])
	}
	for _, class := range slices.Sorted(maps.Keys(i.Verdict.Masking)) {
		add("Masking of "+strings.ToUpper(class), by["masking."+class])
	}
	if len(out) == 0 {
		add("All of it", i.Verdict.Applied)
	}
	out = joined(out)
	if len(out) == 1 {
		out[0].Aspect = "All of it"
	}
	return out
}

// joined puts aspects together that the same policies decided.
func joined(all []view.Rule) []view.Rule {
	var out []view.Rule
	for _, r := range all {
		n := slices.IndexFunc(out, func(o view.Rule) bool { return slices.Equal(o.By, r.By) })
		if n < 0 {
			out = append(out, r)
			continue
		}
		out[n].Aspect += ", " + strings.ToLower(r.Aspect[:1]) + r.Aspect[1:]
	}
	return out
}

func sourceNames(sources []template.Source) []string {
	var out []string
	for _, src := range sources {
		name := strings.TrimSpace(src.Name + ", " + src.Why)
		if src.Version > 0 {
			name = src.Name + ", version " + ui.Number(int64(src.Version)) + ", " + src.Why
		}
		out = append(out, strings.TrimSuffix(name, ","))
	}
	return out
}
