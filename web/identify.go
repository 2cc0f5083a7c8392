package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/identity/session"
	"weir/views/link"
)

// recentTime is how long after somebody proved who he is he may do what is sensitive.
const recentTime = 5 * time.Minute

// identified finds out who asks, by a token or by the session: never by both.
func (s *Site) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, err := s.who(w, r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (s *Site) who(w http.ResponseWriter, r *http.Request) (context.Context, error) {
	switch {
	case s.Trust:
		return authz.With(r.Context(), authz.Operator), nil
	case s.Identity == nil:
		return r.Context(), nil
	case len(r.Header["Authorization"]) > 0:
		return s.byToken(r)
	}
	return s.bySession(w, r)
}

// byToken is for requests that show a token. One that is no good is refused, whatever cookie comes with it.
func (s *Site) byToken(r *http.Request) (context.Context, error) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if len(r.Header["Authorization"]) > 1 || !strings.EqualFold(scheme, "Bearer") {
		return nil, errs.E(errs.Unauthenticated, "Authorize with one API token: Authorization: Bearer weir_…")
	}
	find := func(ctx context.Context) (authz.Principal, error) {
		return s.Identity.ByToken(ctx, strings.TrimSpace(text))
	}
	p, err := find(r.Context())
	if err != nil {
		return nil, err
	}
	ctx, err := s.Sessions.Without(r.Context())
	return asking(ctx, p, find), err
}

// bySession is for browsers. Without a session, or with one that is over, nobody asks.
func (s *Site) bySession(w http.ResponseWriter, r *http.Request) (context.Context, error) {
	ctx, err := s.Sessions.Load(r)
	if err != nil {
		return nil, err
	}
	now, ok := s.Sessions.Current(ctx)
	if !ok {
		return ctx, nil
	}
	p, err := s.personOf(ctx, now)
	if errs.Is(err, errs.Unauthenticated) {
		return s.Sessions.Without(r.Context())
	}
	if err != nil {
		return nil, err
	}
	if rights := session.RightsOf(p); rights != now.Rights {
		if err := s.Sessions.Renew(w, r.WithContext(ctx), rights); err != nil && !errs.Is(err, errs.Conflict) {
			return nil, err
		}
		now, _ = s.Sessions.Current(ctx)
		p.Session = string(now.ID)
	}
	return asking(ctx, p, func(ctx context.Context) (authz.Principal, error) {
		still, err := s.Sessions.Find(ctx, now.ID)
		if err != nil {
			return authz.Principal{}, err
		}
		return s.personOf(ctx, still)
	}), nil
}

// personOf is who a session is of. Errors: Unauthenticated where he may not go on with it.
func (s *Site) personOf(ctx context.Context, now session.Session) (authz.Principal, error) {
	p, err := s.Identity.SessionPrincipal(ctx, now.User, now.SignedIn)
	p.Session, p.SignedInAt = string(now.ID), now.SignedIn
	return p, err
}

type askingKey struct{}

// asking returns a context in which p acts, and which knows how to find out again who that is.
func asking(ctx context.Context, p authz.Principal, again func(context.Context) (authz.Principal, error)) context.Context {
	return authz.With(context.WithValue(ctx, askingKey{}, again), p)
}

// Recheck tells who stands behind a request by now, for answers that last. ctx is that of the request.
// Errors: Unauthenticated if the session or token has ended since.
func Recheck(ctx context.Context, was authz.Principal) (authz.Principal, error) {
	again, ok := ctx.Value(askingKey{}).(func(context.Context) (authz.Principal, error))
	if !ok {
		return was, nil // the operator at the machine
	}
	return again(ctx)
}

// challenge answers whoever has to say who he is: programs with 401, people with the page to sign in.
func (s *Site) challenge(w http.ResponseWriter, r *http.Request, err error) {
	if forPrograms(r) {
		challenge := `Bearer realm="weir"`
		if len(r.Header["Authorization"]) > 0 {
			challenge += `, error="invalid_token"`
		}
		w.Header().Set("WWW-Authenticate", challenge)
		writeProblem(w, r, err)
		return
	}
	slog.DebugContext(r.Context(), "sent to sign in", "request", requestID(r.Context()), "error", err)
	s.sendTo(w, r, link.SignIn(nextOf(r)))
}

// sendTo leads a browser to another page, also where a script asked for a part of one.
func (s *Site) sendTo(w http.ResponseWriter, r *http.Request, address string) {
	if r.Header.Get("HX-Request") == "true" {
		w.Header().Set("HX-Redirect", address)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// forPrograms tells whether an answer is for a program rather than a reader of pages.
func forPrograms(r *http.Request) bool {
	path := r.URL.Path
	return len(r.Header["Authorization"]) > 0 || strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/audit/tile/") ||
		path == "/audit/checkpoint" || path == "/metrics" || path == link.GraphQL()
}

// nextOf is where to go on after signing in: the page asked for, or the one that a script or a form stood on.
func nextOf(r *http.Request) string {
	if r.Header.Get("HX-Request") == "true" {
		return pathOfURL(r.Header.Get("HX-Current-URL"))
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return pathOfURL(r.Referer())
	}
	return here(r)
}

// pathOfURL is the path and query of a whole address; what it is of doesn't count.
func pathOfURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	return local(u.RequestURI())
}

// recent tells whether the principal proved who he is just now, as sensitive acts ask for. A token never did.
func (s *Site) recent(ctx context.Context) bool {
	p := authz.From(ctx)
	return p.Type == authz.Machine && p.Token == "" || p.Session != "" && s.Now().Sub(p.SignedInAt) <= recentTime
}

// recently lets through who proved who he is just now, and sends others to do so first. It belongs around forms for what
// is sensitive, and around what takes them in.
func (s *Site) recently(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if s.recent(r.Context()) {
			return h(w, r)
		}
		if authz.From(r.Context()).Session == "" {
			return errs.E(errs.Forbidden, "This asks for somebody who just signed in, not for a token.")
		}
		next := nextOf(r)
		if r.Method == http.MethodPost && next == "/" {
			next = r.URL.Path
		}
		s.sendTo(w, r, link.SignInAgain(next))
		return nil
	}
}
