package web

import (
	"context"
	"slices"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// header is what stands on top of the page of an asset.
func (s *Site) header(ctx context.Context, a catalog.Asset, d catalog.Described) view.Header {
	h := view.Header{
		ID: string(a.ID), Name: a.Name(), Kind: kindWord(a), Path: pathOf(a), Stamps: stampsOf(d.Attributes),
		Owners: ownersOf(d.Owners), Domain: domainLink(d.Domain), Tags: tagLinks(d.Tags),
		Lineage: link.Lineage(string(a.ID), link.LineageQuery{}), Impact: link.Impact(string(a.ID), link.LineageQuery{}),
	}
	if s.Policy.Can(ctx, authz.Asset, string(domainIn(a)), authz.Edit) {
		h.Edit = addressOf(a) + "/edit"
	}
	if a.Shown() != a.Name() {
		h.Title = a.Shown()
	}
	h.Level, h.Fresh, h.Late = s.state(a)
	switch v := a.Value.(type) {
	case catalog.Dataset:
		if strings.EqualFold(v.Lifecycle, "DROP") {
			h.Warning = "It was deleted, as its source or somebody here says. What stands here is what was known of it."
		} else if s.Market != nil && h.Edit != "" {
			h.Delete = link.DatasetDelete(string(v.ID), v.Name)
		}
		if h.Warning == "" && v.Only {
			h.Warning = "It is known from the lineage of columns alone: no event has named it as an input or output."
		}
	case catalog.Consumer:
		h.Summary = v.Purpose
		h.Impact = ""
	}
	return h
}

// domainIn is the domain of an asset; "" if it has none.
func domainIn(a catalog.Asset) graph.ID {
	switch v := a.Value.(type) {
	case catalog.Dataset:
		return v.Domain
	case catalog.Transform:
		return v.Domain
	case catalog.Consumer:
		return v.Domain
	}
	return ""
}

// named puts the names of people in the place of their ids, in what they said of an asset.
func (s *Site) named(ctx context.Context, d catalog.Described) error {
	if s.Identity == nil {
		return nil
	}
	var ids []graph.ID
	for _, said := range d.Said {
		if said.Person {
			ids = append(ids, graph.ID(said.By))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	names, err := s.Identity.Names(ctx, ids...)
	if err != nil {
		return err
	}
	for field, said := range d.Said {
		if name, ok := names[graph.ID(said.By)]; ok && said.Person {
			said.By = name
			d.Said[field] = said
		}
	}
	return nil
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
