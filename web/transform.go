package web

import (
	"net/http"
	"net/url"
	"strings"

	"weir/catalog"
	"weir/catalog/lineage"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// transform answers the page of a job.
func (s *Site) transform(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Catalog.Transform(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	code, err := s.Catalog.Code(r.Context(), v.Transform.ID)
	if err != nil {
		return err
	}
	near, err := s.near(r.Context(), v.Transform.ID, lineage.Both)
	if err != nil {
		return err
	}
	runs, err := s.Catalog.Runs(r.Context(), catalog.RunList{Of: v.Transform.ID, First: maxBars})
	if err != nil {
		return err
	}
	if err := s.named(r.Context(), v.Described); err != nil {
		return err
	}
	page := s.transformOf(v, code, near)
	page.Bars, page.RunsSaid = bars(runs.Items)
	page.Runs = s.runRows(runs.Items[:min(len(runs.Items), shownRuns)], false)
	if len(runs.Items) > shownRuns {
		page.AllRuns = ui.Link{Text: "All runs", Href: link.TransformTab(string(v.Transform.ID), v.Transform.Name, link.Runs)}
	}
	a := transformAsset(v)
	return s.show(w, r, http.StatusOK, view.TransformPage(s.shell(r), s.header(r.Context(), a, v.Described), transformTabs(a, link.Overview), page))
}

// shownRuns is how many runs stand on the page of a job itself.
const shownRuns = 8

func transformAsset(v catalog.TransformView) catalog.Asset {
	return assetOf(v.Transform.ID, catalog.TransformType.Kind, v.Transform)
}

func transformTabs(a catalog.Asset, current link.Tab) []ui.Tab {
	return view.TransformTabs(string(a.ID), a.Name(), current, "")
}

func (s *Site) transformOf(v catalog.TransformView, code catalog.Code, near *around) view.Transform {
	t := v.Transform
	before, after := near.before(), near.after()
	page := view.Transform{
		About: markdown(t.Description), AboutSource: s.sourceOf(v.Described, catalog.FieldDescription),
		Code: code.Text, Language: codeLanguage(code.Language), CodeNote: "No source has sent its code.",
		Inputs: near.neighbours(before), Outputs: near.neighbours(after), Facets: facetsOf(v.Facets),
		Facts: []view.Fact{fact("Kind", jobWord(t.Type)), fact("Namespace", t.Namespace)},
	}
	if catalog.Repository(t.Repository) {
		page.Source, page.SourceNote = ui.Link{Text: repositoryName(t.Repository), Href: t.Repository}, ""
	}
	if !t.RanAt.IsZero() {
		f := fact("Last heard of", s.when(t.RanAt).Text)
		f.Note = stamp(t.RanAt)
		page.Facts = append(page.Facts, f)
	}
	if t.LastState != "" {
		page.Facts = append(page.Facts, view.Fact{Name: "Last run", Value: ui.Link{Text: ui.Capital(string(t.LastState)), Href: link.Run(string(t.LastRun))}})
	}
	if t.Silent {
		page.Facts = append(page.Facts, fact("Data", "It never said what it reads and writes."))
	}
	return page
}

// repositoryName is the path of an address in a repository.
func repositoryName(address string) string {
	u, err := url.Parse(address)
	if err != nil || strings.Trim(u.Path, "/") == "" {
		return address
	}
	return strings.Trim(u.Path, "/")
}

// transformRuns answers the tab of runs of a job.
func (s *Site) transformRuns(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Catalog.Transform(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	after := r.URL.Query().Get("after")
	page, err := s.Catalog.Runs(r.Context(), catalog.RunList{Of: v.Transform.ID, First: runRows, After: after})
	if err != nil {
		return err
	}
	a := transformAsset(v)
	table := s.runTable(page, link.TransformTab(string(a.ID), a.Name(), link.Runs), after, false)
	return s.show(w, r, http.StatusOK, view.RunsPage(s.shell(r), s.header(r.Context(), a, v.Described), transformTabs(a, link.Runs), table))
}
