package catalog

import "weir/views/ui"

// Same is the page about the other names of a dataset.
type Same struct {
	Of     string
	Path   string
	Crumbs []ui.Link
	Said   []SameLine
	Action string
	Search string
	// Searched is false while nothing was searched for.
	Searched bool
	Found    []SameFound
}

// SameLine is what is said of two names.
type SameLine struct {
	A, B    SameName
	Refused bool
	// By says who says that they are the same.
	By string
	// Change leads to the page that says the opposite; empty for who may not.
	Change string
}

// SameName is a dataset by name and path.
type SameName struct {
	Name, Path string
}

// SameFound is a dataset that may be the same.
type SameFound struct {
	Name  ui.Link
	Path  string
	Level ui.Level
	// Choose leads to the page that asks; without it No says why it can't be chosen.
	Choose string
	No     string
}

// SamePair asks before it is said of two datasets that they are the same, or that they are not.
type SamePair struct {
	Crumbs      []ui.Link
	A, B        SameName
	AID, BID    string
	LinkA       ui.Link
	LinkB       ui.Link
	Same        bool // what is about to be said
	Back        bool // it takes back what a person said
	Action      string
	Cancel      string
	StaysSame   bool // a third name still holds them together afterwards
	SourcesSaid string
}

func (p SamePair) title() string {
	if p.Same {
		return "Are these two the same dataset?"
	}
	return "Are these two not the same dataset?"
}

func (p SamePair) button() string {
	if p.Same {
		return "They are the same"
	}
	return "They are not the same"
}

func (p SamePair) word() string {
	if p.Same {
		return "yes"
	}
	return "no"
}
