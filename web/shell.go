package web

import (
	"net/http"

	"weir/views/layout"
)

// shell is what the request brings to every page.
func (s *Site) shell(r *http.Request) layout.Shell {
	shell := layout.Shell{
		Company: s.Organisation, Demo: s.Playground && s.GraphQL != nil,
		Theme: setting(r, themeCookie), KeysOff: setting(r, keysCookie) == keysOff, Back: here(r),
	}
	if r.URL.Query().Has(savedMark) {
		shell.Notice = "Saved."
	}
	return shell
}

// savedMark in an address says that the reader comes from a form that was saved.
const savedMark = "saved"

// here is the address that a settings form returns to: this page where it can be visited, else the first one.
func here(r *http.Request) string {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return "/"
	}
	u := *r.URL
	values := u.Query()
	values.Del(savedMark)
	u.RawQuery = values.Encode()
	return u.RequestURI()
}
