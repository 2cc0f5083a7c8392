package catalog

import "weir/views/ui"

// Transform is the page of a job.
type Transform struct {
	About       ui.SafeHTML
	AboutSource string
	// Code is the job's source; empty with CodeNote saying why where it is unknown or not for the reader.
	Code     string
	Language string
	CodeNote string
	// Source is the place in a repository: path, revision, and where to look at it.
	Source     ui.Link
	SourceNote string
	Facts      []Fact
	Inputs     []Neighbour
	Outputs    []Neighbour
	Runs       []RunRow
	Bars       []RunBar
	RunsSaid   string
	AllRuns    ui.Link
	Facets     []Facet
}

// Consumer is the page of a dashboard, report, model, agent or application.
type Consumer struct {
	About       ui.SafeHTML
	AboutSource string
	Facts       []Fact
	// Reads are what it is made from; Receives the sensitive columns that reach it.
	Reads    []Neighbour
	MoreUp   ui.Link
	Receives []ReceivedColumn
	// Says sums up what reaches it: "4 columns of personal data arrive unmasked".
	Says    string
	SaysBad bool
	Open    ui.Link
	Facets  []Facet
}

// ReceivedColumn is a sensitive column that reaches a consumer.
type ReceivedColumn struct {
	Column ui.Link
	Of     ui.Link
	Stamp  ui.Stamp
	From   string
}

// Domain is the page of one domain.
type Domain struct {
	ID      string
	Name    string
	About   ui.SafeHTML
	Summary string
	Owner   ui.Owner
	Edit    string
	Totals  []Total
	Levels  []LevelCount
	Rows    []AssetRow
	Shown   string
	All     ui.Link
	Failing []FailingRun
	Tags    []ui.Link
}

// LevelCount is how many datasets have a level.
type LevelCount struct {
	Level ui.Level
	Count string
	Href  string
}

// AssetRow is one thing in a table of things.
type AssetRow struct {
	Name    ui.Link
	Title   string
	Kind    string
	Icon    string
	Level   ui.Level
	Stamps  []ui.Stamp
	Owner   ui.Owner
	Fresh   ui.When
	Late    bool
	Summary string
}

// DomainList is the page of all domains.
type DomainList struct {
	Cards []DomainCard
}
