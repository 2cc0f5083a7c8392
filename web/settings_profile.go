package web

import (
	"net/http"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/identity/session"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/settings"
	"weir/views/ui"
)

// me is the id of who asks; pages of one's own account are for people.
func me(r *http.Request) (graph.ID, error) {
	who := authz.From(r.Context())
	if who.Type != authz.Person || who.Session == "" {
		return "", errs.E(errs.Forbidden, "This is for somebody who is signed in, not for a token.")
	}
	return graph.ID(who.ID), nil
}

// profile answers the page of one's own account.
func (s *Site) profile(w http.ResponseWriter, r *http.Request) error {
	return s.showProfile(w, r, http.StatusOK, func(*view.Profile) {})
}

// showProfile shows the profile as it is, with what a form has changed about it.
func (s *Site) showProfile(w http.ResponseWriter, r *http.Request, status int, change func(*view.Profile)) error {
	p, err := s.profileOf(r)
	if err != nil {
		return err
	}
	change(&p)
	return s.show(w, r, status, view.ProfilePage(s.shell(r), p))
}

func (s *Site) profileOf(r *http.Request) (view.Profile, error) {
	id, err := me(r)
	if err != nil {
		return view.Profile{}, err
	}
	u, err := s.Identity.User(r.Context(), id)
	if err != nil {
		return view.Profile{}, err
	}
	p := view.Profile{Login: u.Login, Name: u.Name, Email: u.Email, Local: u.Local, Provider: u.Issuer, Due: u.PasswordDue,
		Back: link.Settings(link.Profile), Themes: themeOptions(s.setting(r, themeCookie))}
	if p.Roles, err = s.heldRoles(r.Context(), authz.From(r.Context()).Roles); err != nil {
		return p, err
	}
	teams, err := s.Identity.TeamsOf(r.Context(), id)
	p.Teams = teamLinks(teams)
	return p, err
}

func themeOptions(chosen string) []form.Option {
	all := []form.Option{{Value: "system", Label: "As the system"}, {Value: "light", Label: "Light"}, {Value: "dark", Label: "Dark"}}
	if chosen == "" {
		chosen = "system"
	}
	return form.Choose(all, chosen)
}

func teamLinks(teams []identity.Team) []ui.Link {
	out := make([]ui.Link, len(teams))
	for i, t := range teams {
		out[i] = ui.Link{Text: teamName(t), Href: link.Team(string(t.ID))}
	}
	return out
}

var profileLabels = labels{"name": "Name", "email": "E-mail"}

// saveProfile takes the form of name and e-mail.
func (s *Site) saveProfile(w http.ResponseWriter, r *http.Request) error {
	id, err := me(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	name, email := typed(r.PostForm, "name"), typed(r.PostForm, "email")
	_, err = s.Identity.EditUser(r.Context(), id, identity.UserEdit{Name: &name, Email: &email})
	if err == nil {
		return saved(w, r, link.Settings(link.Profile))
	}
	t, err := troubleOf(err, profileLabels)
	if err != nil {
		return err
	}
	return s.showProfile(w, r, t.status, func(p *view.Profile) {
		p.Name, p.Email, p.Errors, p.Refused = name, email, t.fields, t.refused
	})
}

var passwordLabels = labels{"old": "The password you have now", "password": "The new one"}

// changePassword takes the form of a new password. The session goes on under a new token; all others end.
func (s *Site) changePassword(w http.ResponseWriter, r *http.Request) error {
	if _, err := me(r); err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	err := s.Identity.ChangePassword(r.Context(), r.PostForm.Get("old"), r.PostForm.Get("password"), session.Peer(r))
	if err == nil {
		if err := s.Sessions.Prove(w, r, session.HowPassword); err != nil {
			return err
		}
		return saved(w, r, link.Settings(link.Profile))
	}
	t, err := troubleOf(err, passwordLabels)
	if err != nil {
		return err
	}
	return s.showProfile(w, r, t.status, func(p *view.Profile) {
		p.Password = view.Password{Errors: t.fields, Refused: t.refused}
	})
}
