package catalog

import (
	"weir/views/link"
	"weir/views/ui"
)

// Search is the page of results.
type Search struct {
	Query link.SearchQuery
	// Chips are the filters and qualifiers that are set.
	Chips  []ui.Chip
	Facets []FacetGroup
	// Total is the number of results in words ("25 results"), Took how long they needed ("38 ms").
	Total string
	Took  string
	// Note is one more sentence about the answer, such as that it is partial; may be empty.
	Note  string
	Sorts []SortOption
	Hits  []Hit
	Pager ui.Pager
	// Zero helps where nothing was found.
	Zero ZeroHelp
	// Problem says what is wrong with the typed qualifiers; may be empty.
	Problem string
}

// FacetGroup is one facet with its values.
type FacetGroup struct {
	// Name is the field of the form, Legend the heading.
	Name   string
	Legend string
	Values []FacetValue
}

// FacetValue is one value of a facet. At most one of Level and Class is set; then it is drawn as a badge.
type FacetValue struct {
	Value string
	Label string
	Level ui.Level
	Class string
	Count string
	On    bool
}

// SortOption is one order of the results.
type SortOption struct {
	Value string
	Label string
	On    bool
}

// Hit is one result.
type Hit struct {
	Title   []ui.Segment
	Href    string
	Kind    string
	Icon    string
	Path    []ui.Segment
	Summary []ui.Segment
	// Matched says what was found where: "name", "column customer_email".
	Matched []MatchedIn
	Level   ui.Level
	Stamps  []ui.Stamp
	Owner   ui.Owner
	Domain  ui.Link
	Fresh   ui.When
	Late    bool
	// Uses is a figure about its use in words ("23 downstream"); may be empty.
	Uses    string
	Lineage string
}

// MatchedIn is one field that matched: its name and, where it helps, the text.
type MatchedIn struct {
	Field string
	Text  []ui.Segment
}

// ZeroHelp is what to try when nothing was found.
type ZeroHelp struct {
	// Spelling are texts that do find something.
	Spelling []ui.Link
	// Drops are the filters that stand in the way, each with what it would bring.
	Drops []Drop
}

// Drop is a filter that could go.
type Drop struct {
	Label string
	Href  string
	// Brings is the number of results without it, in words.
	Brings string
}

// Qualifier is a word before a colon that narrows a search.
type Qualifier struct {
	Word    string
	Meaning string
}

// Qualifiers are what the search box understands, for the help beside it.
var Qualifiers = []Qualifier{
	{"kind:", "dataset, transform, consumer"},
	{"domain:", "payments, care…; quotes around blanks"},
	{"owner:", "a person or a team"},
	{"tag:", "a tag somebody put on it"},
	{"class:", "pii, phi, pci; a minus leaves out"},
	{"level:", "public to restricted"},
	{"column:", "has a column of this name"},
	{"platform:", "snowflake, kafka, s3…"},
}

func (p Search) empty() bool { return len(p.Hits) == 0 }

func (p Search) set() string {
	n := 0
	for _, g := range p.Facets {
		for _, v := range g.Values {
			if v.On {
				n++
			}
		}
	}
	if n == 0 {
		return ""
	}
	return ui.Number(int64(n))
}
