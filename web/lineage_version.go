package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// lineageVersions answers the times at which the lineage of one step around a root changed. The picture's page fetches its
// time bar from here: finding them costs as much as the picture does.
func (s *Site) lineageVersions(w http.ResponseWriter, r *http.Request) error {
	root := graph.ID(r.URL.Query().Get("root"))
	q, err := lineageQuery(r.URL.Query())
	if err != nil {
		return err
	}
	at, err := timeOf("asOf", q.AsOf)
	if err != nil {
		return err
	}
	v, err := s.Lineage.Versions(r.Context(), lineage.VersionQuery{Root: root, Direction: directions[q.Direction], Depth: edgesOf(root, 1)})
	if err != nil {
		return err
	}
	found, err := s.Catalog.Assets(r.Context(), v.Root)
	if err != nil {
		return err
	}
	asset := found[v.Root]
	page := view.Versions{
		Title: asset.Shown(), Bar: s.timeBar(v, q, at),
		Crumbs: []ui.Link{linkTo(asset), {Text: "Lineage", Href: link.Lineage(string(v.Root), q)}, {Text: "Versions"}},
	}
	if v.More {
		page.Note = "Earlier versions are left out."
	}
	if len(v.Times) == 0 {
		page.Note = "Nothing is known of when it changed."
	}
	return s.show(w, r, http.StatusOK, view.VersionsPage(s.shell(r), page))
}

// timeBar moves through versions, from the oldest to the newest, which is what holds now.
func (s *Site) timeBar(v lineage.Versions, q link.LineageQuery, at time.Time) view.TimeBar {
	if len(v.Times) == 0 {
		return view.TimeBar{}
	}
	times := slices.Clone(v.Times)
	slices.Reverse(times)
	first, span := times[0], s.Now().Sub(times[0])
	bar := view.TimeBar{At: len(times) - 1, Shown: "Now"}
	for i, t := range times {
		version := view.Version{Label: stamp(t), Href: link.Lineage(string(v.Root), q.On(timeText(t)).ComparedTo("")), Place: float64(t.Sub(first)) / float64(max(span, 1))}
		if i == len(times)-1 {
			version.Label, version.Href = "Now, as since "+stamp(t), link.Lineage(string(v.Root), q.On("").ComparedTo(""))
		}
		version.Place = min(max(version.Place, 0), 1)
		bar.Versions = append(bar.Versions, version)
		if !at.IsZero() && !t.After(at) {
			bar.At, bar.Shown = i, stamp(at)
		}
	}
	if !at.IsZero() && at.Before(first) {
		bar.At, bar.Shown = 0, stamp(at)
	}
	if q.Compare != "" {
		bar.Comparing = ui.Link{Text: "Stop comparing", Href: link.Lineage(string(v.Root), q.ComparedTo(""))}
	} else if bar.At > 0 {
		before := times[bar.At].Add(-time.Microsecond)
		bar.Compare = ui.Link{Text: "Compare with the version before", Href: link.Lineage(string(v.Root), q.ComparedTo(timeText(before)))}
	}
	bar.Shown = cmp.Or(bar.Shown, "Now")
	return bar
}
