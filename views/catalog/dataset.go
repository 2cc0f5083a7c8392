package catalog

import (
	"weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// Overview is the first tab of a dataset.
type Overview struct {
	// About is the description, rendered from Markdown and sanitised; empty when nobody wrote one.
	About ui.SafeHTML
	// AboutSource says who wrote it.
	AboutSource string
	Facts       []Fact
	MadeFrom    []Neighbour
	GoesTo      []Neighbour
	MoreUp      ui.Link
	MoreDown    ui.Link
	// Products are those that bundle it, as far as the reader may see them.
	Products []ui.Link
	// Grants is the list of who has it; "" where there is no marketplace.
	Grants string
	// Uses is a sentence about who depends on it: "23 downstream, 4 dashboards, 1 model".
	Uses string
	// Why tells why it is classified as it is, one sentence each; WhyLink shows the path.
	Why     []string
	WhyLink ui.Link
	// Paths are the ways on which sensitive columns came.
	Paths []lineage.Path
	Runs  []RunBar
	// RunsSaid is the strip of runs in words, for those who do not see it.
	RunsSaid string
	// Aliases are other names of the same thing.
	Aliases []string
	// Names leads to the page that says what else it is called; empty for who may not.
	Names  string
	Facets []Facet
}

// RunBar is one run in a strip of bars.
type RunBar struct {
	// Height is 0 to 1, by duration.
	Height float64
	Failed bool
	Last   bool
}

// Columns is the tab of a dataset's columns.
type Columns struct {
	// Action is the address that the filter form asks; Carry goes with it.
	Action string
	Carry  []link.Field
	Filter string
	Show   []ui.Option
	Rows   []ColumnRow
	// Summary says how many of how many are shown: "13 of 18 columns".
	Summary string
	All     ui.Link
	// Compact draws lower rows, for wide tables.
	Compact bool
}

// ColumnRow is one column. Path is its name with its parents: "address.city".
type ColumnRow struct {
	Path     string
	Href     string
	Type     string
	Meaning  string
	Declared []ui.Stamp
	From     []Origin
	Tags     []ui.Link
	// Masking names the rule that masks it; may be empty.
	Masking string
}

// Origin is where an inherited or masked class came from.
type Origin struct {
	Stamp  ui.Stamp
	Text   string
	Href   string
	Hidden bool
}

// LineageTab is the small picture of one step each way.
type LineageTab struct {
	Picture lineage.Picture
	Totals  []lineage.Total
	Full    string
	Table   string
	Impact  string
	Paths   []lineage.Path
	// Steps are those next to the dataset; MoreSteps says what the list leaves out.
	Steps     []LineageStep
	MoreSteps string
}

// blocks cuts the rows into groups of 50, which the browser lays out only when they come into view.
func (c Columns) blocks() [][]ColumnRow {
	const size = 50
	var all [][]ColumnRow
	for rows := c.Rows; len(rows) > 0; rows = rows[min(size, len(rows)):] {
		all = append(all, rows[:min(size, len(rows))])
	}
	return all
}

func (c Columns) density() string {
	if c.Compact {
		return "compact"
	}
	return "comfortable"
}
