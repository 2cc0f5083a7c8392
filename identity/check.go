package identity

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"weir/errs"
)

// The limits of what is written about people, in bytes.
const (
	MaxHandle = 64 // a login, or the name of a team or account
	MaxName   = 200
	MaxEmail  = 254
	MaxText   = 2_000 // a description, a purpose, a reason
)

// checker gathers what is wrong with an input.
type checker struct{ bad []errs.Field }

func (c *checker) field(name, message string) {
	if message != "" {
		c.bad = append(c.bad, errs.Field{Name: name, Message: message})
	}
}

func (c *checker) err() error { return errs.Fields(c.bad) }

// handle checks and lowers a login or the name of a team or account.
func (c *checker) handle(field, v string) string {
	v = strings.ToLower(strings.TrimSpace(v))
	c.field(field, checkHandle(v))
	return v
}

func checkHandle(v string) string {
	if v == "" {
		return "is missing."
	}
	if len(v) > MaxHandle {
		return fmt.Sprintf("is longer than %d characters.", MaxHandle)
	}
	for i, r := range v {
		letter := 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
		if !letter && (i == 0 || !strings.ContainsRune("._@+-", r)) {
			return "has to begin with a letter or digit and may hold letters a to z, digits and . _ @ + - only."
		}
	}
	return ""
}

// text checks one line, or with lines several, of at most so many bytes.
func (c *checker) text(field, v string, most int, needed, lines bool) string {
	v = strings.TrimSpace(v)
	switch {
	case v == "" && needed:
		c.field(field, "is missing.")
	case len(v) > most:
		c.field(field, fmt.Sprintf("is longer than %d bytes.", most))
	case !utf8.ValidString(v):
		c.field(field, "is not valid UTF-8.")
	case strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) && !(lines && strings.ContainsRune("\n\r\t", r)) }):
		c.field(field, "holds control characters.")
	}
	return v
}

// email checks an address; none is fine.
func (c *checker) email(field, v string) string {
	v = c.text(field, v, MaxEmail, false, false)
	if a, err := mail.ParseAddress(v); v != "" && (err != nil || a.Address != v) {
		c.field(field, "is not an e-mail address.")
	}
	return v
}

// password adds what is wrong with a password.
func (c *checker) password(password, login, name string) {
	if e, ok := errs.As(CheckPassword(password, login, name)); ok {
		c.bad = append(c.bad, e.Fields...)
	}
}
