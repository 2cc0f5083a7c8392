package web

import (
	"log/slog"
	"net/http"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity/session"
	"weir/views/link"
	view "weir/views/signin"
	"weir/views/ui"
)

// signInPages are for those who are not signed in, and the way out.
func (s *Site) signInPages() []route {
	return []route{
		{"GET /sign-in", public, s.page(s.signIn)},
		{"POST /sign-in", public, s.page(s.takeSignIn)},
		{"POST /sign-in/demo", public, s.page(s.takePerson)},
		{"GET /sign-in/again", signedIn, s.page(s.again)},
		{"POST /sign-in/again", signedIn, s.page(s.takeAgain)},
		{"GET /welcome", public, s.page(s.welcome)},
		{"POST /welcome", public, s.page(s.takeWelcome)},
		{"POST /sign-out", public, s.page(s.signOut)},
	}
}

// onward is where to go on from a page to sign in: never elsewhere, and never to such a page again.
func onward(next string) string {
	next = local(next)
	if strings.HasPrefix(next, "/sign-") || strings.HasPrefix(next, link.Welcome()) {
		return "/"
	}
	return next
}

// signIn shows the page to sign in.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request) error {
	next := onward(r.URL.Query().Get("next"))
	if authz.From(r.Context()).Known() {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	if s.Identity != nil && s.Provider == nil {
		fresh, err := s.Identity.NeedsSetup(r.Context())
		if err != nil {
			return err
		}
		if fresh {
			http.Redirect(w, r, link.Welcome(), http.StatusSeeOther)
			return nil
		}
	}
	return s.showSignIn(w, r, http.StatusOK, view.Page{Next: next})
}

func (s *Site) showSignIn(w http.ResponseWriter, r *http.Request, status int, p view.Page) error {
	p.Provider = s.providerName()
	if s.offersPeople(r) {
		for _, who := range s.People {
			p.People = append(p.People, view.Person{ID: string(who.ID), Role: who.Role,
				Owner: ui.Owner{ID: string(who.ID), Name: who.Name, Kind: "person"}})
		}
	}
	return s.show(w, r, status, view.SignInPage(s.shell(r), p))
}

// offersPeople tells whether a click is enough: in the demo, at this machine itself.
func (s *Site) offersPeople(r *http.Request) bool { return len(s.People) > 0 && s.atMachine(r) }

// takeSignIn signs somebody in by login and password.
func (s *Site) takeSignIn(w http.ResponseWriter, r *http.Request) error {
	if err := s.signInForm(w, r); err != nil {
		return err
	}
	next, login := onward(r.PostForm.Get("next")), r.PostForm.Get("login")
	u, err := s.Identity.SignIn(r.Context(), login, r.PostForm.Get("password"), session.Peer(r))
	if err != nil {
		wrong, err := s.refusedSignIn(w, r, err)
		if err != nil {
			return err
		}
		return s.showSignIn(w, r, wrong.status, view.Page{Next: next, Login: login, Wrong: wrong.text})
	}
	if u.PasswordDue {
		next = link.Settings(link.Profile)
	}
	return s.enter(w, r, u.ID, session.HowPassword, next)
}

// signInForm reads a form that signs somebody in.
func (s *Site) signInForm(w http.ResponseWriter, r *http.Request) error {
	if s.Identity == nil {
		return errs.E(errs.NotFound, "Nobody can sign in here.")
	}
	return readForm(w, r)
}

// refusal is what a person is told who could not sign in.
type refusal struct {
	status int
	text   string
}

// refusedSignIn writes down that somebody was refused, and says what to tell him. What is no refusal is returned.
func (s *Site) refusedSignIn(w http.ResponseWriter, r *http.Request, why error) (refusal, error) {
	switch {
	case errs.Is(why, errs.Unauthenticated):
		if err := s.Sessions.Refused(r.Context(), session.HowPassword); err != nil {
			return refusal{}, err
		}
	case errs.Is(why, errs.TooMany):
		retryHeader(w, why)
	default:
		return refusal{}, why
	}
	slog.InfoContext(r.Context(), "sign-in refused", "request", requestID(r.Context()), "error", why)
	return refusal{Status(why), errs.Shown(why)}, nil
}

// enter begins the session of somebody who proved who he is, and goes on.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, user graph.ID, how, next string) error {
	p, err := s.Identity.PrincipalOf(r.Context(), user)
	if err != nil {
		return err
	}
	if err := s.Sessions.Begin(w, r, session.Start{User: user, Rights: session.RightsOf(p), How: how}); err != nil {
		return err
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// takePerson signs somebody of the demo in, at this machine alone. Who is that person already proves it again.
func (s *Site) takePerson(w http.ResponseWriter, r *http.Request) error {
	if err := s.signInForm(w, r); err != nil {
		return err
	}
	id := graph.ID(r.PostForm.Get("user"))
	if !s.offersPeople(r) || !s.isPerson(id) {
		return errs.E(errs.NotFound, "There is no such person here.")
	}
	next := onward(r.PostForm.Get("next"))
	if authz.From(r.Context()).ID != string(id) {
		return s.enter(w, r, id, session.HowDemo, next)
	}
	return s.proved(w, r, session.HowDemo, next)
}

func (s *Site) isPerson(id graph.ID) bool {
	for _, who := range s.People {
		if who.ID == id {
			return true
		}
	}
	return false
}

// proved notes that who is signed in proved it again, and goes on.
func (s *Site) proved(w http.ResponseWriter, r *http.Request, how, next string) error {
	if err := s.Sessions.Prove(w, r, how); err != nil {
		return err
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// signOut ends the session.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	if s.Sessions != nil {
		if err := s.Sessions.End(w, r); err != nil {
			return err
		}
	}
	http.Redirect(w, r, link.SignIn(""), http.StatusSeeOther)
	return nil
}
