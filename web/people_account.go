package web

import (
	"net/http"

	"weir/graph"
	"weir/identity"
	"weir/views/link"
	view "weir/views/people"
	"weir/views/settings"
)

// fillAccountTokens lists the tokens of an account below its form. A disabled account gets no new ones.
func (s *Site) fillAccountTokens(r *http.Request, a identity.Account, p *settings.Tokens) error {
	address := link.Sub(link.Account(string(a.ID)), "tokens")
	p.Of, p.Revoke = a.Name, address+"/revoke"
	if !a.Disabled {
		p.Action = address
	}
	return s.fillTokens(r, a.ID, p)
}

// setAccountState disables or enables an account.
func (s *Site) setAccountState(w http.ResponseWriter, r *http.Request) error {
	return s.setState(w, r, s.showAccount, link.Account, s.Identity.DisableAccount, s.Identity.EnableAccount)
}

// makeAccountToken makes a token of an account, and shows its text this once.
func (s *Site) makeAccountToken(w http.ResponseWriter, r *http.Request) error {
	return s.newToken(w, r, idOf(r), func(w http.ResponseWriter, r *http.Request, status int, t settings.Tokens) error {
		return s.showAccount(w, r, status, func(p *view.Page) {
			if p.Tokens == nil {
				return
			}
			t.Of, t.Action, t.Revoke, t.Rows, t.Pager, t.Again = p.Tokens.Of, p.Tokens.Action, p.Tokens.Revoke, p.Tokens.Rows, p.Tokens.Pager, p.Tokens.Again
			p.Tokens = &t
		})
	})
}

// revokeAccountToken takes a token of an account back.
func (s *Site) revokeAccountToken(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	if err := s.Identity.RevokeToken(r.Context(), graph.ID(r.PostForm.Get("id"))); err != nil {
		return err
	}
	return saved(w, r, link.Account(string(idOf(r))))
}
