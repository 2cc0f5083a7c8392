package catalog

import "weir/views/ui"

// LineageStep is one step of a dataset's lineage, as its tab lists it.
type LineageStep struct {
	// From and To are its ends; the hidden one of them is empty.
	From, To ui.Link
	// Word says what the step is: "is read by".
	Word    string
	Sources []string
	Since   ui.When
	Last    ui.When
	// Unconfirmed says that its source's last run did not state it any more.
	Unconfirmed bool
	// Close leads to the page that ends it; empty for who may not.
	Close string
}

// CloseStep asks before a step of lineage ends.
type CloseStep struct {
	Step LineageStep
	// Field is "from" or "to": which end Other is, the one beside the dataset.
	Field  string
	Other  string
	Action string
	Cancel string
	Crumbs []ui.Link
	// Consumer says that the step leads to something that uses the data.
	Consumer bool
}
