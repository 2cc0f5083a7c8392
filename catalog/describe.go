package catalog

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// DescribeInput is what a person says of an asset: a dataset, transform, consumer, column or domain. A nil field is left as it
// is; an empty one is said to be empty. Clear takes back what people said of these fields, so that events show again.
type DescribeInput struct {
	ID             graph.ID
	Version        *int // the edit version that the person looked at; nil: whatever it is
	Title          *string
	Description    *string
	Domain         *string // a domain's name
	Visibility     *string // an authz.Visibility; "": as the domain's
	Classification *string
	Retention      *string
	Purpose        *string
	Owners         *[]string
	Tags           *[]string
	Classes        *[]string
	Clear          []Field
}

// The limits of what people write, in bytes; of sets in members.
const (
	MaxTitle       = 200
	MaxDescription = 8_000
	MaxLabel       = 100
	MaxMembers     = 50
)

// Describe changes what an asset shows. A person's word outranks every event's until it is cleared.
// Errors: Invalid with the field, NotFound, Forbidden, Conflict if somebody else edited the asset since Version.
func (s *Service) Describe(ctx context.Context, in DescribeInput) error {
	values, err := in.values()
	if err != nil {
		return err
	}
	return s.correct(ctx, "catalog.describe", in.ID, func(j *join) error { return j.describe(in, values) })
}

// values checks the input.
func (in DescribeInput) values() (Values, error) {
	var bad []errs.Field
	out := Values{}
	text := func(field Field, v *string, most int) {
		if v == nil {
			return
		}
		clean := strings.TrimSpace(*v)
		if msg := checkText(clean, most); msg != "" {
			bad = append(bad, errs.Field{Name: string(field), Message: msg})
		}
		out[field] = []string{clean}
	}
	text(FieldTitle, in.Title, MaxTitle)
	text(FieldDescription, in.Description, MaxDescription)
	text(FieldDomain, in.Domain, MaxLabel)
	text(FieldRetention, in.Retention, MaxTitle)
	text(FieldPurpose, in.Purpose, MaxDescription)
	if c := in.Classification; c != nil {
		if *c != "" && !slices.Contains(Classifications, Classification(*c)) {
			bad = append(bad, errs.Field{Name: "classification", Message: "is one of public, internal, confidential and restricted."})
		}
		out[FieldClassification] = []string{*c}
	}
	if v := in.Visibility; v != nil {
		if *v != "" && !slices.Contains(authz.Visibilities, authz.Visibility(*v)) {
			bad = append(bad, errs.Field{Name: "visibility", Message: "is one of open, domain and closed, or empty: as the domain says."})
		}
		out[FieldVisibility] = []string{*v}
	}
	set := func(field Field, vs *[]string, lower bool) {
		if vs == nil {
			return
		}
		members, msg := cleanSet(*vs, lower)
		if msg != "" {
			bad = append(bad, errs.Field{Name: string(field), Message: msg})
		}
		out[field] = members
	}
	set(FieldOwners, in.Owners, false)
	set(FieldTags, in.Tags, false)
	set(FieldClasses, in.Classes, true)
	return out, errs.Fields(bad)
}

func checkText(s string, most int) string {
	switch {
	case len(s) > most:
		return fmt.Sprintf("is longer than %d bytes.", most)
	case !utf8.ValidString(s):
		return "is not valid UTF-8."
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }):
		return "holds control characters."
	}
	return ""
}

