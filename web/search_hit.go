package web

import (
	"cmp"
	"strconv"
	"strings"

	"weir/catalog"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// hit is one result with what was found in it marked.
func (s *Site) hit(h catalog.SearchHit) view.Hit {
	a := h.Asset
	out := view.Hit{
		Title: ui.Plain(a.Shown()), Href: addressOf(a), Kind: kindWord(a), Icon: iconOf(a), Path: ui.Plain(pathOf(a)),
		Stamps: stampsOf(h.Attributes), Owner: firstOwner(h.Owners), Domain: domainLink(h.Domain),
	}
	if text := short(plainText(descriptionOf(a))); text != "" {
		out.Summary = ui.Plain(text)
	}
	out.Level, out.Fresh, out.Late = s.state(a)
	if _, isDomain := a.Value.(catalog.Domain); !isDomain {
		out.Lineage = link.Lineage(string(a.ID), link.LineageQuery{})
	}
	if h.Out > 0 {
		out.Uses = "feeds " + strconv.Itoa(h.Out)
	}
	for _, m := range h.Matches {
		markHit(&out, a, m)
	}
	return out
}

// markHit shows a match where its text stands anyway, and names its field.
func markHit(out *view.Hit, a catalog.Asset, m catalog.Match) {
	text := segments(m.Text, m.Ranges)
	in := view.MatchedIn{Field: m.Field}
	switch {
	case (m.Field == "name" || m.Field == "title") && m.Text == a.Shown():
		out.Title = text
	case m.Field == "description":
		out.Summary = marked(short(plainText(descriptionOf(a))), m)
	default:
		in.Text = text
	}
	out.Matched = append(out.Matched, in)
}

// marked is a text in which the words of a match, found in the same text with its markup, are marked at their first place.
func marked(text string, m catalog.Match) []ui.Segment {
	var ranges []catalog.Range
	at := 0
	for _, r := range m.Ranges {
		word := m.Text[r.From:r.To]
		if i := strings.Index(text[at:], word); i >= 0 {
			ranges = append(ranges, catalog.Range{From: at + i, To: at + i + len(word)})
			at += i + len(word)
		}
	}
	return segments(text, ranges)
}

// segments cuts a text where its matches begin and end.
func segments(text string, ranges []catalog.Range) []ui.Segment {
	var out []ui.Segment
	at := 0
	for _, r := range ranges {
		if r.From < at || r.To > len(text) {
			continue
		}
		if r.From > at {
			out = append(out, ui.Segment{Text: text[at:r.From]})
		}
		out = append(out, ui.Segment{Text: text[r.From:r.To], Hit: true})
		at = r.To
	}
	if at < len(text) {
		out = append(out, ui.Segment{Text: text[at:]})
	}
	return out
}

// pathOf says where an asset lives, as it may be copied.
func pathOf(a catalog.Asset) string {
	switch v := a.Value.(type) {
	case catalog.Dataset:
		return v.Namespace + " / " + v.Name
	case catalog.Transform:
		return v.Namespace + " / " + v.Name
	case catalog.Consumer:
		return v.Namespace + " / " + v.Name
	}
	return a.Name()
}

func descriptionOf(a catalog.Asset) string {
	switch v := a.Value.(type) {
	case catalog.Dataset:
		return v.Description
	case catalog.Transform:
		return v.Description
	case catalog.Consumer:
		return cmp.Or(v.Description, v.Purpose)
	case catalog.Domain:
		return v.Description
	}
	return ""
}

// facetLegends are the headings of the facets.
var facetLegends = map[string]string{
	"kind": "Kind", "domain": "Domain", "classification": "Classification", "class": "Data class", "owner": "Owner", "tag": "Tag", "platform": "Platform",
}

// maxFacetValues is how many values of a facet are offered; those that are set always are.
const maxFacetValues = 10

func facets(all []catalog.FacetCounts) []view.FacetGroup {
	var out []view.FacetGroup
	for _, f := range all {
		g := view.FacetGroup{Name: f.Field, Legend: facetLegends[f.Field]}
		for i, v := range f.Values {
			if i >= maxFacetValues && !v.On {
				continue
			}
			g.Values = append(g.Values, facetValue(f.Field, v))
		}
		if len(g.Values) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func facetValue(field string, v catalog.FacetCount) view.FacetValue {
	out := view.FacetValue{Value: v.Value, Label: cmp.Or(v.Title, v.Value), Count: ui.Number(int64(v.Count)), On: v.On}
	switch field {
	case "classification":
		out.Level = ui.Level(v.Value)
	case "class":
		out.Class = v.Value
	case "kind":
		out.Label = kindLabel(v.Value)
	}
	return out
}

// kindLabel is what readers call what searches call transform.
func kindLabel(value string) string {
	if strings.EqualFold(value, "transform") {
		return "Job"
	}
	return ui.Capital(value)
}

// zeroHelp leads on where nothing was found.
func zeroHelp(q link.SearchQuery, help catalog.Help) view.ZeroHelp {
	var out view.ZeroHelp
	if help.Spelling != "" {
		out.Spelling = []ui.Link{{Text: help.Spelling, Href: link.Search(help.Spelling)}}
	}
	for _, d := range help.Drops {
		out.Drops = append(out.Drops, view.Drop{
			Label: d.Term.String(), Href: link.Search(d.Query), Brings: number(d.Total, d.Capped) + " " + plural(d.Total, "result"),
		})
	}
	return out
}
