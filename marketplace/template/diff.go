package template

import (
	"cmp"
	"slices"

	"weir/graph"
)

// Change is one difference between two bodies, in plain words.
type Change struct {
	Field  string `json:"field"` // as a person calls it: "Longest duration"
	Before string `json:"before"`
	After  string `json:"after"`
}

// Diff says what changes from a to b, for whoever has to confirm it. Nothing that changes a verdict is left out.
func Diff(a, b Body, names Names) []Change {
	a, b = a.Clean(), b.Clean()
	names = names.apart(a, b)
	before, after := aspects(a, names), aspects(b, names)
	var out []Change
	for i := range before {
		if before[i].words != after[i].words {
			out = append(out, Change{Field: before[i].field, Before: before[i].words, After: after[i].words})
		}
	}
	before, after = details(a, names), details(b, names)
	for _, field := range fields(before, after) {
		x, y := find(before, field), find(after, field)
		if x != y {
			out = append(out, Change{Field: field, Before: cmp.Or(x, "none"), After: cmp.Or(y, "none")})
		}
	}
	return out
}

type aspect struct{ field, words string }

// aspects are what every body says something about, in the order of the page.
func aspects(b Body, names Names) []aspect {
	yes := map[bool]string{true: "yes", false: "no"}
	atOnce := "never"
	if b.PreApproved != nil {
		atOnce = b.PreApproved.words(b)
	}
	return []aspect{
		{"Title", b.Title},
		{"Summary", cmp.Or(b.Summary, "none")},
		{"Text", cmp.Or(b.Text, "none")},
		{"Applies to", b.Applies.words(names)},
		{"Who may ask", b.Who.words(names)},
		{"Purposes", b.purposeWords()},
		{"Access", list(accessWords(b.Access), "and")},
		{"Places of use", cmp.Or(list(b.Environments, "or"), "any place")},
		{"Granted at once", atOnce},
		{"Longest duration", days(b.MaxDays)},
		{"Renewal", map[bool]string{true: "yes," + renewWords(b.RenewBeforeDays), false: "no"}[b.Renewable]},
		{"Terms accepted", yes[b.TermsRequired]},
	}
}

// details are what a body may have any number of: steps and maskings.
func details(b Body, names Names) []aspect {
	var out []aspect
	for _, s := range b.steps() {
		words := s.Words(names) + " (" + s.Name + ")"
		if s.RemindAfterDays > 0 {
			words += ", reminded after " + days(s.RemindAfterDays)
		}
		if s.EscalateAfterDays > 0 {
			words += ", escalated after " + days(s.EscalateAfterDays)
		}
		out = append(out, aspect{"Step: " + s.who(names), words})
	}
	for _, class := range keys(b.Masking) {
		out = append(out, aspect{"Masking of " + class, b.Masking[class]})
	}
	return out
}

// who is who decides a step, whatever number of them.
func (s Step) who(names Names) string {
	switch s.By {
	case ByTeam:
		return "team " + names[s.Team]
	case ByRole:
		return "role " + s.Role
	default:
		return string(s.By)
	}
}

// apart are names for all that the bodies name by id, of which no two are the same: where one is missing or used twice,
// the id stands in it.
func (n Names) apart(bodies ...Body) Names {
	var ids []graph.ID
	for _, b := range bodies {
		ids = slices.Concat(ids, b.Applies.Products, b.Applies.Datasets, b.Applies.Domains, b.Who.Teams, b.stepTeams())
	}
	out, taken := Names{}, map[string]bool{}
	for _, id := range set(ids) {
		name := cmp.Or(n[id], string(id))
		if taken[name] {
			name += " (" + string(id) + ")"
		}
		out[id], taken[name] = name, true
	}
	return out
}

func (b Body) stepTeams() []graph.ID {
	var out []graph.ID
	for _, s := range b.Steps {
		if s.Team != "" {
			out = append(out, s.Team)
		}
	}
	return out
}

func fields(lists ...[]aspect) []string {
	var out []string
	for _, a := range slices.Concat(lists...) {
		if !slices.Contains(out, a.field) {
			out = append(out, a.field)
		}
	}
	return out
}

func find(list []aspect, field string) string {
	for _, a := range list {
		if a.field == field {
			return a.words
		}
	}
	return ""
}