func cleanSet(vs []string, lower bool) ([]string, string) {
	out := []string{}
	for _, v := range vs {
		v = strings.TrimSpace(v)
		if lower {
			v = strings.ToLower(v)
		}
		if v == "" {
			continue
		}
		if msg := checkText(v, MaxLabel); msg != "" {
			return nil, fmt.Sprintf("%q %s", short256(v), msg)
		}
		out = append(out, v)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > MaxMembers {
		return nil, fmt.Sprintf("has more than %d members.", MaxMembers)
	}
	return out, ""
}

// describe joins a person's values in.
func (j *join) describe(in DescribeInput, values Values) error {
	if err := j.read([]graph.ID{in.ID, factsID(in.ID)}); err != nil {
		return err
	}
	if c := j.columns.find(in.ID); c != nil {
		return j.describeColumn(in, *c, values)
	}
	if err := j.known(in.ID); err != nil {
		return err
	}
	if err := j.readClasses([]graph.ID{in.ID}); err != nil {
		return err
	}
	subject := j.head(in.ID) // what a person says of a name, he says of the dataset
	if err := j.mayEdit(in.ID, subject); err != nil {
		return err
	}
	if err := j.allowed(subject, values); err != nil {
		return err
	}
	rs, err := j.edit(subject, in.Version)
	if err != nil {
		return err
	}
	shown, err := j.shown(subject)
	if err != nil {
		return err
	}
	by := j.person()
	for field, vs := range values {
		if sameValues(shown[field], vs) {
			continue // a form sends every field: what is as it was stays the events' word
		}
		rs[keyPerson+string(field)] = register{At: by.at, Hash: by.hash, Source: by.source, Values: vs}
	}
	for _, field := range in.Clear {
		delete(rs, keyPerson+string(field))
	}
	j.reshow[subject] = true
	was := j.asset(subject).DomainID()
	if err := j.show(); err != nil {
		return err
	}
	return j.mayMove(was, j.asset(subject).DomainID())
}

// sameValues tells whether two values or sets are the same to a reader; what was never stated is empty.
func sameValues(a, b []string) bool {
	filled := func(vs []string) []string {
		out := slices.DeleteFunc(slices.Clone(vs), func(s string) bool { return s == "" })
		slices.Sort(out)
		return out
	}
	return slices.Equal(filled(a), filled(b))
}

// person is the stamp of who acts now.
func (j *join) person() stamp {
	return stamp{at: j.now.UnixMicro(), source: graph.ID(authz.Actor(j.ctx))}
}

func (j *join) known(id graph.ID) error {
	if j.datasets.find(id) == nil && j.transforms.find(id) == nil && j.consumers.find(id) == nil && j.domains.find(id) == nil {
		return missingAsset()
	}
	return nil
}

// allowed refuses fields that the kind of asset doesn't have.
func (j *join) allowed(id graph.ID, values Values) error {
	not := []Field{FieldPurpose}
	switch {
	case j.transforms.find(id) != nil:
		not = []Field{FieldVisibility, FieldClassification, FieldRetention, FieldPurpose, FieldClasses}
	case j.consumers.find(id) != nil:
		not = []Field{FieldRetention}
	case j.domains.find(id) != nil:
		not = []Field{FieldDomain, FieldClassification, FieldRetention, FieldPurpose, FieldTags, FieldClasses}
	}
	var bad []errs.Field
	for _, f := range not {
		if _, ok := values[f]; ok {
			bad = append(bad, errs.Field{Name: string(f), Message: "is not kept for this kind of asset."})
		}
	}
	return errs.Fields(bad)
}

// edit checks the edit version and counts it up.
func (j *join) edit(subject graph.ID, version *int) (registers, error) {
	f := j.factsOf(subject)
	if version != nil && *version != f.Edits {
		return nil, errs.E(errs.Conflict, "Somebody else changed this meanwhile. Look at it again, then save your changes.")
	}
	f.Edits++
	return j.registers(subject)
}

// describeColumn joins a person's values of a column; they are kept with its dataset.
func (j *join) describeColumn(in DescribeInput, c Column, values Values) error {
	want := []graph.ID{c.Dataset, factsID(c.Dataset)}
	if err := j.read(want); err != nil {
		return err
	}
	if err := j.readClasses(want); err != nil {
		return err
	}
	if err := j.mayEdit(c.Dataset, j.head(c.Dataset)); err != nil {
		return err
	}
	if err := checkColumnFields(values); err != nil {
		return err
	}
	rs, err := j.edit(c.Dataset, in.Version)
	if err != nil {
		return err
	}
	by := j.person()
	for f, vs := range values {
		rs[keyColumnPerson+string(f)+":"+c.Path] = register{At: by.at, Source: by.source, Values: vs}
	}
	for _, f := range in.Clear {
		delete(rs, keyColumnPerson+string(f)+":"+c.Path)
	}
	if err := j.describeText(c, values, in.Clear); err != nil {
		return err
	}
	if err := j.read([]graph.ID{ColumnID(j.head(c.Dataset), c.Path)}); err != nil {
		return err
	}
	j.columnSet[c.Dataset] = true
	return j.show()
}

// checkColumnFields refuses fields that columns don't have.
func checkColumnFields(values Values) error {
	var bad []errs.Field
	for f := range values {
		if f != FieldDescription && f != FieldTags && f != FieldClasses {
			bad = append(bad, errs.Field{Name: string(f), Message: "is not kept for columns."})
		}
	}
	return errs.Fields(bad)
}

// describeText shows a person's description of a column, or again what its schema says of it.
func (j *join) describeText(c Column, values Values, clear []Field) error {
	text, said := values[FieldDescription]
	shown := values.first(FieldDescription)
	if !said && !slices.Contains(clear, FieldDescription) {
		return nil
	}
	if text == nil {
		if err := j.read([]graph.ID{c.Statement}); err != nil {
			return err
		}
		body, err := j.schemaOf(c.Statement)
		if err != nil {
			return err
		}
		for _, b := range body.Columns {
			if b.Path == c.Path {
				shown = b.Description
			}
		}
	}
	now := j.columns.find(c.ID)
	if now.Description != shown {
		j.change(c.Dataset, "column "+c.Path+" description", now.Description, shown)
		now.Description = shown
	}
	return nil
}

// Repository tells whether a source code location may be shown as a link: only web addresses may.
func Repository(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
