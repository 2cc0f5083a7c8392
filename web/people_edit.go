package web

import (
	"net/http"
	"net/url"
	"strconv"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/people"
)

// record is a person, team or account in the form that changes it.
type record struct {
	form    view.Form
	version int64
	save    func(r *http.Request, version int64, values url.Values) error
}

// editRecord answers the form of a record, and the form sent back. What can't be saved comes back as it was typed.
func (s *Site) editRecord(find func(*http.Request) (record, error)) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		rec, err := find(r)
		if err != nil {
			return err
		}
		rec.form.Version = strconv.FormatInt(rec.version, 10)
		if r.Method != http.MethodPost {
			return s.show(w, r, http.StatusOK, view.NewPage(s.shell(r), rec.form))
		}
		if err := readForm(w, r); err != nil {
			return err
		}
		looked, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
		if err != nil || looked < 1 {
			return errs.Bad("version", "is not a number. Open the form again.")
		}
		err = rec.save(r, looked, r.PostForm)
		if err == nil {
			return saved(w, r, rec.form.Cancel)
		}
		for i, f := range rec.form.Fields {
			rec.form.Fields[i].Value = typed(r.PostForm, f.Name)
		}
		return s.newAgain(w, r, rec.form, err)
	}
}

// editForm is a form for something that is there.
func editForm(of view.Sort, name, page string, fields ...form.Field) view.Form {
	return view.Form{Of: of, Edits: name, Action: link.Sub(page, "edit"), Cancel: page, Fields: fields}
}

func (s *Site) personRecord(r *http.Request) (record, error) {
	u, err := s.Identity.User(r.Context(), idOf(r))
	return record{
		form: editForm(view.Persons, u.Name, link.Person(string(u.ID)),
			form.Field{Name: "name", Label: "Name", Value: u.Name, Required: true},
			form.Field{Name: "email", Label: "E-mail", Hint: "May be empty.", Value: u.Email, Type: "email"}),
		version: u.Version,
		save: func(r *http.Request, version int64, values url.Values) error {
			name, email := typed(values, "name"), typed(values, "email")
			_, err := s.Identity.EditUser(r.Context(), u.ID, identity.UserEdit{Version: version, Name: &name, Email: &email})
			return err
		},
	}, err
}

func (s *Site) teamRecord(r *http.Request) (record, error) {
	t, err := s.Identity.Team(r.Context(), idOf(r))
	return record{
		form: editForm(view.Teams, teamName(t), link.Team(string(t.ID)),
			form.Field{Name: "title", Label: "Name", Value: t.Title},
			form.Field{Name: "description", Label: "What it is", Hint: "May be empty.", Value: t.Description}),
		version: t.Version,
		save: func(r *http.Request, version int64, values url.Values) error {
			title, text := typed(values, "title"), typed(values, "description")
			_, err := s.Identity.EditTeam(r.Context(), t.ID, identity.TeamEdit{Version: version, Title: &title, Description: &text})
			return err
		},
	}, err
}

// accountRecord is for the owner of an account, and for those who manage people; only the latter give it another owner.
func (s *Site) accountRecord(r *http.Request) (record, error) {
	ctx := r.Context()
	a, err := s.Identity.Account(ctx, idOf(r))
	if err != nil {
		return record{}, err
	}
	manages := s.Policy.Require(ctx, authz.People, authz.Everywhere, authz.Manage)
	if manages != nil && authz.From(ctx).ID != string(a.Owner) {
		return record{}, manages
	}
	fields := []form.Field{{Name: "purpose", Label: "What it is for", Value: a.Purpose}}
	if manages == nil {
		owner, err := s.ownerField(r, a.Owner)
		if err != nil {
			return record{}, err
		}
		fields = append(fields, owner)
	}
	return record{form: editForm(view.Accounts, a.Name, link.Account(string(a.ID)), fields...), version: a.Version,
		save: func(r *http.Request, version int64, values url.Values) error {
			return s.saveAccount(r, a.ID, version, values)
		}}, nil
}

// ownerField offers who may answer for an account.
func (s *Site) ownerField(r *http.Request, owner graph.ID) (form.Field, error) {
	f := form.Field{Name: "owner", Label: "Who answers for it", Hint: "Login of a person. Empty: as it is."}
	u, err := s.Identity.User(r.Context(), owner)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return f, err
	}
	f.Value = u.Login
	f.Suggest, err = s.logins(r.Context())
	return f, err
}

func (s *Site) saveAccount(r *http.Request, id graph.ID, version int64, values url.Values) error {
	purpose := typed(values, "purpose")
	e := identity.AccountEdit{Version: version, Purpose: &purpose}
	if login := typed(values, "owner"); login != "" {
		u, err := s.byLogin(r.Context(), "owner", login)
		if err != nil {
			return err
		}
		e.Owner = &u.ID
	}
	_, err := s.Identity.EditAccount(r.Context(), id, e)
	return err
}
