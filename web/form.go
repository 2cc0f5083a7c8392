package web

import (
	"net/http"
	"net/url"
	"strings"

	"weir/errs"
	"weir/views/form"
	"weir/views/ui"
)

// labels are what stands above the fields of a form, by their names.
type labels map[string]string

// trouble is why a form was not done: fields that are wrong, or a reason that belongs to no field.
type trouble struct {
	fields  form.Errors
	refused string
	status  int
}

// troubleOf sorts what a command answered. What a form can't show is returned as it is.
func troubleOf(err error, known labels) (trouble, error) {
	if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Exists) && !errs.Is(err, errs.Conflict) && !errs.Is(err, errs.TooMany) {
		return trouble{}, err
	}
	t := trouble{status: Status(err)}
	if errs.Is(err, errs.Invalid) {
		t.status = http.StatusUnprocessableEntity
	}
	var fields []errs.Field
	if e, ok := errs.As(err); ok {
		fields = e.Fields
	}
	for _, f := range fields {
		name := baseName(f.Name)
		label, ok := known[name]
		if !ok {
			t.refused += ui.Capital(name) + " " + f.Message + " "
			continue
		}
		t.fields = append(t.fields, form.Error{Field: name, Label: label, Message: ui.Capital(f.Message)})
	}
	if len(fields) == 0 {
		t.refused = errs.Shown(err)
	}
	return t, nil
}

// baseName is the name of the field that an element of a list stands in: "scopes[0]" is wrong in "scopes".
func baseName(name string) string {
	base, _, _ := strings.Cut(name, "[")
	return base
}

// typed is what a field of a form holds, without blanks around it.
func typed(values url.Values, name string) string { return strings.TrimSpace(values.Get(name)) }

// commaList is what a field holds as a list that is separated by commas.
func commaList(values url.Values, name string) []string {
	var out []string
	for part := range strings.SplitSeq(values.Get(name), ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// saved leads to a page after a form was done, and has it say so.
func saved(w http.ResponseWriter, r *http.Request, address string) error {
	http.Redirect(w, r, address+"?"+savedMark+"=1", http.StatusSeeOther)
	return nil
}
