// Package signin holds the pages for those who are not signed in: sign-in, its repetition before sensitive acts, and the
// first page of a new program.
package signin

import (
	"strings"

	"github.com/a-h/templ"

	"weir/views/link"
	"weir/views/ui"
)

// Page is the page to sign in.
type Page struct {
	// Next is where to go on, a path and query on this site.
	Next string
	// Login is what was typed before.
	Login string
	// Wrong says why the try before failed; "" for the first one.
	Wrong string
	// Provider is the name of the company's own place to sign in; "" where there is none.
	Provider string
	// People of the demo, each one click.
	People []Person
}

// Person is somebody of the demo.
type Person struct {
	ID    string
	Owner ui.Owner
	Role  string
}

// Again is the page on which who is signed in proves once more who he is.
type Again struct {
	Next  string
	Name  string
	Login string // for programs that fill in passwords
	Wrong string
	// Password tells that he has one here; Provider names the company's own place to sign in, where he can do it, too.
	Password bool
	Provider string
	// Person is set for somebody of the demo, for whom one click is enough.
	Person string
}

// Welcome is the first page of a new program.
type Welcome struct {
	Code, Login, Name string
	// Wrong holds what is wrong with a field, by its name; under "" what is wrong with all of it.
	Wrong map[string]string
}

// described ties a field to its hint and, where it is wrong, to its error.
func described(field, hint, wrong string) templ.Attributes {
	var ids []string
	attributes := templ.Attributes{}
	if hint != "" {
		ids = append(ids, "h-"+field)
	}
	if wrong != "" {
		ids = append(ids, "e-"+field)
		attributes["aria-invalid"] = "true"
	}
	if len(ids) > 0 {
		attributes["aria-describedby"] = strings.Join(ids, " ")
	}
	return attributes
}

// continueWith is what the button says that leads to a provider.
func continueWith(provider string) string { return "Continue with " + provider }

func nextFields(next string) []link.Field { return []link.Field{{Name: "next", Value: next}} }
