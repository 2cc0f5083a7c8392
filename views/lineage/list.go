package lineage

import (
	"weir/views/link"
	"weir/views/ui"
)

// Impact is the list of all that depends on something, however far away.
type Impact struct {
	Root    string
	Title   string
	Query   link.LineageQuery
	Crumbs  []ui.Link
	Totals  []Total
	Selects []FilterSelect
	Chips   []ui.Chip
	Partial string
	Rows    []TwinRow
	Pager   ui.Pager
}

// Between is the question how data gets from one thing to another, and its answer.
type Between struct {
	From   Endpoint
	To     Endpoint
	Crumbs []ui.Link
	// Asked is false while an end is missing.
	Asked bool
	Paths []Path
	// Said is the answer in words: "2 ways, the shortest in 3 steps"; also why there is none.
	Said string
	// Reverse leads to the other direction where that one exists; may be empty.
	Reverse ui.Link
	// Partial says why ways may be missing; may be empty.
	Partial string
	Picture *Picture
}

// trail is the breadcrumb, with a usual one.
func (b Between) trail() []ui.Link {
	if len(b.Crumbs) > 0 {
		return b.Crumbs
	}
	return []ui.Link{{Text: "Lineage", Href: link.Lineage("", link.LineageQuery{})}, {Text: "Path between two"}}
}

// Endpoint is one end of the question. Candidates are what a typed name could mean.
type Endpoint struct {
	ID         string
	Typed      string
	Problem    string
	Candidates []SelectOption
}

// ColumnTrace tells where one column came from, what touched it and where it was masked.
type ColumnTrace struct {
	Column  string
	Type    string
	Meaning string
	Stamps  []ui.Stamp
	Of      ui.Link
	Crumbs  []ui.Link
	// Said is the answer in one sentence.
	Said string
	// Paths lead here, one for each origin.
	Paths []Path
	// Onward leads from here to what is made of it.
	Onward []Path
	Jobs   []TouchedBy
	// Picture leads to the lineage with this column's path standing out.
	Picture string
	Partial string
	// Origins are the columns it came from, for the facts.
	Origins []ui.Link
}

// TouchedBy is a job on the way of a column.
type TouchedBy struct {
	Job ui.Link
	// What it does to the column: "masks it (SHA-256)", "joins on it".
	What   string
	Masks  bool
	Last   ui.When
	Hidden bool
}
