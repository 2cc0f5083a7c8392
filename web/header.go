package web

import (
	"slices"
	"strings"

	"weir/catalog"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// header is what stands on top of the page of an asset.
func (s *Site) header(a catalog.Asset, d catalog.Described) view.Header {
	h := view.Header{
		ID: string(a.ID), Name: a.Name(), Kind: kindWord(a), Path: pathOf(a), Stamps: stampsOf(d.Attributes),
		Owners: ownersOf(d.Owners), Domain: domainLink(d.Domain), Tags: tagLinks(d.Tags),
		Lineage: link.Lineage(string(a.ID), link.LineageQuery{}), Impact: link.Impact(string(a.ID), link.LineageQuery{}),
		Edit: addressOf(a) + "/edit",
	}
	if a.Shown() != a.Name() {
		h.Title = a.Shown()
	}
	h.Level, h.Fresh, h.Late = s.state(a)
	switch v := a.Value.(type) {
	case catalog.Dataset:
		if strings.EqualFold(v.Lifecycle, "DROP") {
			h.Warning = "Its source says that it was dropped. What stands here is what was known of it."
		} else if v.Only {
			h.Warning = "It is known from the lineage of columns alone: no event has named it as an input or output."
		}
	case catalog.Consumer:
		h.Summary = v.Purpose
		h.Impact = ""
	}
	return h
}

// sourceOf says who stated a value that is shown.
func (s *Site) sourceOf(d catalog.Described, field catalog.Field) string {
	said, ok := d.Said[field]
	if !ok {
		return ""
	}
	by := "by " + sourceName(said.By)
	if said.Person {
		by = "by " + ui.Capital(said.By)
	}
	return by + ", " + s.when(said.At).Text
}

// sourceName is the end of a producer's URI, which tells clients apart well enough: "dbt", "metadata".
func sourceName(uri string) string {
	parts := strings.FieldsFunc(uri, func(r rune) bool { return r == '/' })
	for len(parts) > 1 && slices.Contains([]string{"tree", "blob", "main", "master"}, parts[len(parts)-1]) {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		return "its source"
	}
	return parts[len(parts)-1]
}

// facetsOf are the parts of events that are shown as they came.
func facetsOf(all []catalog.FacetText) []view.Facet {
	out := make([]view.Facet, len(all))
	for i, f := range all {
		out[i] = view.Facet{Name: f.Key, Producer: sourceName(f.Said.By), JSON: indented(f.JSON)}
	}
	return out
}

func fact(name, value string) view.Fact { return view.Fact{Name: name, Value: ui.Link{Text: value}} }
