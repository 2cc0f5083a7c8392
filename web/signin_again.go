package web

import (
	"context"
	"net/http"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/identity/session"
	view "weir/views/signin"
)

// again shows the page on which who is signed in proves once more who he is.
func (s *Site) again(w http.ResponseWriter, r *http.Request) error {
	u, err := s.me(r.Context())
	if err != nil {
		return err
	}
	return s.showAgain(w, r, http.StatusOK, u, view.Again{Next: onward(r.URL.Query().Get("next"))})
}

func (s *Site) showAgain(w http.ResponseWriter, r *http.Request, status int, u identity.User, p view.Again) error {
	p.Name, p.Login, p.Password = u.Name, u.Login, u.Local
	if u.Subject != "" {
		p.Provider = s.providerName()
	}
	if s.offersPeople(r) && s.isPerson(u.ID) {
		p.Person = string(u.ID)
	}
	return s.show(w, r, status, view.AgainPage(s.shell(r), p))
}

// takeAgain takes the password of who is signed in.
func (s *Site) takeAgain(w http.ResponseWriter, r *http.Request) error {
	if err := s.signInForm(w, r); err != nil {
		return err
	}
	u, err := s.me(r.Context())
	if err != nil {
		return err
	}
	next := onward(r.PostForm.Get("next"))
	shown, err := s.Identity.SignIn(r.Context(), u.Login, r.PostForm.Get("password"), session.Peer(r))
	if err == nil && shown.ID != u.ID {
		err = errs.E(errs.Unauthenticated, "Sign in first.") // the login became somebody else's meanwhile
	}
	if err != nil {
		wrong, err := s.refusedSignIn(w, r, err)
		if err != nil {
			return err
		}
		return s.showAgain(w, r, wrong.status, u, view.Again{Next: next, Wrong: wrong.text})
	}
	return s.proved(w, r, session.HowPassword, next)
}

// me is who is signed in with a session. Errors: Forbidden for tokens, which nobody types a password for.
func (s *Site) me(ctx context.Context) (identity.User, error) {
	p := authz.From(ctx)
	if s.Identity == nil || p.Session == "" {
		return identity.User{}, errs.E(errs.Forbidden, "This is for people who signed in.")
	}
	return s.Identity.User(ctx, graph.ID(p.ID))
}
