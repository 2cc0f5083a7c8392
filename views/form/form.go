// Package form holds the fields that forms are made of, each with its hint and what is wrong with it. A form that is sent
// back keeps what was typed.
package form

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Field is one field of a form.
type Field struct {
	// Name is what the value is sent as. ID is the element's id; "" makes it of the name, which is enough where a page has
	// the name once.
	Name  string
	ID    string
	Label string
	// Hint stands below; may be empty.
	Hint  string
	Value string
	// Wrong says what is wrong with the value; "" where it is fine.
	Wrong string
	// Type is that of the input: "" is text.
	Type string
	// Complete is what browsers may fill in, as autocomplete names it; "" is nothing.
	Complete string
	Required bool
	// Suggest are values to choose from, while others may be typed.
	Suggest []Option
	// Options are the values of a select, of radio buttons or of checkboxes.
	Options []Option
}

// Option is one value to choose.
type Option struct {
	Value string
	Label string
	// Hint is a line of consequence; may be empty.
	Hint string
	On   bool
}

// Error says what is wrong with one field of a form.
type Error struct {
	Field   string // the name in the form
	Label   string // what stands above it
	Message string
}

// Errors are all that is wrong with a form.
type Errors []Error

// Of is the message of a field, "" where it is fine.
func (all Errors) Of(field string) string {
	for _, e := range all {
		if e.Field == field {
			return e.Message
		}
	}
	return ""
}

// Choose marks the options with one of the values as chosen.
func Choose(options []Option, values ...string) []Option {
	out := slices.Clone(options)
	for i := range out {
		out[i].On = slices.Contains(values, out[i].Value)
	}
	return out
}

func (f Field) id() string { return cmp.Or(f.ID, "f-"+f.Name) }

// described ties a field to its hint and, where it is wrong, to its error.
func (f Field) described() templ.Attributes {
	var ids []string
	attributes := templ.Attributes{}
	if f.Hint != "" {
		ids = append(ids, f.id()+"-hint")
	}
	if f.Wrong != "" {
		ids = append(ids, f.id()+"-wrong")
		attributes["aria-invalid"] = "true"
	}
	if len(ids) > 0 {
		attributes["aria-describedby"] = strings.Join(ids, " ")
	}
	return attributes
}

// attributes are those of an input.
func (f Field) attributes() templ.Attributes {
	out := f.described()
	out["type"] = cmp.Or(f.Type, "text")
	out["autocomplete"] = cmp.Or(f.Complete, "off")
	if f.Required {
		out["required"] = true
	}
	if len(f.Suggest) > 0 {
		out["list"] = f.id() + "-list"
	}
	return out
}
