package inbox

import (
	"strings"

	"github.com/a-h/templ"

	"weir/views/ui"
)

// current marks the row or the order that is shown.
func current(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

// opened keeps a pop open.
func (d Decide) opened(form string) templ.Attributes {
	if d.Open != form {
		return nil
	}
	return templ.Attributes{"open": true}
}

// first is the first part of a list.
func (l List) first() string {
	l.At.After = ""
	return l.sortedBy(l.At.Sort)
}

func (w Who) words() string {
	name := w.Name
	if w.You {
		name = "You"
	}
	if w.For != "" {
		name += ", in place of " + w.For
	}
	return name
}

// words names who can decide for a party.
func (p Party) words() string {
	var names []string
	for _, w := range p.Can {
		names = append(names, w.words())
	}
	if p.More > 0 {
		names = append(names, ui.Count(p.More, "more", "more"))
	}
	return strings.Join(names, "; ")
}

// you tells whether the reader can decide for a party.
func (p Party) you() bool {
	for _, w := range p.Can {
		if w.You {
			return true
		}
	}
	return false
}

func (s Step) tone() ui.Tone {
	switch {
	case s.Met:
		return ui.Green
	case s.Open:
		return ui.Water
	}
	return ui.Grey
}

func (s Step) icon() string {
	switch {
	case s.Met:
		return "check"
	case s.Open:
		return "user-round"
	}
	return "clock"
}

func wayIcon(tone ui.Tone) string {
	if tone == ui.Green {
		return "shield-check"
	}
	return "triangle-alert"
}

// dangerous tells whether a risk has to stand out.
func (r Risk) dangerous() bool { return r.Tone == ui.Red || r.Tone == ui.Amber }

// wrong is what is wrong with the reason in a form.
func (d Decide) wrong(form string) string {
	if d.Open != form {
		return ""
	}
	return d.Errors.Of("reason")
}
