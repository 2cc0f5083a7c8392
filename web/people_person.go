package web

import (
	"net/http"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/people"
	"weir/views/ui"
)

// shower shows the page of a person, team or account, with what a form has changed about it.
type shower func(w http.ResponseWriter, r *http.Request, status int, change func(*view.Page)) error

// person answers the page of one person.
func (s *Site) person(w http.ResponseWriter, r *http.Request) error {
	return s.showPerson(w, r, http.StatusOK, func(*view.Page) {})
}

func (s *Site) showPerson(w http.ResponseWriter, r *http.Request, status int, change func(*view.Page)) error {
	u, err := s.Identity.User(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	p, err := s.personPage(r, u)
	if err != nil {
		return err
	}
	change(&p)
	return s.show(w, r, status, view.OnePage(s.shell(r), p))
}

func (s *Site) personPage(r *http.Request, u identity.User) (view.Page, error) {
	ctx := r.Context()
	manage := s.Policy.Can(ctx, authz.People, authz.Everywhere, authz.Manage)
	self := authz.From(ctx).ID == string(u.ID)
	p := view.Page{Of: view.Persons, Who: personOwner(u), Href: link.Person(string(u.ID)), Disabled: u.Disabled, Facts: s.personFacts(u)}
	p.May = view.May{Edit: manage, Disable: manage && !self, Password: manage && !self && u.Issuer == ""}
	if s.Policy.Can(ctx, authz.Roles, authz.Everywhere, authz.View) {
		p.Why = link.Why(link.Question{Who: u.Login})
	}
	if err := s.fillPage(r, u.ID, &p); err != nil {
		return p, err
	}
	accounts, err := s.Identity.AccountsOf(ctx, u.ID)
	if err != nil {
		return p, err
	}
	for _, a := range accounts {
		p.Accounts = append(p.Accounts, ui.Link{Text: a.Name, Href: link.Account(string(a.ID))})
	}
	if !manage && !self {
		return p, nil
	}
	tokens, err := s.Identity.Tokens(ctx, u.ID)
	p.Facts = append(p.Facts, view.Fact{Name: "Tokens", Value: ui.Link{Text: s.goodTokens(tokens)}})
	return p, err
}

// goodTokens says how many tokens work.
func (s *Site) goodTokens(all []identity.Token) string {
	n := 0
	for _, t := range all {
		if t.Good(s.Now()) {
			n++
		}
	}
	if n == 0 {
		return "none"
	}
	return ui.Count(n, "in use", "in use")
}

func (s *Site) personFacts(u identity.User) []view.Fact {
	facts := []view.Fact{{Name: "Login", Value: ui.Link{Text: u.Login}}}
	if u.Email != "" {
		facts = append(facts, view.Fact{Name: "E-mail", Value: ui.Link{Text: u.Email}})
	}
	how := "not yet: no password"
	switch {
	case u.Issuer != "":
		how = "with " + u.Issuer
	case u.PasswordDue:
		how = "with a password that has to be changed"
	case u.Local:
		how = "with a password"
	}
	return append(facts, view.Fact{Name: "Signs in", Value: ui.Link{Text: how}}, view.Fact{Name: "Here since", When: s.when(u.Created)})
}

// fillPage fills what persons, teams and accounts have in common: roles and the teams that they are in.
func (s *Site) fillPage(r *http.Request, id graph.ID, p *view.Page) error {
	teams, err := s.Identity.TeamsOf(r.Context(), id)
	if err != nil {
		return err
	}
	p.Teams = teamLinks(teams)
	if s.Market != nil {
		p.Facts = append(p.Facts, view.Fact{Name: "Grants", Value: ui.Link{Text: "What they have", Href: link.GrantsFor(string(id))}})
	}
	if !s.recent(r.Context()) {
		p.Again = link.SignInAgain(p.Href)
	}
	return s.fillRoles(r.Context(), id, p)
}

// setPersonState disables or enables a person.
func (s *Site) setPersonState(w http.ResponseWriter, r *http.Request) error {
	return s.setState(w, r, s.showPerson, link.Person, s.Identity.DisableUser, s.Identity.EnableUser)
}

// resetPassword makes a password for a person, to be shown this once.
func (s *Site) resetPassword(w http.ResponseWriter, r *http.Request) error {
	text, err := s.Identity.SetPassword(r.Context(), idOf(r), "")
	if err != nil {
		return s.refusedPage(w, r, s.showPerson, err)
	}
	return s.showPerson(w, r, http.StatusOK, func(p *view.Page) { p.Temporary = text })
}

// refusedPage shows the page again with why something was not done.
func (s *Site) refusedPage(w http.ResponseWriter, r *http.Request, show shower, err error) error {
	t, err := troubleOf(err, nil)
	if err != nil {
		return err
	}
	return show(w, r, t.status, func(p *view.Page) { p.Refused = t.refused })
}

var roleLabels = labels{"role": "Give the role", "domain": "In"}

// changeRoles gives or takes a role of a person, team or account.
func (s *Site) changeRoles(show shower) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := readForm(w, r); err != nil {
			return err
		}
		c := authz.RoleChange{Subject: idOf(r), Role: r.PostForm.Get("role"), Domain: r.PostForm.Get("domain")}
		do := s.rights().GrantRole
		switch r.PostForm.Get("do") {
		case "give":
		case "take":
			do = s.rights().RevokeRole
		default:
			return errs.Bad("do", "is give or take.")
		}
		err, proposed := chosenRole(c), false
		if err == nil {
			act := marketplace.RoleAct{Subject: c.Subject, Role: c.Role, Domain: c.Domain, Take: r.PostForm.Get("do") == "take"}
			proposed, err = s.instead(w, r, act, pageOf(r))
		}
		if proposed {
			return nil
		}
		if err == nil {
			err = do(r.Context(), c)
		}
		if err == nil {
			s.Identity.Forget() // what changed counts with the next request
			return saved(w, r, pageOf(r))
		}
		t, err := troubleOf(err, roleLabels)
		if err != nil {
			return err
		}
		return show(w, r, t.status, func(p *view.Page) {
			p.Roles.Errors, p.Roles.Refused = t.fields, t.refused
			p.Roles.Names, p.Roles.Domains = form.Choose(p.Roles.Names, c.Role), form.Choose(p.Roles.Domains, c.Domain)
		})
	}
}

// chosenRole tells whether both fields of the form were chosen.
func chosenRole(c authz.RoleChange) error {
	var bad []errs.Field
	if c.Role == "" {
		bad = append(bad, errs.Field{Name: "role", Message: "is not chosen yet."})
	}
	if c.Domain == "" {
		bad = append(bad, errs.Field{Name: "domain", Message: "is not chosen yet."})
	}
	if len(bad) > 0 {
		return errs.Fields(bad)
	}
	return nil
}
