// Package web is the site: its routes in one list, middleware, handlers, forms and the pages of problems. Handlers return
// errors; pages are rendered whole before a byte is sent.
package web

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"weir/audit/ledger"
	"weir/authz"
	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/identity/oidc"
	"weir/identity/session"
	"weir/marketplace"
	"weir/notify"
)

// Options is what the site stands on.
type Options struct {
	Catalog *catalog.Service
	Lineage *lineage.Service
	Intake  *catalog.Intake
	GraphQL http.Handler // nil: there is none
	// Ready tells whether requests can be served.
	Ready func(ctx context.Context) error
	// Organisation is shown beside the name of the program; "" shows nothing.
	Organisation string
	// Questions are shown on the home page, each a link; the demo has some.
	Questions []Question
	// Playground offers a page to try GraphQL on.
	Playground bool
	// Identity, Sessions and Policy say who asks and what he may do; they come together.
	Identity *identity.Service
	Sessions *session.Manager
	Policy   *authz.Policy
	// Log answers questions about the audit log; nil: there are no pages of it.
	Log *ledger.Service
	// Market answers and changes products, requests and grants; nil: there are no pages of them.
	Market *marketplace.Service
	Notify *notify.Service // nil: nobody is told of anything
	// Trust makes the operator at the machine of everybody who asks, for tests of what lies behind the rules. Without
	// it and without Identity nobody passes.
	Trust bool
	// Provider is the company's own place to sign in; nil: there is none.
	Provider *oidc.Provider
	// People of the demo sign in with one click, from this machine alone.
	People []Somebody
	// Secure tells that readers come over TLS though the program doesn't see it: a proxy before it speaks TLS.
	Secure bool
	Now    func() time.Time
}

// Somebody is a person of the demo.
type Somebody struct {
	ID   graph.ID // of the user
	Name string
	Role string // what he is for, in a few words
}

// Question is a question about the data at hand that one click answers.
type Question struct {
	Title string
	URL   string
}

// Site is the whole site.
type Site struct {
	Options
	intake   *intake
	metrics  *metrics
	compress func(http.Handler) http.HandlerFunc
	refusals *rate.Limiter
}

// New makes the site. It panics on options that contradict each other: that is a mistake in the program.
func New(o Options) *Site {
	if o.Trust && o.Identity != nil || o.Identity != nil && (o.Sessions == nil || o.Policy == nil) {
		panic("web: either everybody is trusted, or identity, sessions and policy say who may do what")
	}
	m := newMetrics()
	return &Site{Options: o, intake: newIntake(o.Intake, m), metrics: m, compress: newCompressor(),
		refusals: rate.NewLimiter(refusalsASecond, refusalsAtOnce)}
}

// Handler is the site as a handler, middleware included.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		mux.Handle(r.pattern, s.guarded(r))
	}
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return numbered(s.secured(s.logged(s.recovered(remembered(guarded)))))
}

// handler answers a request or returns why it can't.
type handler func(w http.ResponseWriter, r *http.Request) error

// api wraps a handler whose errors are Problem Details.
func (s *Site) api(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			writeProblem(w, r, err)
		}
	})
}

// fail answers with an error in the form that fits who asks: Problem Details for programs, a page for people.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errs.Is(err, errs.Unauthenticated):
		s.challenge(w, r, err)
	case forPrograms(r):
		writeProblem(w, r, err)
	default:
		s.problemPage(w, r, err)
	}
}

// healthz tells that the process lives.
func (s *Site) healthz(w http.ResponseWriter, _ *http.Request) error {
	return writeText(w, http.StatusOK, "ok\n")
}

// readyz tells that requests are served: 200 once the store answers, else 503.
func (s *Site) readyz(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		return errs.Wrap(err, errs.Unavailable, "The store does not answer.")
	}
	return writeText(w, http.StatusOK, "ready\n")
}
