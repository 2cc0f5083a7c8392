package web

import (
	"net/url"
	"slices"
	"strings"

	"weir/catalog"
	view "weir/views/catalog"
)

// description is what the form holds, as it is typed.
type description struct {
	title, text, tags, owner, domain, level, visibility string
	classes                                             []string
}

// sameOwners is the choice that leaves several owners as they are.
const sameOwners = "*"

// shown is the description of an asset as it is now.
func (e editable) shown() description {
	var d description
	if name := e.asset.Shown(); name != e.asset.Name() {
		d.title = name
	}
	d.text = descriptionOf(e.asset)
	if c, ok := e.asset.Value.(catalog.Consumer); ok {
		d.text = c.Description
	}
	var tags []string
	for _, t := range e.Tags {
		tags = append(tags, t.Name)
	}
	d.tags = strings.Join(tags, ", ")
	switch {
	case len(e.Owners) == 1:
		d.owner = e.Owners[0].Name
	case len(e.Owners) > 1:
		d.owner = sameOwners
	}
	if e.Domain != nil {
		d.domain = e.Domain.Name
	}
	d.level = string(classificationOf(e.asset))
	v, _ := visibilityOf(e.asset)
	d.visibility = string(v)
	for _, c := range e.Classes {
		d.classes = append(d.classes, c.Name)
	}
	slices.Sort(d.classes)
	return d
}

// readDescription reads the form. Browsers send line breaks as CR LF.
func readDescription(form url.Values, e editable) description {
	get := func(name string) string { return strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n")) }
	d := description{title: get("title"), text: get("description"), tags: get("tags"), owner: get("owner"), domain: get("domain"), level: get("level")}
	d.visibility = e.shown().visibility
	if form.Has("visibility") {
		d.visibility = get("visibility")
	}
	d.classes = slices.Clone(form["class"])
	// Classes that the form doesn't offer are kept.
	for _, c := range e.Classes {
		if classRank(c.Name) == len(usualClasses) {
			d.classes = append(d.classes, c.Name)
		}
	}
	slices.Sort(d.classes)
	d.classes = slices.Compact(d.classes)
	return d
}

// input is what has to be told to the catalog: what was typed and isn't shown already. What a person said before and has
// emptied now is taken back, so that the sources' word shows again.
func (d description) input(e editable) catalog.DescribeInput {
	in := catalog.DescribeInput{ID: e.asset.ID}
	was := e.shown()
	text := func(field catalog.Field, before, after string) *string {
		switch {
		case before == after:
			return nil
		case after == "" && e.Said[field].Person:
			in.Clear = append(in.Clear, field)
			return nil
		}
		return &after
	}
	in.Title = text(catalog.FieldTitle, was.title, d.title)
	in.Description = text(catalog.FieldDescription, was.text, d.text)
	in.Domain = text(catalog.FieldDomain, was.domain, d.domain)
	if d.owner != was.owner && d.owner != sameOwners {
		owners := []string{d.owner}
		in.Owners = &owners
	}
	if d.tags != was.tags {
		tags := strings.Split(d.tags, ",")
		in.Tags = &tags
	}
	if d.visibility != was.visibility {
		in.Visibility = &d.visibility
	}
	if !e.sensitive {
		return in
	}
	in.Classification = text(catalog.FieldClassification, was.level, d.level)
	if !slices.Equal(d.classes, was.classes) {
		in.Classes = &d.classes
	}
	return in
}

// conflicts are the fields that hold something else now than what was typed.
func conflicts(now, typed description) []view.FieldChange {
	var out []view.FieldChange
	add := func(label, now, typed string) {
		if now != typed {
			if now == "" {
				now = "nothing"
			}
			out = append(out, view.FieldChange{Field: label, After: long(now)})
		}
	}
	add("Title", now.title, typed.title)
	add("Description", now.text, typed.text)
	add("Owner", now.owner, typed.owner)
	add("Domain", now.domain, typed.domain)
	add("Tags", now.tags, typed.tags)
	add("Who may see it", now.visibility, typed.visibility)
	add("Classification", now.level, typed.level)
	add("Data classes", strings.Join(now.classes, ", "), strings.Join(typed.classes, ", "))
	if len(out) == 0 {
		out = append(out, view.FieldChange{Field: "Its version", After: "is another one; what it shows is what you typed"})
	}
	return out
}
