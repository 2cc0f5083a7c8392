package web

import (
	"slices"
	"strings"

	"weir/audit"
	"weir/catalog"
	view "weir/views/catalog"
	"weir/views/ui"
)

// changed is one line of what changed lately: the most telling change of an entry, and how many more there are.
func (s *Site) changed(c catalog.ChangedAsset) view.Changed {
	what, icon, tone := told(c.Entry)
	return view.Changed{Name: linkTo(c.Asset), What: what, Icon: icon, Tone: tone, When: s.when(c.Entry.At)}
}

// told words an entry as what follows the name of its asset.
func told(e audit.Entry) (what, icon string, tone ui.Tone) {
	icon, tone = "git-compare", ui.Amber
	if e.Action == describeAction {
		icon, tone = "pencil", ui.Water
	}
	if len(e.Changes) == 0 {
		return "was changed", icon, tone
	}
	c := e.Changes[0]
	for _, other := range e.Changes {
		if telling(other.Field) > telling(c.Field) {
			c = other
		}
	}
	if c.Field == "created" {
		icon, tone = "plus", ui.Green
	}
	gained := slices.DeleteFunc(slices.Clone(e.Changes), func(c audit.Change) bool { return !strings.HasPrefix(c.Field, "column ") || c.Before != "" })
	if len(gained) > 1 && strings.HasPrefix(c.Field, "column ") {
		return "gained " + ui.Count(len(gained), "column", "columns") + ": " + listed(gained), icon, tone
	}
	what = sentence(c)
	if more := len(e.Changes) - 1; more > 0 && c.Field != "created" {
		what += ", and " + ui.Count(more, "more change", "more changes")
	}
	return what, icon, tone
}

// listed names the first few columns.
func listed(columns []audit.Change) string {
	const few = 3
	var names []string
	for _, c := range columns[:min(len(columns), few)] {
		names = append(names, short(strings.TrimPrefix(c.Field, "column ")))
	}
	if len(columns) > few {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// describeAction is what the log calls a person's description.
const describeAction = "catalog.describe"

// telling ranks fields by how much a change of them tells.
func telling(field string) int {
	switch {
	case field == "created":
		return 5
	case strings.HasPrefix(field, "column "):
		return 4
	case field == "classification" || field == "classes" || field == "class":
		return 3
	case field == "input" || field == "output":
		return 2
	}
	return 1
}

// sentence words a change of one field.
func sentence(c audit.Change) string {
	column, isColumn := strings.CutPrefix(c.Field, "column ")
	switch {
	case c.Field == "created":
		return "is new"
	case isColumn && c.Before == "":
		return "gained column " + column
	case isColumn && c.After == "":
		return "lost column " + column
	case isColumn:
		return "changed column " + column
	case c.Field == "read by" && c.Before == "":
		return "is read by " + c.After
	case c.Field == "made by" && c.Before == "":
		return "is made by " + c.After
	case c.Field == "input" && c.Before == "":
		return "reads " + c.After
	case c.Field == "output" && c.Before == "":
		return "writes " + c.After
	case c.Before == "":
		return "has a new " + c.Field + ": " + short(c.After)
	case c.After == "":
		return "lost its " + c.Field + " " + short(c.Before)
	}
	return "has another " + c.Field + ": " + short(c.After)
}

// maxShort is how many characters of a value a sentence repeats.
const maxShort = 80

func short(text string) string {
	text = firstLine(text)
	runes := []rune(text)
	if len(runes) <= maxShort {
		return text
	}
	return string(runes[:maxShort-1]) + "…"
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(line)
}
