// Package people holds the pages of those who use the program: people, teams, service accounts and agents, and their roles.
package people

import (
	"weir/views/form"
	"weir/views/link"
	"weir/views/settings"
	"weir/views/ui"
)

// List is a list of people, teams or accounts.
type List struct {
	// Of says which.
	Of Sort
	// Query is what was searched for; only people are.
	Query string
	Rows  []Row
	Pager ui.Pager
	// New is the address of the form for one more; "" for those who may not.
	New string
}

// Sort says which of the three sorts there are.
type Sort string

// The sorts.
const (
	Persons  Sort = "people"
	Teams    Sort = "teams"
	Accounts Sort = "accounts"
)

// Row is one of them.
type Row struct {
	Who ui.Owner
	// Detail is what tells it from others of the same name: a login, a slug.
	Detail string
	// More is an e-mail address, a description or a purpose.
	More string
	// Owner is the person behind an account.
	Owner ui.Owner
	// Kind is the word for an account: "Service account", "Agent".
	Kind     string
	Disabled bool
}

// Form is the form for a new person, team or account.
type Form struct {
	Of      Sort
	Fields  []form.Field
	Kinds   []form.Option
	Kind    string
	Errors  form.Errors
	Refused string
	// Note is a sentence above the fields.
	Note string
	// Edits names what is changed, "" for something new; then Action, Cancel and Version belong to it.
	Edits   string
	Action  string
	Cancel  string
	Version string
}

// Page is one person, team or account.
type Page struct {
	Of    Sort
	Who   ui.Owner
	Href  string
	Facts []Fact
	// Summary is a team's description or an account's purpose.
	Summary  string
	Disabled bool
	// Temporary is a password that was just made, shown this once.
	Temporary string
	// Refused says why what was asked for was not done.
	Refused string
	// Again is where to sign in again, for those who did it too long ago to change roles; "" for others.
	Again string
	// Agent tells an agent from a service account.
	Agent bool

	Roles    Roles
	Teams    []ui.Link
	Accounts []ui.Link
	Members  *Members
	Tokens   *settings.Tokens
	// May tells what the reader may do here.
	May May
	// Why asks why this person may or may not do something; "" for those who may not ask for others.
	Why string
}

// May are the buttons that are offered.
type May struct {
	Edit     bool
	Disable  bool
	Password bool
	Delete   bool
}

// Fact is one thing that is known of somebody.
type Fact struct {
	Name  string
	Value ui.Link
	When  ui.When
}

// Roles are those that somebody holds himself, with the form that gives one more.
type Roles struct {
	Rows []Role
	// Grant tells that the reader may give and take roles here.
	Grant   bool
	Names   []form.Option
	Domains []form.Option
	Errors  form.Errors
	Refused string
	// Hidden tells that the reader may not see who holds what.
	Hidden bool
}

// Role is one that is held, and where.
type Role struct {
	Name     string
	Title    string
	Meaning  string
	DomainID string
	Domain   ui.Link
}

// Members are those of a team.
type Members struct {
	Rows []Member
	// Manage tells that the reader may add and remove.
	Manage  bool
	Pager   ui.Pager
	Typed   string
	Known   []form.Option
	Errors  form.Errors
	Refused string
}

// Member is a person, an account or a team in a team.
type Member struct {
	ID     string
	Who    ui.Owner
	Kind   string
	Detail string
}

// head are the words of a list.
type head struct{ title, lead, none, noneText, one, list string }

func (l Sort) head() head {
	switch l {
	case Teams:
		return head{"Teams", "Teams hold roles for all who are in them, also through other teams.", "No teams yet",
			"A team gathers people, accounts and other teams, so that roles need not be given one by one.", "New team", link.Teams()}
	case Accounts:
		return head{"Accounts", "Service accounts and agents work with tokens, without a person at the keyboard. A person answers for each.",
			"No accounts yet", "A service account reports events or reads the catalog; an agent acts within the rights of its owner.", "New account", link.Accounts()}
	}
	return head{"People", "Everybody who may sign in.", "Nobody here", "People appear when they are added here, or sign in with the company's own sign-in.", "New person", link.People("")}
}

func (l Sort) tabs() []ui.Tab {
	var out []ui.Tab
	for _, of := range []Sort{Persons, Teams, Accounts} {
		h := of.head()
		out = append(out, ui.Tab{Label: h.title, Href: h.list, Current: of == l})
	}
	return out
}

// about is what a button adds for those who hear the page.
func (r Role) about() string { return " the role " + r.Title + " in " + r.Domain.Text }
