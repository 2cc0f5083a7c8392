package catalog

import "weir/views/ui"

// ActivityList is the history of an asset, newest first, read from the log.
type ActivityList struct {
	Entries []Entry
	Pager   ui.Pager
}

// Entry is one change: who, when, and each field before and after.
type Entry struct {
	// What says it in words: "described it", "gained 2 columns".
	What  string
	Actor ui.Owner
	When  ui.When
	// Sequence is its number in the log.
	Sequence string
	Changes  []FieldChange
	Icon     string
	Tone     ui.Tone
}

// FieldChange is one field before and after. An empty side means that there was or is nothing.
type FieldChange struct {
	Field  string
	Before string
	After  string
}
