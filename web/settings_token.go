package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/settings"
	"weir/views/ui"
)

// tokens answers the list of one's own tokens.
func (s *Site) tokens(w http.ResponseWriter, r *http.Request) error {
	return s.showTokens(w, r, http.StatusOK, s.emptyToken())
}

// showTokens shows one's own tokens around the form as it is filled.
func (s *Site) showTokens(w http.ResponseWriter, r *http.Request, status int, p view.Tokens) error {
	id, err := me(r)
	if err != nil {
		return err
	}
	p.Of, p.Action, p.Revoke = "you", link.Settings(link.Tokens), link.Revoke(link.Tokens)
	if err := s.fillTokens(r, id, &p); err != nil {
		return err
	}
	return s.show(w, r, status, view.TokensPage(s.shell(r), p))
}

// fillTokens lists the tokens of somebody. Who signed in too long ago is asked to do it again before he makes one.
func (s *Site) fillTokens(r *http.Request, of graph.ID, p *view.Tokens) error {
	all, err := s.Identity.Tokens(r.Context(), of)
	if err != nil {
		return err
	}
	for _, t := range all {
		p.Rows = append(p.Rows, s.tokenRow(t))
	}
	p.Pager = ui.Pager{Summary: ui.Count(len(all), "token", "tokens")}
	if p.Action != "" && !s.recent(r.Context()) {
		p.Again = link.SignInAgain(here(r))
	}
	return nil
}

func (s *Site) tokenRow(t identity.Token) view.Token {
	row := view.Token{ID: string(t.ID), Name: t.Name, Scopes: t.Scopes, Spaces: t.Namespaces, Expires: s.when(t.Expires), Used: s.when(t.Used)}
	switch {
	case !t.Revoked.IsZero():
		row.Over = "taken back"
	case !t.Good(s.Now()):
		row.Over = "ended"
	}
	return row
}

// lifetimes are how long a token may live, in days.
var lifetimes = []form.Option{
	{Value: "7", Label: "7 days"}, {Value: "30", Label: "30 days"}, {Value: "90", Label: "90 days"},
	{Value: "180", Label: "180 days"}, {Value: "365", Label: "a year"},
}

// emptyToken is the form as it is found.
func (s *Site) emptyToken() view.Tokens {
	return view.Tokens{Scopes: scopeOptions(nil), Expires: form.Choose(lifetimes, "90")}
}

func scopeOptions(chosen []string) []form.Option {
	var out []form.Option
	for _, sc := range authz.Scopes {
		out = append(out, form.Option{Value: sc.Name, Label: sc.Name, Hint: sc.Meaning})
	}
	return form.Choose(out, chosen...)
}

var tokenLabels = labels{"name": "Name", "expires": "Ends in", "scopes": "What it may do", "namespaces": "Namespaces of jobs"}

// makeToken makes a token of one's own, and shows its text this once.
func (s *Site) makeToken(w http.ResponseWriter, r *http.Request) error {
	return s.newToken(w, r, "", s.showTokens)
}

// newToken makes a token of somebody, "" for oneself, and has a page show what became of it.
func (s *Site) newToken(w http.ResponseWriter, r *http.Request, of graph.ID,
	show func(http.ResponseWriter, *http.Request, int, view.Tokens) error,
) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	in := identity.NewToken{Principal: of, Name: typed(r.PostForm, "name"), Scopes: r.PostForm["scopes"], Namespaces: commaList(r.PostForm, "namespaces")}
	days, err := strconv.Atoi(r.PostForm.Get("expires"))
	if err == nil {
		in.Expires = s.Now().Add(time.Duration(days) * 24 * time.Hour)
	}
	t, text, err := s.Identity.CreateToken(r.Context(), in)
	if err == nil {
		p := s.emptyToken()
		p.Made = view.Made{Name: t.Name, Text: text}
		return show(w, r, http.StatusOK, p)
	}
	bad, err := troubleOf(err, tokenLabels)
	if err != nil {
		return err
	}
	return show(w, r, bad.status, view.Tokens{Name: in.Name, Scopes: scopeOptions(in.Scopes), Spaces: strings.Join(in.Namespaces, ", "),
		Expires: form.Choose(lifetimes, r.PostForm.Get("expires")), Errors: bad.fields, Refused: bad.refused})
}

// revokeToken takes a token of one's own back.
func (s *Site) revokeToken(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	if err := s.Identity.RevokeToken(r.Context(), graph.ID(r.PostForm.Get("id"))); err != nil {
		return err
	}
	return saved(w, r, link.Settings(link.Tokens))
}
