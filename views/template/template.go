// Package template is the pages of policy templates: the list, one in words, its versions, the form that proposes a change, and
// the look ahead at what it would change.
package template

import (
	"weir/views/form"
	"weir/views/link"
	"weir/views/ui"
)

// List is all policy templates.
type List struct {
	Holding []Row
	Waiting []Row // new ones that nobody has confirmed yet
	Ended   []Row
	New     string // the form for one more; "" for those who may not
	Default []string
}

// Row is a policy in the list.
type Row struct {
	Title   ui.Link
	Summary string
	Applies string
	Note    string // "a change waits"
}

// Page is one policy.
type Page struct {
	Name    string
	Title   string
	Summary string
	Text    string
	Words   []string
	Holds   string // "Version 3 holds, since 4 March 2026"
	State   State
	Edit    string // "" for those who may not
	End     string
	Waiting *Waiting
	Refused string
}

// State is where a policy stands; what is normal has no word.
type State struct {
	Word string
	Icon string
	Tone ui.Tone
}

// Waiting is a version that waits to be confirmed.
type Waiting struct {
	Number   string
	Version  string // of the policy, for forms
	Author   ui.Owner
	When     ui.When
	Reason   string
	Ends     bool
	Words    []string // of a new policy, what it would say
	Changes  []Change
	Simulate string // "" for those who may not
	Found    string // what the last look ahead found; "" if nobody looked
	Confirm  string // "" for those who may not
	Why      string // why the reader can't confirm; "" if he can, or if it is no business of his
	Refuse   string
	Mine     bool
}

// Change is one difference in words.
type Change struct{ Field, Before, After string }

// Version is one version in the list of all.
type Version struct {
	Name    string
	State   State
	Author  string
	When    ui.When
	Reason  string
	Decided string // "Confirmed by Sara, 4 Mar"
	Note    string
	Words   []string
}

// Versions are all of a policy, the newest first.
type Versions struct {
	Name  string
	Title string
	All   []Version
}

// Simulation is what a change would do.
type Simulation struct {
	Name     string
	Title    string
	Number   string
	Done     bool
	Started  bool
	Progress string // "Looked at 4,000 grants and requests so far."
	Looked   string
	Sums     []Sum
	Flips    []Flip
	Rest     string // "and 312 more" and what is hidden
	Back     string
	Rerun    string // what the button says
	Refused  string
}

// Sum is how many come out otherwise in one way.
type Sum struct {
	Word    string
	Tone    ui.Tone
	Grants  string
	Pending string
}

// Flip is one grant or request that would come out otherwise.
type Flip struct {
	What   ui.Link
	Sort   string // Grant, Request
	Holder ui.Owner
	Before string
	After  string
	How    []string
	Why    []string
}

// Form is the form of a policy.
type Form struct {
	Title   string
	Name    string
	New     bool
	Action  string
	Cancel  string
	Version string
	Warning string // somebody else's change waits, and the like
	Errors  form.Errors
	Refused string
	Fields  Fields
}

// Fields are what was typed or ticked.
type Fields struct {
	Name, Title, Summary, Text, Reason         string
	Everything                                 bool
	Products, Datasets, Classes                string
	Domains, Levels, ForKinds, ForAccess       []form.Option
	Who, Roles                                 []form.Option
	Teams                                      string
	Purposes, Access                           []form.Option
	Environments                               string
	Pre                                        bool
	PreAccess, PrePurposes, PreKinds, PreRoles []form.Option
	PreMaxDays                                 string
	PreNoUnmasked                              bool
	Steps                                      []StepRow
	Masking                                    []MaskRow
	MaxDays, RenewBeforeDays                   string
	Renewable, TermsRequired                   bool
	ProductSuggest, TeamSuggest                []form.Option
}

// StepRow is a step in the form. Names of its fields end in its place.
type StepRow struct {
	At                              string
	Name, Team, N, Remind, Escalate string
	By, Role, Mode                  []form.Option
}

// MaskRow is a masking in the form.
type MaskRow struct {
	At    string
	Class string
	How   []form.Option
}

// Ending is the form that proposes to end a policy.
type Ending struct {
	Name    string
	Title   string
	Version string
	Reason  string
	Errors  form.Errors
	Refused string
}

func crumbs(last ...ui.Link) []ui.Link {
	return append([]ui.Link{{Text: "Data policies", Href: link.Templates()}}, last...)
}

func (f Form) text(name, label, hint, value string) form.Field {
	return form.Field{Name: name, Label: label, Hint: hint, Value: value, Wrong: f.Errors.Of(name)}
}

func (f Form) choices(name, label, hint string, options []form.Option) form.Field {
	return form.Field{Name: name, Label: label, Hint: hint, Options: options, Wrong: f.Errors.Of(name)}
}
