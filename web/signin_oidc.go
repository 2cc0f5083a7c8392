package web

import (
	"log/slog"
	"net/http"

	"weir/authz"
	"weir/errs"
	"weir/identity/oidc"
	"weir/identity/session"
	view "weir/views/signin"
)

// How many refused answers of a provider are written to the log: at once, and every second after that.
const (
	refusalsAtOnce  = 30
	refusalsASecond = 1
)

// providerPages are the way to the company's own place to sign in, and back.
func (s *Site) providerPages() []route {
	if s.Provider == nil || s.Identity == nil {
		return nil
	}
	return []route{
		{"GET /sign-in/oidc", public, s.page(s.leave)},
		{"GET " + oidc.Callback, public, s.page(s.comeBack)},
	}
}

// providerName is what the button says; "" where there is no provider.
func (s *Site) providerName() string {
	if s.Provider == nil {
		return ""
	}
	return s.Provider.Name
}

// leave sends a browser to the provider. Who is signed in already proves there once more who he is.
func (s *Site) leave(w http.ResponseWriter, r *http.Request) error {
	again := authz.From(r.Context()).Session != ""
	address, remember, err := s.Provider.Leave(r.Context(), onward(r.URL.Query().Get("next")), again)
	if err != nil {
		return err
	}
	if err := s.Sessions.Leave(w, r, remember); err != nil {
		return err
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// comeBack takes a browser that comes from the provider.
func (s *Site) comeBack(w http.ResponseWriter, r *http.Request) error {
	remembered, err := s.Sessions.Return(r.Context())
	if err != nil {
		return err
	}
	arrival, err := s.Provider.Return(r.Context(), remembered, r.URL.Query())
	if err == nil {
		err = s.arrive(w, r, arrival)
	}
	if !errs.Is(err, errs.Unauthenticated) {
		return err
	}
	slog.InfoContext(r.Context(), "sign-in refused", "request", requestID(r.Context()), "error", err)
	if remembered != "" && s.refusals.Allow() { // nobody who isn't known fills the log
		if err := s.Sessions.Refused(r.Context(), session.HowProvider); err != nil {
			return err
		}
	}
	return s.showSignIn(w, r, http.StatusUnauthorized, view.Page{Next: "/", Wrong: errs.Shown(err)})
}

// arrive signs in who came back, or notes that he proved again who he is.
func (s *Site) arrive(w http.ResponseWriter, r *http.Request, a oidc.Arrival) error {
	u, err := s.Identity.FromOIDC(r.Context(), a.Claims)
	if err != nil {
		return err
	}
	next := onward(a.Next)
	switch who := authz.From(r.Context()); {
	case !a.Again:
		return s.enter(w, r, u.ID, session.HowProvider, next)
	case who.ID == string(u.ID):
		return s.proved(w, r, session.HowProvider, next)
	}
	return errs.E(errs.Unauthenticated, "Somebody else signed in there than who is signed in here.")
}
