package request

import (
	"weir/views/ui"
)

// One is a request with what became of it.
type One struct {
	ID      string
	Title   string
	Crumbs  []ui.Link
	Why     string
	Facts   []Fact
	Items   []Part
	Refused string
	// Again leads to the form with the same again; "" where it waits still.
	Again string
	// Mine tells that the reader sent it, or that it is for him.
	Mine bool
}

// Part is one thing that was asked for.
type Part struct {
	ID      string
	Version string
	Name    ui.Link
	State   ui.State
	// Lead says who has to act and by when, or what came of it.
	Lead     string
	Columns  []Column
	Events   []Event
	Barred   []string
	Stuck    bool
	Changed  string
	Question string // that waits for the reader's answer
	Asker    string
	Answer   string // as it was typed
	Wrong    string // what is wrong with the answer
	Answers  bool
	Withdraw bool
	Grant    string // its address
	Extend   string // the address of the form that asks for more time
}

// Event is a line of what happened, or of what has to happen.
type Event struct {
	Icon string
	Tone ui.Tone
	// N stands in place of an icon: the place of a step that is to come.
	N     int
	What  string
	When  ui.When
	Note  string
	Said  string // reason, question or answer
	Lines []string
	Link  ui.Link
}

func (p Part) id(part string) string { return "item-" + p.ID + part }
