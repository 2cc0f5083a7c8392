package catalog

import (
	"weir/views/ui"
)

// Home is the first page.
type Home struct {
	// Hello is the heading, a question to the reader.
	Hello     string
	Narrow    []Shortcut
	Questions []Question
	Totals    []Total
	Changed   []Changed
	// ChangedAll and FailingAll are the addresses of the whole lists.
	ChangedAll ui.Link
	Failing    []FailingRun
	FailingAll ui.Link
	Domains    []DomainCard
	// Empty says that the catalog holds nothing yet.
	Empty bool
}

// Shortcut is a qualifier that narrows a search: domain:marketing.
type Shortcut struct {
	Name  string
	Value string
	Href  string
}

// Question is something that people ask of a catalog, answered in one click.
type Question struct {
	Text string
	Icon string
	// Answer says where the click leads: "Lineage of churn_model".
	Answer string
	Href   string
}

// Total is how many things of one kind there are.
type Total struct {
	Count string
	Noun  string
	Href  string
}

// Changed is one thing that changed lately.
type Changed struct {
	Name ui.Link
	// What continues the sentence that the name begins: "gained column support_topics".
	What string
	Icon string
	Tone ui.Tone
	When ui.When
}

// FailingRun is a job whose last run did not end well.
type FailingRun struct {
	Job   ui.Link
	Run   string
	Error string
	When  ui.When
	// Reaches says what is behind because of it: "6 datasets wait for it"; may be empty.
	Reaches string
}

// DomainCard is one domain in a grid.
type DomainCard struct {
	Name string
	Href string
	Icon string
	// Holds is its size in words: "41 datasets, 6 jobs".
	Holds   string
	Owner   ui.Owner
	Summary string
	Stamps  []ui.Stamp
	// Failing is the number of jobs whose last run failed, as shown; empty for none.
	Failing string
}
