package views_test

import (
	"strings"

	"github.com/a-h/templ"

	"weir/views/form"
	"weir/views/link"
	"weir/views/people"
	rules "weir/views/policy"
	"weir/views/settings"
	"weir/views/ui"
)

// peoplePages are those of one's own account, of people and of rules; the names in some of them are odd.
func peoplePages() map[string]templ.Component {
	me := shell
	me.Viewer, me.CanSignOut, me.People, me.Policy = ui.Owner{ID: "usr_a", Name: oddName, Kind: "person"}, true, true, true
	return map[string]templ.Component{
		"profile":        settings.ProfilePage(me, profile()),
		"profile-wrong":  settings.ProfilePage(me, wrongProfile()),
		"sessions":       settings.SessionsPage(me, settings.Sessions{Rows: []settings.Session{{ID: "a", Device: "Firefox on Linux", Current: true}, {ID: "b", Device: oddName}}}),
		"sessions-none":  settings.SessionsPage(me, settings.Sessions{}),
		"tokens":         settings.TokensPage(me, tokens()),
		"tokens-again":   settings.TokensPage(me, settings.Tokens{Of: "you", Action: link.Settings(link.Tokens), Again: link.SignInAgain("/settings/tokens")}),
		"stand-ins":      settings.StandInsPage(me, settings.StandIns{Mine: []settings.StandIn{{ID: "x", Who: person(), State: "now", Reason: oddName}}}),
		"why":            settings.WhyPage(me, settings.Why{Others: true, Answer: &settings.Answer{Title: "You may not.", Roles: heldRoles()}}),
		"people":         people.ListPage(me, people.List{Of: people.Persons, Rows: []people.Row{{Who: person(), Detail: oddName, Disabled: true}}, New: "/people/new"}),
		"people-none":    people.ListPage(me, people.List{Of: people.Persons, Query: oddName}),
		"teams-none":     people.ListPage(me, people.List{Of: people.Teams}),
		"accounts":       people.ListPage(me, people.List{Of: people.Accounts, Rows: []people.Row{{Who: person(), Kind: "Agent", More: oddName, Owner: person()}}}),
		"person":         people.OnePage(me, onePerson()),
		"team":           people.OnePage(me, oneTeam()),
		"account-new":    people.NewPage(me, newAccount()),
		"policy":         rules.TablePage(me, policyTable()),
		"policy-edit":    rules.EditPage(me, policyEdit()),
		"policy-preview": rules.PreviewPage(me, policyPreview()),
		"policy-nobody":  rules.PreviewPage(me, rules.Preview{Asked: 12}),
	}
}

func person() ui.Owner {
	return ui.Owner{ID: "usr_b", Name: oddName, Kind: "person", Href: link.Person("usr_b")}
}

func heldRoles() []settings.Role {
	return []settings.Role{{Name: "steward", Title: "Steward", Meaning: "Keeps the metadata right.", Domain: ui.Link{Text: oddName, Href: "/domains/x"}}}
}

func profile() settings.Profile {
	return settings.Profile{Login: "ann", Name: oddName, Email: "ann@halden.example", Local: true, Due: true, Roles: heldRoles(), Back: "/settings",
		Themes: []form.Option{{Value: "light", Label: "Light", On: true}}, Teams: []ui.Link{{Text: oddName, Href: link.Team("tea_x")}}}
}

func wrongProfile() settings.Profile {
	p := profile()
	p.Errors = form.Errors{{Field: "name", Label: "Name", Message: "Is too long."}, {Field: "email", Label: "E-mail", Message: "Is no address."}}
	p.Password = settings.Password{Errors: form.Errors{{Field: "old", Message: "Is not right."}}, Refused: "Wait a moment."}
	return p
}

func tokens() settings.Tokens {
	return settings.Tokens{Of: oddName, Action: "/settings/tokens", Revoke: "/settings/tokens/revoke", Made: settings.Made{Name: oddName, Text: "weir_x"},
		Rows:   []settings.Token{{ID: "a", Name: oddName, Scopes: []string{"catalog:read"}, Spaces: []string{oddName}}, {ID: "b", Name: "old", Over: "ended"}},
		Scopes: []form.Option{{Value: "admin", Label: "admin", Hint: "Everything"}}, Expires: []form.Option{{Value: "90", Label: "90 days", On: true}},
		Errors: form.Errors{{Field: "scopes", Label: "What it may do", Message: "Is missing."}}}
}

