package web

import (
	"net/http"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/people"
)

// personForm are the fields of a new person, with what was typed.
func personForm(in identity.NewUser) view.Form {
	return view.Form{Of: view.Persons, Note: "Who is added here signs in with a login and a password. Give a password to begin with, or none and reset it later.",
		Fields: []form.Field{
			{Name: "login", Label: "Login", Hint: "What the person types to sign in. It can't be changed later.", Value: in.Login, Required: true},
			{Name: "name", Label: "Name", Value: in.Name, Required: true},
			{Name: "email", Label: "E-mail", Hint: "May be empty.", Value: in.Email, Type: "email"},
			{Name: "password", Label: "Password to begin with", Hint: "15 characters or more, or empty.", Type: "password", Complete: "new-password"},
		}}
}

func (s *Site) newPerson(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, http.StatusOK, view.NewPage(s.shell(r), personForm(identity.NewUser{})))
}

// addPerson takes the form of a new person.
func (s *Site) addPerson(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in := identity.NewUser{Login: typed(r.PostForm, "login"), Name: typed(r.PostForm, "name"), Email: typed(r.PostForm, "email"), Password: r.PostForm.Get("password")}
	u, err := s.Identity.CreateUser(r.Context(), in)
	if err != nil {
		return s.newAgain(w, r, personForm(in), err)
	}
	return saved(w, r, link.Person(string(u.ID)))
}

// newAgain shows the form again with what is wrong about it.
func (s *Site) newAgain(w http.ResponseWriter, r *http.Request, p view.Form, err error) error {
	known := labels{"type": "What it is"}
	for _, f := range p.Fields {
		known[f.Name] = f.Label
	}
	t, err := troubleOf(err, known)
	if err != nil {
		return err
	}
	p.Errors, p.Refused = t.fields, t.refused
	return s.show(w, r, t.status, view.NewPage(s.shell(r), p))
}

func teamForm(in identity.NewTeam) view.Form {
	return view.Form{Of: view.Teams, Fields: []form.Field{
		{Name: "name", Label: "Short name", Hint: "Small letters, digits and hyphens: “data-security”.", Value: in.Name, Required: true},
		{Name: "title", Label: "Name", Hint: "As it is shown: “Data security”.", Value: in.Title},
		{Name: "description", Label: "What it is", Hint: "May be empty.", Value: in.Description},
	}}
}

func (s *Site) newTeam(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, http.StatusOK, view.NewPage(s.shell(r), teamForm(identity.NewTeam{})))
}

// addTeam takes the form of a new team.
func (s *Site) addTeam(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in := identity.NewTeam{Name: typed(r.PostForm, "name"), Title: typed(r.PostForm, "title"), Description: typed(r.PostForm, "description")}
	t, err := s.Identity.CreateTeam(r.Context(), in)
	if err != nil {
		return s.newAgain(w, r, teamForm(in), err)
	}
	return saved(w, r, link.Team(string(t.ID)))
}

// accountForm are the fields of a new account. Only who manages people makes service accounts, or accounts of others.
func (s *Site) accountForm(r *http.Request, in identity.NewAccount, owner string) (view.Form, error) {
	p := view.Form{Of: view.Accounts, Fields: []form.Field{
		{Name: "name", Label: "Short name", Hint: "Small letters, digits and hyphens: “airflow-production”.", Value: in.Name, Required: true},
		{Name: "purpose", Label: "What it is for", Value: in.Purpose},
	}}
	if !s.Policy.Can(r.Context(), authz.People, authz.Everywhere, authz.Manage) {
		p.Note = "An agent of yours: it acts with a token, never with more rights than you have."
		return p, nil
	}
	p.Note = "It works with a token, and a person answers for it."
	p.Kinds = form.Choose([]form.Option{
		{Value: string(authz.Account), Label: "Service account", Hint: "A program with roles of its own."},
		{Value: string(authz.Agent), Label: "Agent", Hint: "Never more rights than its owner has."},
	}, string(in.Type))
	people, err := s.logins(r.Context())
	p.Fields = append(p.Fields, form.Field{Name: "owner", Label: "Who answers for it", Hint: "Login of a person. Empty: you.", Value: owner, Suggest: people})
	return p, err
}

func (s *Site) newAccount(w http.ResponseWriter, r *http.Request) error {
	p, err := s.accountForm(r, identity.NewAccount{Type: authz.Account}, "")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.NewPage(s.shell(r), p))
}

// addAccount takes the form of a new account.
func (s *Site) addAccount(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in := identity.NewAccount{Name: typed(r.PostForm, "name"), Type: authz.Type(typed(r.PostForm, "type")), Purpose: typed(r.PostForm, "purpose"),
		Owner: graph.ID(authz.From(r.Context()).ID)}
	if in.Type == "" {
		in.Type = authz.Agent
	}
	owner := typed(r.PostForm, "owner")
	proposed, err := s.makeAccount(w, r, in, owner)
	if err == nil || proposed {
		return err
	}
	p, e := s.accountForm(r, in, owner)
	if e != nil {
		return e
	}
	return s.newAgain(w, r, p, err)
}

// makeAccount makes an account, or shows it to be proposed.
func (s *Site) makeAccount(w http.ResponseWriter, r *http.Request, in identity.NewAccount, owner string) (proposed bool, err error) {
	if owner != "" {
		u, err := s.byLogin(r.Context(), "owner", owner)
		if err != nil {
			return false, err
		}
		in.Owner = u.ID
	}
	proposed, err = s.instead(w, r, marketplace.AgentAct{Name: in.Name, Type: in.Type, Owner: in.Owner, Purpose: in.Purpose}, link.Accounts())
	if err != nil || proposed {
		return proposed, err
	}
	made, err := s.Identity.CreateAccount(r.Context(), in)
	if err != nil {
		return false, err
	}
	return false, saved(w, r, link.Account(string(made.ID)))
}
