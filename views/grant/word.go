package grant

import (
	"strings"

	"weir/views/link"
	"weir/views/ui"
)

func (p List) title() string {
	switch {
	case p.Of.Text == "":
		return "Grants"
	case p.At.View == "holder":
		return "What " + p.Of.Text + " has"
	}
	return "Who has " + p.Of.Text
}

func (p List) lead() string {
	if p.Of.Text != "" {
		return "As far as you may see it: why, until when, by whose decision."
	}
	switch p.Bar.Part {
	case Given:
		return "Who has the data that you own, or own with a team: why, until when, by whose decision."
	case All:
		return "Who has what, wherever you may see it."
	}
	return "What you may use: yours, and what you have through your teams, accounts and agents."
}

// in is the same list in another state.
func (p List) in(state string) string {
	at := p.At
	at.State, at.After = state, ""
	return link.GrantList(at)
}

func (p List) untilHead() string {
	if p.Ended {
		return "Ended"
	}
	return "Until"
}

func (p List) blank() ui.Blank {
	switch {
	case p.Ended:
		return ui.Blank{Title: "Nothing has ended", Text: "Grants that run out, are revoked or handed back stay here."}
	case p.Of.Text != "":
		return ui.Blank{Title: "No grants that you may see", Text: "Grants are shown to who has them, to the owners of the data, and to those who oversee them."}
	case p.Bar.Part == Mine:
		return ui.Blank{Title: "You have no grants yet", Text: "Find a product or dataset and ask for it. Once those who own it agree, it stands here with the day on which it ends.",
			Action: ui.Link{Text: "See what is offered", Href: link.Products()}, Whole: true}
	case p.Bar.Part == Given:
		return ui.Blank{Title: "Nobody has data of yours", Text: "When somebody asks for data that you own and it is approved, the grant stands here."}
	}
	return ui.Blank{Title: "No grants", Text: "Nobody has anything yet where you may see it."}
}

func (l TaskList) blank() ui.Blank {
	if l.Done {
		return ui.Blank{Title: "Nothing done yet", Text: "Tasks that you or others on the same list have done stay here."}
	}
	return ui.Blank{Title: "Nothing to do", Text: "Tasks come here when access has to be given or taken away by hand, when access that something of yours was made with is revoked, and when grants of your data are to be looked through.", Whole: true}
}

// columns says which columns of a dataset are open.
func (d Data) columns() string {
	if len(d.Columns) == 0 {
		return "All columns"
	}
	return ui.Count(len(d.Columns), "column", "columns") + ": " + strings.Join(d.Columns, ", ")
}

// holder names who has the grant, in a label.
func (p Page) holder() string {
	for _, f := range p.Facts {
		if f.Name == HolderFact && f.Who.Name != "" {
			return f.Who.Name
		}
	}
	return "who has it"
}

// HolderFact is the name of the fact that tells who has a grant.
const HolderFact = "Who has it"

// actWord is what the button of a form says.
func actWord(name string) string {
	switch name {
	case "hand-back":
		return "Hand it back now"
	case "shorten":
		return "Let it end on that day"
	}
	return "Revoke it now"
}

func (t Task) hint() string {
	if t.Hand {
		return "May be empty where it is done. Say why where it can't be done."
	}
	return "May be empty."
}

// crumbs lead to a list, and to what it is of.
func (p List) crumbs() []ui.Link {
	if p.Of.Text == "" {
		return []ui.Link{{Text: "Grants"}}
	}
	return []ui.Link{{Text: "Grants", Href: link.Grants()}, {Text: p.Of.Text, Href: p.Of.Href}, {Text: "Grants"}}
}
