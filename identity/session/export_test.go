package session

import (
	"net/http"

	"github.com/alexedwards/scs/v2"
)

// CookieOf is the cookie that a request would get.
func (m *Manager) CookieOf(r *http.Request) scs.SessionCookie { return m.of(r).Cookie }
