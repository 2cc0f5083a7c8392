package catalog

import "weir/views/ui"

// Edit is the form that describes an asset.
type Edit struct {
	// Action is where it is posted, Cancel the asset's page.
	Action string
	Cancel string
	// Of is the asset's name, Kind the word for it.
	Of     string
	Kind   string
	Crumbs []ui.Link
	// Version is the version that the reader looked at; it goes along and is compared when saving.
	Version string

	Title       string
	Description string
	// Tags are separated by commas.
	Tags    string
	Owners  []Choice
	Domains []Choice
	// IsDomain leaves out what a domain has not: a domain and tags.
	IsDomain bool
	// Levels and Classes are left out for what has none.
	Levels  []Choice
	Classes []Choice

	// Visible is who may see it; left out for jobs, which follow their datasets.
	Visible []Choice

	Errors []FieldError
	// Conflicts are the fields that somebody else changed meanwhile, with what they hold now.
	Conflicts []FieldChange
}

// Choice is one value to choose; On says that it is chosen.
type Choice struct {
	Value string
	Label string
	// Hint is a line of consequence below a level.
	Hint string
	On   bool
}

// FieldError says what is wrong with one field. Field is the name in the form, Label what stands above it.
type FieldError struct {
	Field   string
	Label   string
	Message string
}

// wrong is the message of a field, "" where it is fine.
func (e Edit) wrong(field string) string {
	for _, f := range e.Errors {
		if f.Field == field {
			return f.Message
		}
	}
	return ""
}
