// Package policy holds the pages of roles and rules: what each role may do, the form that changes it, and who gains and who
// loses before it is saved.
package policy

import (
	"weir/views/form"
	"weir/views/ui"
)

// Table is what each role may do.
type Table struct {
	Roles []Role
	Rows  []Row
	// Edit tells that the reader may change the rules; Rules is how many there are.
	Edit  bool
	Rules int
	Edits int
}

// Role is a role with what it is for.
type Role struct {
	Name    string
	Title   string
	Meaning string
}

// Row is one kind of thing, with a cell for each role.
type Row struct {
	Kind  string
	Cells [][]Grant
}

// Grant is what a rule says in a cell.
type Grant struct {
	Action string
	// Where is the domain of a rule that holds in one alone; "" is everywhere.
	Where string
	Deny  bool
}

// Edit is the form that changes the rules. Nothing is saved before the next page was seen.
type Edit struct {
	Edits  string
	Groups []Group
	New    []NewRule
	Errors form.Errors
	// Refused says why nothing was saved; Conflict that somebody else saved meanwhile.
	Refused  string
	Conflict bool
	Roles    []form.Option
	Kinds    []form.Option
	Actions  []form.Option
	Domains  []form.Option
}

// Group are the rules of a role.
type Group struct {
	Role  Role
	Rules []Rule
}

// Rule is a rule in words. Line is how a form names it.
type Rule struct {
	Line string
	Text string
	Deny bool
	// Off tells that it is to be removed.
	Off bool
}

// NewRule is a rule that is to be added, as it was chosen. Empty ones are skipped.
type NewRule struct {
	Role, Kind, Action, Domain, Effect string
	Wrong                              string
}

// Preview is what would change.
type Preview struct {
	Edits   string
	Added   []Rule
	Removed []Rule
	// People are those who gain or lose, at most as many as are listed; More is how many are not. Asked is how many were
	// looked at; Rest tells that there are others who were not.
	People []Person
	More   int
	Asked  int
	Rest   bool
	// Back are the values that the form had, sent along to it or to saving.
	Drop []string
	Add  []string
}

// Person is one who gains or loses.
type Person struct {
	Who   ui.Owner
	Gains []string
	Loses []string
}

func (p Preview) touched() int { return len(p.People) + p.More }

// said is what the change means, in one sentence.
func (p Preview) said() string {
	if p.touched() == 0 {
		return "Nobody gains or loses anything: no one holds a role that these rules speak of, or other rules say the same."
	}
	text := ui.Count(p.touched(), "person or account gains or loses", "people and accounts gain or lose") + " something, of " + ui.Number(int64(p.Asked)) + " looked at."
	if p.Rest {
		text += " There are more than that; the rest was not looked at."
	}
	return text
}
