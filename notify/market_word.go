package notify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/graph"
	"weir/marketplace"
	"weir/marketplace/template"
)

// day is a day as texts say it.
func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// asker is who asks, and for whom.
func asker(v marketplace.ItemView) string {
	who := orSomebody(v.SenderName)
	if v.Holder != v.Sender {
		who += " for " + orSomebody(v.HolderName)
	}
	return who
}

func orSomebody(name string) string {
	if name == "" {
		return "somebody who has left"
	}
	return name
}

// details say all of what is asked for.
func details(v marketplace.ItemView) []string {
	what := v.Title
	if len(v.Columns) > 0 {
		what += ", " + count(len(v.Columns), "column", "columns")
	}
	if v.Sensitive > 0 {
		what += ", " + count(v.Sensitive, "of them sensitive", "of them sensitive")
	}
	if names := sensitiveNames(v); names != "" {
		what += ": " + names
	}
	how := template.Access(v.Access).Words()
	if v.Environment != "" {
		how += ", in " + v.Environment
	}
	out := []string{"Who: " + asker(v), "What: " + what, "How: " + how, "For how long: " + count(v.Days, "day", "days")}
	why := template.PurposeTitle(v.Purpose)
	if v.Why != "" {
		why = strings.TrimSpace(why + ". “" + line(v.Why) + "”")
	}
	if v.Extends != "" {
		why = "more time for what is granted already. " + why
	}
	return append(out, "Why: "+why)
}

// sensitiveNames are the columns that carry data classes, with those, the first few.
func sensitiveNames(v marketplace.ItemView) string {
	const shown = 5
	var out []string
	more := 0
	for _, c := range v.Columns {
		if len(c.Classes) == 0 {
			continue
		}
		if len(out) == shown {
			more++
			continue
		}
		out = append(out, c.Path+" ("+strings.Join(c.Classes, ", ")+")")
	}
	if more > 0 {
		out = append(out, count(more, "other", "others"))
	}
	return strings.Join(out, ", ")
}

// itemNames are the people whom a text about an item names.
func itemNames(v marketplace.ItemView) []graph.ID {
	out := []graph.ID{v.Sender, v.Holder, v.Asker}
	for _, st := range v.Steps {
		for _, p := range st.Parties {
			for _, w := range p.Can {
				out = append(out, w.ID)
			}
		}
	}
	for _, d := range v.Decisions {
		out = append(out, d.By, d.For)
	}
	return distinct(out)
}

// grantNames are the people whom a text about a grant names.
func grantNames(g marketplace.GrantView) []graph.ID {
	return distinct([]graph.ID{g.Sender, g.Holder, g.EndedBy})
}

func distinct(ids []graph.ID) []graph.ID {
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id graph.ID) bool { return id == "" })
}

// whoDecides says who has to act, of the step that is open.
func whoDecides(v marketplace.ItemView) string {
	for _, st := range v.Steps {
		if st.Met {
			continue
		}
		var who []string
		for _, p := range st.Parties {
			if !p.Met {
				who = append(who, partyWords(p))
			}
		}
		return "Who decides: " + st.Name + ": " + strings.Join(who, ", and ")
	}
	return "Who decides: nobody has to any more"
}

func partyWords(p marketplace.PartyView) string {
	if len(p.Can) == 0 {
		return "nobody can"
	}
	const shown = 3
	var names []string
	for _, w := range p.Can[:min(len(p.Can), shown)] {
		name := w.Name
		if w.For != "" {
			name += " (stands in for " + w.For + ")"
		}
		names = append(names, name)
	}
	if more := len(p.Can) + p.More - len(names); more > 0 {
		names = append(names, count(more, "other", "others"))
	}
	return strings.Join(names, " or ")
}

// byWhen says until when somebody has to act.
func byWhen(v marketplace.ItemView) string {
	if v.Due.IsZero() {
		return ""
	}
	return "By when: " + day(v.Due)
}

// itemLink leads who has to decide to the item, and who asks to the request.
func inboxLink(v marketplace.ItemView) string   { return "/inbox/" + string(v.ID) }
func requestLink(v marketplace.ItemView) string { return "/requests/" + string(v.Request) }
func grantLink(g marketplace.GrantView) string  { return "/grants/" + string(g.ID) }

// grantDetails say what a grant is.
func grantDetails(g marketplace.GrantView) []string {
	out := []string{
		"Who: " + orSomebody(g.HolderName), "What: " + g.Title, "How: " + template.Access(g.Access).Words(),
		"Why: " + template.PurposeTitle(g.Purpose),
	}
	if g.SenderName != "" && g.Sender != g.Holder {
		out[0] += ", asked for by " + g.SenderName
	}
	return out
}
