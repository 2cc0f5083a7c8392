package web

import (
	"cmp"
	"slices"
	"strings"

	"weir/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// The conversions from what the catalog knows to what pages are made of.

func levelOf(c catalog.Classification) ui.Level { return ui.Level(c) }

// stampsOf are the data classes of a thing, the usual three first.
func stampsOf(at catalog.Attributes) []ui.Stamp {
	var out []ui.Stamp
	for _, c := range at.Classes {
		out = append(out, ui.Stamp{Class: c.Name, How: ui.Declared})
	}
	for _, in := range at.Inherited {
		out = append(out, ui.Stamp{Class: in.Class.Name, How: ui.Inherited})
	}
	sortStamps(out)
	return out
}

func sortStamps(all []ui.Stamp) {
	slices.SortStableFunc(all, func(a, b ui.Stamp) int {
		return cmp.Or(cmp.Compare(classRank(a.Class), classRank(b.Class)), strings.Compare(a.Class, b.Class))
	})
}

// usualClasses are the data classes that forms offer and lists begin with.
var usualClasses = []string{"pii", "phi", "pci"}

func classRank(class string) int {
	if i := slices.Index(usualClasses, class); i >= 0 {
		return i
	}
	return len(usualClasses)
}

func ownerOf(o catalog.Owner) ui.Owner {
	out := ui.Owner{ID: string(o.ID), Name: cmp.Or(o.Title, o.Name), Kind: "person", Href: link.SearchFor("owner", o.Name)}
	kind, name, ok := strings.Cut(o.Name, ":")
	switch {
	case ok && kind == "team":
		out.Kind, out.Name = "team", cmp.Or(o.Title, name)
	case ok && kind == "agent":
		out.Kind, out.Name = "agent", cmp.Or(o.Title, name)
	case ok && (kind == "user" || kind == "person"):
		out.Name = cmp.Or(o.Title, name)
	case strings.Contains(strings.ToLower(o.Name), "team"):
		out.Kind = "team"
	}
	return out
}

func ownersOf(all []catalog.Owner) []ui.Owner {
	out := make([]ui.Owner, len(all))
	for i, o := range all {
		out[i] = ownerOf(o)
	}
	return out
}

// firstOwner is the one that lists show.
func firstOwner(all []catalog.Owner) ui.Owner {
	if len(all) == 0 {
		return ui.Owner{}
	}
	return ownerOf(all[0])
}

func domainLink(d *catalog.Domain) ui.Link {
	if d == nil {
		return ui.Link{}
	}
	return ui.Link{Text: domainName(*d), Href: link.Domain(string(d.ID), d.Name)}
}

// domainName is the title that people gave it, or its name with a capital.
func domainName(d catalog.Domain) string { return cmp.Or(d.Title, ui.Capital(d.Name)) }

func tagLinks(tags []catalog.Tag) []ui.Link {
	out := make([]ui.Link, len(tags))
	for i, t := range tags {
		out[i] = ui.Link{Text: t.Name, Href: link.SearchFor("tag", t.Name)}
	}
	return out
}

// number writes a count that may be a lower bound.
func number(n int, capped bool) string {
	if capped {
		return "at least " + ui.Number(int64(n))
	}
	return ui.Number(int64(n))
}
