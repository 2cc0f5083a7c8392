package request

import (
	"weir/views/ui"
)

// List is what somebody asked for, or what was asked for on his behalf.
type List struct {
	// Text is what was searched for; State and For are the choices of the form, carried along.
	Text, State, For string
	States           []ui.Option
	Whose            []Choice
	Rows             []Line
	Drafts           []DraftRow
	Pager            ui.Pager
	Blank            ui.Blank
}

// Choice is one for whom requests are listed.
type Choice struct {
	Value, Label string
	On           bool
}

// Line is a request's item in the list.
type Line struct {
	Title ui.Link
	State ui.State
	// Acts says who has to act and by when, or what came of it.
	Acts  string
	Late  bool
	About string // "Reporting, reading masked, 30 days, for Shop assistant"
	When  ui.When
}

// DraftRow is a draft in the list.
type DraftRow struct {
	ID    string
	Title ui.Link
	About string
	When  ui.When
}
