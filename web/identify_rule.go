package web

import (
	"net/http"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/identity/session"
)

// reach says how far a route is open. The zero value is no rule at all: nobody passes.
type reach uint8

const (
	unsaid  reach = iota
	bare          // everybody, and nobody is asked who he is: files and probes
	open          // everybody; who is signed in is known
	members       // whoever is signed in
	chosen        // whoever may do an action with things of a kind; where these belong to domains, in one of them
	machine       // whoever asks from this machine itself, or may do that action
)

// access is the rule of a route: who may use it at all. What he may do there the commands and queries decide.
type access struct {
	reach  reach
	kind   authz.Kind
	action authz.Action
}

// The rules that most routes have.
var (
	anonymous = access{reach: bare}
	public    = access{reach: open}
	signedIn  = access{reach: members}
)

// may is the rule of routes for those who may do an action with things of a kind.
func may(kind authz.Kind, action authz.Action) access { return access{chosen, kind, action} }

// locally is the rule of routes for this machine itself, and for those who may do an action.
func locally(kind authz.Kind, action authz.Action) access { return access{machine, kind, action} }

// guarded is the handler of a route behind its rule.
func (s *Site) guarded(r route) http.Handler {
	if r.rule.reach == bare {
		return r.handler
	}
	return s.identified(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if err := s.admit(req, r.rule); err != nil {
			s.fail(w, req, err)
			return
		}
		r.handler.ServeHTTP(w, req)
	}))
}

// admit refuses whom the rule doesn't let in. Errors: Unauthenticated, Forbidden with the reason.
func (s *Site) admit(r *http.Request, rule access) error {
	ctx := r.Context()
	switch rule.reach {
	case open:
		return nil
	case members:
		if !authz.From(ctx).Known() {
			return errs.E(errs.Unauthenticated, "Sign in first.")
		}
		return nil
	case machine:
		if s.atMachine(r) && !authz.From(ctx).Known() {
			return nil
		}
	case chosen:
	default:
		return errs.E(errs.Forbidden, "Nobody said who may use this.")
	}
	if !authz.From(ctx).Known() {
		return errs.E(errs.Unauthenticated, "Sign in first.")
	}
	if rule.local() && s.Policy.CanSomewhere(ctx, rule.kind, rule.action) {
		return nil
	}
	return s.Policy.Require(ctx, rule.kind, authz.Everywhere, rule.action)
}

// local tells whether the things belong to domains, so that a right in one of them is enough to begin with; the commands
// and queries look at which. What is one for all domains, such as the measurements, needs a right everywhere.
func (a access) local() bool {
	return slices.Contains([]authz.Kind{authz.Asset, authz.Domain, authz.Event, authz.Roles,
		authz.Product, authz.Template, authz.Request, authz.Grant}, a.kind)
}

// atMachine tells whether a request comes from this machine itself. Where a proxy stands before the program all seem to.
func (s *Site) atMachine(r *http.Request) bool { return !s.Secure && session.Local(r) }