func personRoles() people.Roles {
	return people.Roles{Grant: true, Names: []form.Option{{Value: "owner", Label: "Owner"}}, Domains: []form.Option{{Value: "*", Label: "Everywhere"}},
		Rows: []people.Role{{Name: "steward", Title: "Steward", DomainID: "dom_x", Domain: ui.Link{Text: oddName}}, {Name: "owner", Title: "Owner", DomainID: "*"}}}
}

func onePerson() people.Page {
	own := tokens()
	return people.Page{Of: people.Persons, Who: person(), Href: link.Person("usr_b"), Disabled: true, Temporary: "river gate", Refused: "Not now.",
		Facts: []people.Fact{{Name: "Login", Value: ui.Link{Text: oddName}}}, Roles: personRoles(), Teams: []ui.Link{{Text: oddName, Href: "/teams/x"}},
		May: people.May{Edit: true, Disable: true, Password: true}, Why: link.Why(link.Question{Who: "b"}), Tokens: &own}
}

func oneTeam() people.Page {
	return people.Page{Of: people.Teams, Who: person(), Href: link.Team("tea_x"), Summary: strings.Repeat(oddName, 20), May: people.May{Delete: true}, Roles: personRoles(),
		Members: &people.Members{Manage: true, Rows: []people.Member{{ID: "a", Who: person(), Detail: oddName}, {ID: "b", Who: person(), Kind: "team"}},
			Typed: oddName, Known: []form.Option{{Value: "bo", Label: oddName}}, Errors: form.Errors{{Field: "member", Message: "Is nobody."}}}}
}

func newAccount() people.Form {
	return people.Form{Of: people.Accounts, Note: "It works with a token.", Kinds: []form.Option{{Value: "service", Label: "Service account", On: true}},
		Fields: []form.Field{{Name: "name", Label: "Short name", Value: oddName, Hint: "Small letters."}, {Name: "owner", Label: "Owner", Suggest: []form.Option{{Value: "bo"}}}},
		Errors: form.Errors{{Field: "name", Label: "Short name", Message: "Is taken."}, {Field: "type", Label: "What it is", Message: "Is missing."}}}
}

func policyTable() rules.Table {
	return rules.Table{Edit: true, Rules: 3, Roles: []rules.Role{{Name: "owner", Title: "Owner", Meaning: "Describes."}, {Name: "x", Title: oddName}},
		Rows: []rules.Row{{Kind: "Data assets", Cells: [][]rules.Grant{{{Action: "See"}, {Action: "Describe", Where: oddName}}, {{Action: "See", Deny: true}}}}, {Kind: "Domains", Cells: [][]rules.Grant{nil, nil}}}}
}

func policyEdit() rules.Edit {
	options := []form.Option{{Value: "a", Label: oddName}}
	return rules.Edit{Edits: "3", Conflict: true, Refused: "Nothing is chosen.", Roles: options, Kinds: options, Actions: options, Domains: options,
		Groups: []rules.Group{{Role: rules.Role{Title: oddName}, Rules: []rules.Rule{{Line: "a|b", Text: "may edit", Off: true}, {Line: "c|d", Text: "may not", Deny: true}}}},
		New:    []rules.NewRule{{Role: "a", Effect: "deny", Wrong: "Choose all of it."}, {}}}
}

func policyPreview() rules.Preview {
	return rules.Preview{Edits: "3", Asked: 1200, Rest: true, More: 12, Added: []rules.Rule{{Text: oddName}}, Removed: []rules.Rule{{Text: "Owner: may edit"}},
		People: []rules.Person{{Who: person(), Gains: []string{"Edit assets"}, Loses: []string{oddName, "See roles"}}}, Drop: []string{"a|b"}, Add: []string{"c|d"}}
}
