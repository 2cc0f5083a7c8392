package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"weir/errs"
)

// The cookies in which a reader's choices stand, until there are people to keep them with.
const (
	themeCookie = "weir_theme"
	keysCookie  = "weir_keys"
	keysOff     = "off"
	// secured cookies carry a prefix that browsers accept over TLS alone.
	securePrefix = "__Host-"
	settingAge   = 365 * 24 * time.Hour
	maxForm      = 64 << 10 // bytes of a form
)

// setting is what the reader chose, "" for nothing.
func (s *Site) setting(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(r, name))
	if err != nil {
		return "" // there is no other error than that it is absent
	}
	return c.Value
}

func (s *Site) cookieName(r *http.Request, name string) string {
	if s.overTLS(r) {
		return securePrefix + name
	}
	return name
}

// choose answers POST of a setting: one of the values given, kept in a cookie.
func (s *Site) choose(field, cookie string, values ...string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := readForm(w, r); err != nil {
			return err
		}
		value := r.PostForm.Get(field)
		if !slices.Contains(values, value) {
			return errs.Badf(field, "is one of %s.", strings.Join(values, ", "))
		}
		http.SetCookie(w, &http.Cookie{
			Name: s.cookieName(r, cookie), Value: value, Path: "/", MaxAge: int(settingAge.Seconds()),
			HttpOnly: true, Secure: s.overTLS(r), SameSite: http.SameSiteLaxMode,
		})
		http.Redirect(w, r, local(r.PostForm.Get("back")), http.StatusSeeOther)
		return nil
	}
}

// readForm reads a form that is sent as the body.
func readForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "The form can't be read, or is too large.")
	}
	return nil
}

// maxBack is how many bytes the address has that a form leads back to.
const maxBack = 2 << 10

// local is an address on this site, or the first page: a form must not lead elsewhere.
func local(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(back, "/") ||
		len(back) > maxBack || strings.ContainsAny(back, "\\\r\n\t") || strings.Contains(u.EscapedPath(), "//") {
		return "/"
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if segment == "." || segment == ".." { // browsers take them away, and what is left may be of another site
			return "/"
		}
	}
	return back
}
