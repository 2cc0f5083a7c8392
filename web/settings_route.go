package web

import (
	"net/http"

	"weir/authz"
	"weir/errs"
)

// settingsPages are those on which somebody looks after his own account.
func (s *Site) settingsPages() []route {
	look, change := may(authz.Self, authz.View), may(authz.Self, authz.Manage)
	return []route{
		{"GET /settings", look, s.known(s.profile)},
		{"POST /settings", change, s.known(s.saveProfile)},
		{"POST /settings/password", change, s.known(s.changePassword)},
		{"GET /settings/sessions", look, s.known(s.sessions)},
		{"POST /settings/sessions/revoke", change, s.known(s.endSession)},
		{"GET /settings/tokens", look, s.known(s.tokens)},
		{"POST /settings/tokens", change, s.known(s.recently(s.makeToken))},
		{"POST /settings/tokens/revoke", change, s.known(s.revokeToken)},
		{"GET /settings/stand-ins", look, s.known(s.standIns)},
		{"POST /settings/stand-ins", change, s.known(s.recently(s.nameStandIn))},
		{"POST /settings/stand-ins/revoke", change, s.known(s.endStandIn)},
		{"GET /settings/why", look, s.known(s.why)},
	}
}

// known wraps a page about who there is: without identity there is nobody, and no such page.
func (s *Site) known(h handler) http.Handler {
	return s.page(func(w http.ResponseWriter, r *http.Request) error {
		if s.Identity == nil {
			return errs.E(errs.NotFound, "There is no such page.")
		}
		return h(w, r)
	})
}
