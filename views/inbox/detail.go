package inbox

import (
	"weir/views/form"
	"weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// Detail is an item with all that a decision on it is made on.
type Detail struct {
	ID      string
	Number  string // of the item, short
	Title   string // "Maya Lindqvist asks to read Customer 360 in clear text"
	Sent    ui.When
	Due     Due
	State   ui.State // of one that doesn't wait for a decision; no word if it does
	Request ui.Link
	Why     string
	Facts   []Fact
	Changed string // what is other than when it was sent
	Gone    string // why it can't be worked out any more what would be decided on
	Risks   []Risk
	Inflows []Inflow
	More    int // inflows beyond those that are shown
	Coarse  []Coarse
	Partial bool // more lies upstream than was looked at
	Lineage string
	Steps   []Step
	Help    []Risk
	Rules   []Rule
	Log     []Event
	Decide  Decide
}

// Fact is a name and a value.
type Fact struct {
	Name string
	Text ui.Link
	Who  ui.Owner // instead of Text
	More string   // after it, smaller
}

// Risk is one sentence of what speaks for or against.
type Risk struct {
	Icon string
	Tone ui.Tone
	Text string
	Link ui.Link
}

// Inflow is a data class that comes into a column, with its way.
type Inflow struct {
	Column string
	Stamp  ui.Stamp
	Way    lineage.Path // Verdict is how it comes: "Clear text", "Masked"
	// Other tells that it is masked on some ways and not on this one.
	Other bool
}

// Coarse is a data class of which nobody stated into which columns it flows.
type Coarse struct {
	Stamp   ui.Stamp
	Way     lineage.Path
	Columns string // "into any of 9 columns"
}

// Step is a decision that is needed.
type Step struct {
	Name    string
	How     string   // "any of them", "2 of them, independent of each other"
	Because []string // why it is needed
	Met     bool
	Open    bool // it is the one that waits
	Parties []Party
	Given   []string // "Ines Okafor approved"
}

// Party is one side of a step.
type Party struct {
	Name     string // "Care team", "Security of Care"
	Can      []Who
	More     int // people beyond those
	Fallback string
	Nobody   bool
	Met      bool
	Barred   []string // sentences
}

// Who is somebody who can decide.
type Who struct {
	Name string
	For  string // for whom he stands in
	You  bool
}

// Rule is what a policy decided.
type Rule struct {
	Aspect string // "How long"
	By     []string
}

// Event is something that happened so far.
type Event struct {
	Icon string
	Tone ui.Tone
	Who  string
	What string
	Said string // reason, question or answer
	When ui.When
	Link ui.Link
}

// Column is one to approve or to leave out.
type Column struct {
	ID, Name string
	Stamps   []ui.Stamp
	On       bool
}

// Decide is what may be done with an item, and what was typed.
type Decide struct {
	May      bool
	WhyNot   string
	Break    bool // break the glass
	Ask      bool // ask back
	Reject   bool // what waits for an answer can only be rejected
	Version  string
	Seen     string
	At       link.InboxPage
	Next     string // the item to go on with
	Columns  []Column
	Days     int
	Label    string // "Approve 8 columns for 14 days"
	After    string // what follows an approval
	Asker    string // who is asked back
	Open     string // the form that stays open: less, ask or reject
	Typed    Typed
	Errors   form.Errors
	Refused  string
	Conflict string // what has changed since it was looked at
}

// Typed is what a form held that was sent back.
type Typed struct{ Less, Ask, Reject, Break, Days string }

func (d Decide) any() bool { return d.May || d.Ask || d.Reject }

func (p Page) title() string {
	if p.Detail == nil {
		return "Inbox"
	}
	return p.Detail.Title
}

func (p Page) crumbs() []ui.Link {
	if p.Detail == nil {
		return []ui.Link{{Text: "Inbox"}}
	}
	return []ui.Link{{Text: "Inbox", Href: link.InboxList(p.List.At)}, {Text: p.Detail.Title}}
}

// hidden are the values that every form of an item carries along.
func (d Decide) hidden() []link.Field {
	out := []link.Field{{Name: "version", Value: d.Version}, {Name: "seen", Value: d.Seen}}
	for _, f := range []link.Field{{Name: "next", Value: d.Next}, {Name: "q", Value: d.At.Text}, {Name: "sort", Value: d.At.Sort}, {Name: "after", Value: d.At.After}} {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}
