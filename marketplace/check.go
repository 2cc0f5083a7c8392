package marketplace

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"weir/errs"
)

// checker gathers what is wrong with an input.
type checker struct{ bad []errs.Field }

func (c *checker) field(name, message string) {
	if message != "" {
		c.bad = append(c.bad, errs.Field{Name: name, Message: message})
	}
}

func (c *checker) err() error { return errs.Fields(c.bad) }

// line checks one line of at most so many bytes.
func (c *checker) line(field, v string, most int, needed bool) string {
	return c.text(field, v, most, needed, "")
}

// lines checks a text that may have several lines.
func (c *checker) lines(field, v string, most int, needed bool) string {
	return c.text(field, strings.ReplaceAll(v, "\r\n", "\n"), most, needed, "\n\t")
}

func (c *checker) text(field, v string, most int, needed bool, controls string) string {
	v = strings.TrimSpace(v)
	switch {
	case v == "" && needed:
		c.field(field, "is missing.")
	case len(v) > most:
		c.field(field, fmt.Sprintf("is longer than %d bytes.", most))
	case !utf8.ValidString(v):
		c.field(field, "is not valid UTF-8.")
	case strings.ContainsFunc(v, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(controls, r) }):
		c.field(field, "holds control characters.")
	}
	return v
}

// handle checks what stands in addresses: lower case letters, digits and hyphens.
func (c *checker) handle(field, v string) string {
	v = strings.ToLower(strings.TrimSpace(v))
	switch {
	case v == "":
		c.field(field, "is missing.")
	case len(v) > maxHandle:
		c.field(field, fmt.Sprintf("is longer than %d characters.", maxHandle))
	case v == reserved:
		c.field(field, "can't be “new”: the form of a new one has that address.")
	case !isHandle(v):
		c.field(field, "has to begin with a letter or digit and may hold letters a to z, digits and hyphens only.")
	}
	return v
}

// maxHandle is how long the name of a product or template may be in addresses, in bytes.
const maxHandle = 64

// reserved is what no product and no template is called, since the form of a new one stands at that address.
const reserved = "new"

func isHandle(v string) bool {
	for i, r := range v {
		if letter := 'a' <= r && r <= 'z' || '0' <= r && r <= '9'; !letter && (r != '-' || i == 0) {
			return false
		}
	}
	return v != ""
}
