package web

import (
	"net/http"

	"weir/errs"
	"weir/identity"
	"weir/identity/session"
	"weir/views/link"
	view "weir/views/signin"
	"weir/views/ui"
)

// welcome shows the first page of a new program. Once somebody is there it leads to the page to sign in.
func (s *Site) welcome(w http.ResponseWriter, r *http.Request) error {
	if s.Identity == nil {
		return errs.E(errs.NotFound, "There is no such page.")
	}
	fresh, err := s.Identity.NeedsSetup(r.Context())
	if err != nil {
		return err
	}
	if !fresh {
		http.Redirect(w, r, link.SignIn(""), http.StatusSeeOther)
		return nil
	}
	return s.show(w, r, http.StatusOK, view.WelcomePage(s.shell(r), view.Welcome{Code: r.URL.Query().Get("code")}))
}

// takeWelcome makes the first administrator, and signs him in.
func (s *Site) takeWelcome(w http.ResponseWriter, r *http.Request) error {
	if err := s.signInForm(w, r); err != nil {
		return err
	}
	in := identity.SetUpInput{Code: r.PostForm.Get("code"), Login: r.PostForm.Get("login"), Name: r.PostForm.Get("name"),
		Password: r.PostForm.Get("password")}
	u, err := s.Identity.SetUp(r.Context(), in)
	if err == nil {
		return s.enter(w, r, u.ID, session.HowSetup, link.Home())
	}
	e, ok := errs.As(err)
	if !ok || e.Kind != errs.Invalid && e.Kind != errs.TooMany {
		return err
	}
	retryHeader(w, err)
	wrong := map[string]string{}
	for _, f := range e.Fields {
		wrong[f.Name] = ui.Capital(f.Message)
	}
	if len(wrong) == 0 {
		wrong[""] = errs.Shown(err)
	}
	return s.show(w, r, Status(err), view.WelcomePage(s.shell(r), view.Welcome{Code: in.Code, Login: in.Login, Name: in.Name, Wrong: wrong}))
}
