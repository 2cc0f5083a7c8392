package web

import (
	"cmp"
	"net/http"
	"slices"

	"weir/catalog"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// How many of those loaded last are looked at for the ones that most depend on, and how many are shown.
const (
	startLooked = 60
	startShown  = 6
)

// lineageStart asks what a picture should start from, and offers what much depends on.
func (s *Site) lineageStart(w http.ResponseWriter, r *http.Request) error {
	found, err := s.Catalog.Search(r.Context(), catalog.SearchInput{
		Kinds: []graph.Kind{catalog.DatasetType.Kind}, Sort: "written", Desc: true, Limit: startLooked,
	})
	if err != nil {
		return err
	}
	hits := found.Hits
	slices.SortStableFunc(hits, func(a, b catalog.SearchHit) int { return cmp.Compare(b.Out, a.Out) })
	var page view.Start
	for _, h := range hits[:min(len(hits), startShown)] {
		why := ui.Count(h.Out, "job or consumer reads it", "jobs and consumers read it")
		page.Suggested = append(page.Suggested, view.Suggestion{
			Name: ui.Link{Text: h.Asset.Shown(), Href: link.Lineage(string(h.Asset.ID), link.LineageQuery{})},
			Kind: kindWord(h.Asset), Icon: iconOf(h.Asset), Why: kindWord(h.Asset) + ", " + why,
		})
	}
	return s.show(w, r, http.StatusOK, view.StartPage(s.shell(r), page))
}
