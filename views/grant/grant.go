// Package grant holds the pages of who has what: grants, and what people are to do for them.
package grant

import (
	"weir/views/form"
	"weir/views/link"
	"weir/views/ui"
)

// Part is one of the pages that stand side by side under grants.
type Part string

// The parts.
const (
	Mine      Part = "mine"
	Given     Part = "given"
	All       Part = "all"
	Tasks     Part = "tasks"
	Campaigns Part = "campaigns"
)

// Bar is the bar of these pages.
type Bar struct {
	Part Part
	// Oversees tells that the reader may see more than what is his or of his data.
	Oversees bool
	// Open is how many tasks the reader has, as it is shown; "" is none.
	Open string
}

// TabBar are the tabs of the bar.
func (b Bar) TabBar() []ui.Tab {
	out := []ui.Tab{
		{Label: "Mine", Href: link.Grants(), Current: b.Part == Mine},
		{Label: "Of my data", Href: link.GrantList(link.GrantPart{View: "given"}), Current: b.Part == Given},
	}
	if b.Oversees {
		out = append(out, ui.Tab{Label: "All", Href: link.GrantList(link.GrantPart{View: "all"}), Current: b.Part == All})
	}
	return append(out,
		ui.Tab{Label: "Tasks", Href: link.Tasks(), Count: b.Open, Current: b.Part == Tasks},
		ui.Tab{Label: "Campaigns", Href: link.Campaigns(), Current: b.Part == Campaigns})
}

// List is a list of grants.
type List struct {
	Bar Bar
	// Of is what the list is of, or who has what it shows; without a Text it is one of the parts of the bar. Look, if set, is where
	// they are looked through.
	Of    ui.Link
	At    link.GrantPart
	Look  string
	Ended bool
	Rows  []Row
	Pager ui.Pager
	// File is the address of the whole list as a file; "" for those who may not take it out.
	File string
}

// Row is one grant.
type Row struct {
	Name   ui.Link
	Holder ui.Owner
	Gate   ui.Gate
	Access string
	For    string // purpose
	Until  Until
	State  ui.State
}

// Until is when a grant ends, or ended.
type Until struct {
	When ui.When
	// Left is how long it still lasts, in words.
	Left string
	Soon bool
}

// Page is one grant.
type Page struct {
	ID        string
	Version   string
	Title     ui.Link
	State     ui.State
	Lead      string
	Notes     []Note
	Facts     []Fact
	Parts     []Data
	Masking   []string
	Decisions []Event
	Events    []Event
	Commands  []Command
	Tasks     []ui.Link
	May       May
	Forms     Forms
}

// Note is a sentence that changes what the reader does.
type Note struct {
	Text string
	Icon string
	Tone ui.Tone
	Link ui.Link
}

// Fact is one thing that is known of a grant.
type Fact struct {
	Name string
	Who  ui.Owner
	Text ui.Link
	When ui.When
	More string
}

// Data is a dataset that a grant opens.
type Data struct {
	Name    ui.Link
	Columns []string // none: all
	Hidden  bool
}

// Event is a decision, or something that happened.
type Event struct {
	Who  string
	What string
	Said string
	When ui.When
	Icon string
	Tone ui.Tone
	Link ui.Link
}

// Command is something that a system outside was told, or that somebody does by hand.
type Command struct {
	What  string
	State ui.State
	Text  string
	When  ui.When
}

// May are the acts that are offered.
type May struct {
	Renew                            string // address of the form that asks for more time; "" is not offered
	Again                            string // address of the form that asks for it anew, once it has ended; "" is not offered
	Revoke, Shorten, HandBack, Retry bool
}

func (m May) any() bool {
	return m.Renew != "" || m.Again != "" || m.Revoke || m.Shorten || m.HandBack || m.Retry
}

// Forms are the forms of the acts, as they were typed.
type Forms struct {
	Open    string // the one that was sent back: "revoke", "shorten", "hand-back"
	Reason  string
	Until   string
	Errors  form.Errors
	Refused string
}

// opened keeps a form open that was sent back.
func (f Forms) opened(name string) bool { return f.Open == name }

func (f Forms) typed(name, value string) string {
	if f.Open != name {
		return ""
	}
	return value
}

func (f Forms) wrong(name, field string) string {
	if f.Open != name {
		return ""
	}
	return f.Errors.Of(field)
}

// TaskList is what the reader is to do.
type TaskList struct {
	Bar     Bar
	Done    bool
	Rows    []Task
	Pager   ui.Pager
	Refused string
}

// Task is one thing to do.
type Task struct {
	ID      string
	Version string
	Title   string
	Text    string
	Grant   ui.Link // what it is for; may be empty
	Holder  ui.Owner
	Subject ui.Link // consumer or campaign; may be empty
	Due     Until
	Icon    string
	// Open is where the task is done, if not here.
	Open ui.Link
	// Hand tells that it is done by hand in a system outside, and so may turn out not to be possible.
	Hand  bool
	Done  string // by whom
	When  ui.When
	Note  string
	Wrong string
	Typed string
}
