// Package product is the pages of what the marketplace offers: the list, one product, and the forms that make and change it.
package product

import (
	"strconv"

	"weir/views/form"
	"weir/views/link"
	"weir/views/ui"
)

// List is a part of the list of products.
type List struct {
	At    link.ProductPart
	Rows  []Row
	Pager ui.Pager
	// States and Domains are filters as links, with how many each keeps.
	States  []ui.Option
	Domains []form.Option
	// New is the form for one more; "" for those who may not.
	New string
}

func (l List) filtered() bool { return l.At.Text != "" || l.At.State != "" || l.At.Domain != "" }

// Row is a product in the list.
type Row struct {
	Title   ui.Link
	Summary string
	Domain  string
	Owner   ui.Owner
	State   State
}

// State is where a product stands: a word with its icon; a published one has none.
type State struct {
	Word string
	Icon string
	Tone ui.Tone
}

// Page is one product.
type Page struct {
	Slug    string
	Title   string
	Summary string
	State   State
	Level   ui.Level
	Stamps  []ui.Stamp
	Owner   ui.Owner
	Domain  ui.Link
	// Ask is where it can be asked for; "" where it can't. Closed says why not.
	Ask    string
	Closed string
	// Warning is a sentence that changes what the reader does ("It ends on 3 May 2026; use Visits 2 instead."), with where to go.
	Warning     string
	WarningLink ui.Link

	About     ui.SafeHTML
	Purpose   string
	Questions []string
	Have      []Have
	Tried     string // for what the ways were worked out: "for Analytics, 30 days"
	Ways      []Way
	Problem   string // why nothing can be said of the ways
	Trust     []Signal
	Parts     []Part
	Promises  []Promise
	Terms     ui.SafeHTML
	TermsOf   string // "Version 2"
	TermsLink string
	Facts     []Fact
	Policies  []Policy
	Attach    string // form of a new policy for it; "" for those who may not
	Holders   []Holder
	HoldersOf ui.Link // all of them
	None      string  // said where no holder is shown
	Changes   []Change

	Acts Acts
}

// Acts are the addresses of what the reader may do; "" is nothing.
type Acts struct {
	Edit, Data, Publish, Deprecate, Retire string
	Version                                string
}

// Any tells whether the reader may do anything.
func (a Acts) Any() bool { return a != Acts{Version: a.Version} }

// Have is what the reader has, or what waits.
type Have struct {
	Text ui.Link
	Note string
	Gate ui.Gate
	Word string
}

// Way is what would come of asking in one kind of access.
type Way struct {
	Name string
	Icon string
	Gate ui.Gate
	Word string // "Granted at once", "2 approvals", "Not possible"
	Why  string
	Href string
	Act  string // "Get it", "Ask"
}

// Signal is one answer to whether the product can be trusted.
type Signal struct {
	Name string
	Icon string
	Tone ui.Tone
	Word string // heard by screen readers: "speaks for it"
	Text string
	When ui.When
}

// Part is a dataset of the product.
type Part struct {
	Name    ui.Link
	Path    string
	Level   ui.Level
	Stamps  []ui.Stamp
	Columns string // "8 of 12"
	Paths   []string
	More    int
	Fresh   ui.When
	Gone    bool
}

// Promise is a service level.
type Promise struct{ Kind, Text string }

// Fact is a name and a value.
type Fact struct {
	Name  string
	Value ui.Link
}

// Policy is a template that applies, and what it decided.
type Policy struct {
	Name ui.Link
	Why  string
	Says []string
}

// Holder is somebody who has it.
type Holder struct {
	Who  ui.Owner
	Note string
}

// Change is one change from the log.
type Change struct {
	Text string
	By   string
	When ui.When
}

// Form is the form of a new product, or of one that is there.
type Form struct {
	Title   string // of the page
	Crumb   ui.Link
	Action  string
	Cancel  string
	Version string // "" of a new one
	New     bool
	Fields  Fields
	Errors  form.Errors
	Refused string
}

// Fields are what was typed.
type Fields struct {
	Slug, Title, Summary, Description, Contact, Purpose, Questions, Owner string
	Domains                                                               []form.Option
	Owners                                                                []form.Option
	Visible                                                               []form.Option
	Promises                                                              []PromiseRow
}

// PromiseRow is a service level in the form.
type PromiseRow struct {
	Kinds             []form.Option
	Kind, Text, Hours string
}

func (f Form) field(name, label, hint, value string) form.Field {
	return form.Field{Name: name, Label: label, Hint: hint, Value: value, Wrong: f.Errors.Of(name)}
}

func (f Form) rowField(i int, name, label, value string) form.Field {
	return form.Field{Name: name + strconv.Itoa(i), Label: label, Value: value, Wrong: f.Errors.Of(name + strconv.Itoa(i))}
}

// Data is the form of what a product bundles.
type Data struct {
	Slug    string
	Title   string
	Version string
	Rows    []DataRow
	Text    string
	Found   []Found
	Looked  bool
	Refused string
}

// DataRow is a dataset of the product, with its columns to choose from.
type DataRow struct {
	ID      string
	Name    ui.Link
	Path    string
	Summary string // "All 12 columns"
	All     bool
	Columns []form.Option
}

// Found is a dataset that could be added.
type Found struct {
	ID   string
	Name ui.Link
	Path string
	Why  string // why it can't be added; "" if it can
}

// Terms are the terms of use with all versions, and the form of new ones.
type Terms struct {
	Slug     string
	Title    string
	May      bool
	Version  string
	Text     string
	Errors   form.Errors
	Refused  string
	Versions []TermsVersion
}

// TermsVersion is one version.
type TermsVersion struct {
	Name  string
	Holds bool
	By    string
	When  ui.When
	Text  ui.SafeHTML
}

// Ending is the form that says when a product ends.
type Ending struct {
	Slug       string
	Title      string
	Version    string
	Sunset     string
	Successor  string
	Successors []form.Option
	Errors     form.Errors
	Refused    string
}

func crumbs(last ...ui.Link) []ui.Link {
	return append([]ui.Link{{Text: "Products", Href: link.Products()}}, last...)
}
