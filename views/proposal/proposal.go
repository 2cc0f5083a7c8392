// Package proposal holds the pages of acts that a second person has to confirm.
package proposal

import (
	"strings"

	"weir/views/form"
	"weir/views/link"
	"weir/views/ui"
)

// List is a part of the list of proposals.
type List struct {
	View  string // "", "mine" or "all"
	All   bool   // the reader may see those of others
	Rows  []Row
	Pager ui.Pager
	Count string // what waits, for the tab
}

// Row is a proposal in a list.
type Row struct {
	Title ui.Link // without a text it is hidden from the reader
	Act   string  // "Change of a role"
	Who   ui.Owner
	State ui.State
	When  ui.When // when it was proposed
	Left  string  // how long it waits yet; "" once it doesn't
	Soon  bool
}

// Page is one proposal.
type Page struct {
	ID      string
	Title   string
	Act     string
	State   ui.State
	Who     ui.Owner
	Reason  string
	At      ui.When
	Due     ui.When
	About   ui.Link // who or what it is done to; may be empty
	Lines   []string
	Before  []string // what was said when it was proposed, where that is something else
	Gone    string   // why it can't be done any more
	Waits   bool
	Decider ui.Owner
	Decided ui.When
	Verdict string // "Confirmed by", "Refused by"
	Note    string // the decider's
	Outcome *Outcome

	Can   []string // who can confirm it
	More  int
	Stuck bool

	Version, Seen string
	May           May
	Why           string // why the reader can't confirm it
	Again         string // where to sign in again first; "" if that isn't needed
	Errors        form.Errors
	Refused       string
	Typed         string // the note as it was typed
	Open          bool   // the form to refuse is open
}

// May is what the reader can do.
type May struct{ Confirm, Refuse, Retract, Take bool }

// Outcome says how it ended.
type Outcome struct {
	Tone ui.Tone
	Icon string
	Text string
	Link ui.Link
}

// New shows what an act would change before it is proposed, or done.
type New struct {
	Title   string
	Act     string // its name
	Input   string // JSON
	Lines   []string
	Second  bool   // it needs a second person
	Why     string // why the reader sees this instead of what he asked for; may be empty
	Reason  string
	Errors  form.Errors
	Refused string
	Cancel  string
	Direct  string // where the form goes that does it at once, where it needs nobody else
	Do      string // label of that button
}

// Rules are the acts with whether each needs a second person.
type Rules struct {
	Rows    []Rule
	Edit    bool
	Again   string
	Refused string
}

// Rule is one act.
type Rule struct {
	Act     string
	Title   string
	Meaning string
	Confirm bool
	Version string
	By      string // who said so, and when; "" for what came with the program
}

func (p List) tabs() []ui.Tab {
	tabs := []ui.Tab{
		{Label: "Wait for you", Href: link.Proposals(), Count: p.Count, Current: p.View == ""},
		{Label: "Yours", Href: link.ProposalList(link.ProposalPage{View: "mine"}), Current: p.View == "mine"},
	}
	if p.All {
		tabs = append(tabs, ui.Tab{Label: "All", Href: link.ProposalList(link.ProposalPage{View: "all"}), Current: p.View == "all"})
	}
	return tabs
}

func (p List) blank() ui.Blank {
	switch p.View {
	case "mine":
		return ui.Blank{Title: "You have proposed nothing", Text: "Some acts need a second person here. Where you begin one, you are told so and propose it."}
	case "all":
		return ui.Blank{Title: "Nothing was proposed yet", Text: "Acts that need a second person stand here, with who confirmed them."}
	}
	return ui.Blank{Title: "Nothing waits for you", Text: "When somebody proposes something that you can confirm, it stands here. It lapses after 30 days."}
}

// who names those who can confirm it.
func (p Page) who() string {
	out := strings.Join(p.Can, ", ")
	if p.More > 0 {
		out += " and " + ui.Count(p.More, "other", "others")
	}
	return out
}

func (p Page) waitsFor() string {
	if len(p.Can) == 1 && p.More == 0 {
		return p.who() + " has to confirm it by " + p.Due.Text + ". It is then done at once, by itself."
	}
	return "One of " + p.who() + " has to confirm it by " + p.Due.Text + ". It is then done at once, by itself."
}

func (p Page) hidden(do string) []link.Field {
	return []link.Field{{Name: "do", Value: do}, {Name: "version", Value: p.Version}, {Name: "seen", Value: p.Seen}}
}

func (p New) hidden() []link.Field {
	return []link.Field{{Name: "act", Value: p.Act}, {Name: "input", Value: p.Input}, {Name: "cancel", Value: p.Cancel}, {Name: "do", Value: "propose"}}
}
