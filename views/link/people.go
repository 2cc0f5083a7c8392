package link

import "net/url"

// Part is a page of the own settings.
type Part string

// The pages of the own settings.
const (
	Profile  Part = ""
	Sessions Part = "sessions"
	Tokens   Part = "tokens"
	StandIns Part = "stand-ins"
	WhyPart  Part = "why"
	Notices  Part = "notifications"
)

// Settings is a page of the own settings; its forms are posted there too.
func Settings(p Part) string {
	if p == Profile {
		return "/settings"
	}
	return "/settings/" + string(p)
}

// Password takes the form that changes one's password.
func Password() string { return "/settings/password" }

// Revoke takes back something on a page of the settings: a session, a token, a stand-in.
func Revoke(p Part) string { return Settings(p) + "/revoke" }

// Question is what "Why can I (not)?" asks.
type Question struct{ Kind, Domain, Action, Who string }

// Why asks why somebody may or may not do something.
func Why(q Question) string {
	return withQuery(Settings(WhyPart), url.Values{"kind": {q.Kind}, "domain": {q.Domain}, "action": {q.Action}, "who": {q.Who}})
}

// SignOut takes the form that ends the session.
func SignOut() string { return "/sign-out" }

// People lists those who may sign in, or those whose name or login begins with a text.
func People(text string) string { return withQuery("/people", url.Values{"q": {text}}) }

// Person is the page of one person.
func Person(id string) string { return "/people/" + url.PathEscape(id) }

// Teams lists the teams.
func Teams() string { return "/teams" }

// Team is the page of one team.
func Team(id string) string { return "/teams/" + url.PathEscape(id) }

// Accounts lists service accounts and agents.
func Accounts() string { return "/accounts" }

// Account is the page of one service account or agent.
func Account(id string) string { return "/accounts/" + url.PathEscape(id) }

// New is the form for one more in a list of people, teams or accounts.
func New(list string) string { return list + "/new" }

// Sub is where a form of the page of a person, team or account is posted: "roles", "state", "members", "tokens".
func Sub(page, part string) string { return page + "/" + part }

// Policy is the page of roles and rules.
func Policy() string { return "/policy" }

// PolicyEdit is the form that changes rules, with a look at what would change.
func PolicyEdit() string { return "/policy/edit" }
