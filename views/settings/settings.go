// Package settings holds the pages on which somebody looks after his own account: profile, sessions, tokens, stand-ins,
// and the answer to "why can I (not)?".
package settings

import (
	"weir/views/form"
	"weir/views/link"
	"weir/views/ui"
)

// Profile is who the reader is.
type Profile struct {
	Login string
	// Name and Email are as they are, or as they were typed.
	Name    string
	Email   string
	Errors  form.Errors
	Refused string
	// Local tells that he signs in with a password of ours; Provider names who else vouches for him.
	Local    bool
	Provider string
	Password Password
	Themes   []form.Option
	Back     string
	// Due tells that the password was given by somebody else and has to be changed now.
	Due   bool
	Teams []ui.Link
	Roles []Role
}

// Password is the form that changes the password. What was typed is never sent back.
type Password struct {
	Errors  form.Errors
	Refused string
}

// Role is a role that somebody holds, and where.
type Role struct {
	Name    string
	Title   string
	Meaning string
	Domain  ui.Link
}

// Sessions are the browsers in which the reader is signed in.
type Sessions struct {
	Rows []Session
}

// Session is one of them.
type Session struct {
	ID      string
	Device  string
	Address string
	Since   ui.When
	Seen    ui.When
	Current bool
}

// others tells whether there is another session to end.
func (p Sessions) others() bool { return len(p.Rows) > 1 }

// Tokens are API tokens, and the form that makes one. It stands in the settings and on the page of an account.
type Tokens struct {
	// Action is where the form is posted, Revoke where a token is taken back; both are empty for those who only look.
	Action string
	Revoke string
	// Of says whose tokens they are: "you", or a name.
	Of    string
	Rows  []Token
	Pager ui.Pager
	// Again is where to sign in again, for those who did it too long ago to make one; "" for others.
	Again   string
	Made    Made
	Name    string
	Scopes  []form.Option
	Spaces  string
	Expires []form.Option
	Errors  form.Errors
	Refused string
}

func (p Tokens) newTitle() string {
	if p.Of == "you" {
		return "New token"
	}
	return "New token of " + p.Of
}

// bound says that a token gives nobody more rights.
func (p Tokens) bound() string {
	if p.Of == "you" {
		return "It never may do more than you may."
	}
	return "It never may do more than " + p.Of + " may."
}

// Made is a token that was just made: its text is shown this once. The zero value is none.
type Made struct {
	Name string
	Text string
}

// Token is one API token, without its text.
type Token struct {
	ID      string
	Name    string
	Scopes  []string
	Spaces  []string
	Expires ui.When
	Used    ui.When
	// Over says how it ended: "revoked", "expired"; "" while it works.
	Over string
}

// StandIns are who acts for the reader while he is away, and for whom he acts.
type StandIns struct {
	Mine    []StandIn
	Others  []StandIn
	People  []form.Option
	To      string
	Since   string
	Until   string
	Reason  string
	Errors  form.Errors
	Refused string
}

// StandIn is one period.
type StandIn struct {
	ID     string
	Who    ui.Owner
	Since  ui.When
	Until  ui.When
	Reason string
	// State says whether it is "now", "later" or "over".
	State string
}

// Why is a question about rights, and its answer.
type Why struct {
	Kinds   []form.Option
	Domains []form.Option
	Actions []form.Option
	// People are offered to those who may ask for others; Who is what was typed.
	People []form.Option
	Others bool
	Who    string
	Errors form.Errors
	Answer *Answer
}

// Answer is what the rules say.
type Answer struct {
	Allowed bool
	// Title says it in one sentence, Reason why.
	Title  string
	Reason string
	// Rule is the rule that decided, in words; "" where none speaks of it.
	Rule  string
	Roles []Role
	// Ways are who can change it.
	Ways []ui.Link
}

// tabs are the pages of the settings.
func tabs(on link.Part) []ui.Tab {
	all := []struct {
		part  link.Part
		label string
	}{
		{link.Profile, "Profile"}, {link.Sessions, "Sessions"}, {link.Tokens, "Tokens"},
		{link.StandIns, "Stand-ins"}, {link.Notices, "Notifications"}, {link.WhyPart, "Why can I?"},
	}
	var out []ui.Tab
	for _, t := range all {
		out = append(out, ui.Tab{Label: t.label, Href: link.Settings(t.part), Current: t.part == on})
	}
	return out
}

// Notices are how the reader wants to be told.
type Notices struct {
	Address string // of his mail; "" if he has none
	Mailing bool   // the program sends mail
	Version string
	Mail    []form.Option
	Kinds   []form.Option // those that are mailed
	Refused string
}
