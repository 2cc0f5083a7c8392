// Package request holds the pages of those who ask for data: the form, the list, and one request with what became of it.
package request

import (
	"strconv"

	"github.com/a-h/templ"

	"weir/views/form"
	"weir/views/link"
	"weir/views/ui"
)

// Ask is the page that asks for data, as it is filled.
type Ask struct {
	Title  string
	Crumbs []ui.Link
	Draft  Draft
	// Errors and Refused say why it was not sent.
	Errors  form.Errors
	Refused string

	For   []form.Option
	Who   string // what was searched for among people, teams and accounts
	WhoNo string // why nobody was found; "" where somebody was, or nobody was searched for
	Items []Item
	// Find is what was searched for among products, Offers what was found.
	Find   string
	Offers []Offer
	FindNo string

	Access       []form.Option
	Purposes     []form.Option
	Why          string
	Days         []form.Option
	Until        string
	DaysHint     string
	Environments []form.Option
	Verdict      Verdict
}

// Draft is the draft that is being written; without an ID nothing is kept yet.
type Draft struct {
	ID   string
	Kept string // when it was kept: "Draft kept just now."
	// Wrong says why it couldn't be kept.
	Wrong string
	// Key makes sending the same form twice harmless.
	Key string
}

// Item is one thing in the basket.
type Item struct {
	N       int // from 0
	Target  string
	Name    ui.Link
	Kind    string // "Product", "Dataset"
	Problem string // why nothing can be said of it
	Columns []Column
	Taken   int
	Folded  int // columns that are not shown
	// All stands for the columns that were taken as "all that can be had"; "" where they were chosen one by one.
	All     string
	Open    bool // shows all columns
	Filter  string
	Terms   Terms
	Extends string
	Until   string // when the grant that is to last longer ends
	Errors  []string
}

// Column is a column on offer.
type Column struct {
	ID     string
	Path   string
	Of     string // its dataset, where there is more than one
	Stamps []ui.Stamp
	Taken  bool
	// Fixed tells that it can't be had.
	Fixed  bool
	Hidden bool
	Gate   ui.Gate
	Word   string
	Why    string
}

// Terms are the terms of use of a product; without a Number there are none.
type Terms struct {
	Number   int
	Text     ui.SafeHTML
	Accepted bool
}

// Offer is a product that can be added to the basket.
type Offer struct{ ID, Title, Summary string }

// Verdict says what would come of sending the request as it is.
type Verdict struct {
	Tone  ui.Tone
	Icon  string
	Title string
	Note  string
	Items []ItemVerdict
}

// ItemVerdict is what would come of one item.
type ItemVerdict struct {
	Title string // "" where there is one alone
	Rows  []Row
	// Policies say which policy decided what.
	Policies []Fact
}

// Fact is a name with a text.
type Fact struct{ Name, Text string }

// Row is one consequence.
type Row struct {
	Tone  ui.Tone
	Icon  string
	Title string
	Text  string
	Steps []Step
	// Barred say who isn't asked, and why.
	Barred []string
	// Only is the target of which those columns alone can be asked for that come at once; Label is the button's.
	Only  string
	Label string
	// See leads to the reason.
	See ui.Link
}

// Step is somebody who has to decide, or has decided.
type Step struct {
	Name  string // "Tomas Reyes or one of 2 more"
	Note  string // "Owner of Customer data, because …"
	Icon  string
	Tone  ui.Tone
	Lines []string
}

func (i Item) name(field string) string { return field + "-" + i.Target }

func (i Item) id(field string) string { return "f-item-" + strconv.Itoa(i.N) + field }

func (i Item) shown() string {
	return ui.Number(int64(i.Taken)) + " of " + ui.Count(len(i.Columns), "column", "columns") + " taken"
}

// Plenty is from how many columns on a table is folded and has a filter.
const Plenty = 30

func (i Item) plenty() bool { return len(i.Columns) > Plenty }

// live has a script ask for the preview at each change, and alter what follows from it. It asks at once: an answer to what
// the form was before is dropped then, and takes nothing back that was ticked meanwhile.
func (a Ask) live() templ.Attributes {
	if len(a.Items) == 0 {
		return nil
	}
	return templ.Attributes{
		"hx-post": link.RequestPreview(), "hx-trigger": "change", "hx-target": "#verdict", "hx-select": "#verdict",
		"hx-select-oob": "#ask-how:outerMorph,#ask-items:outerMorph", "hx-swap": "outerHTML", "hx-sync": "this:replace",
	}
}

// send says what the button does.
func (a Ask) send() string {
	if a.Verdict.Tone == ui.Green {
		return "Send, and have it at once"
	}
	return "Send request"
}
