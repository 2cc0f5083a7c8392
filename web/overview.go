package web

import (
	"net/http"

	"weir/catalog"
	"weir/catalog/lineage"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// overview answers the first tab of a dataset.
func (s *Site) overview(w http.ResponseWriter, r *http.Request) error {
	v, ok, err := s.dataset(w, r)
	if !ok {
		return err
	}
	near, err := s.near(r.Context(), v.Dataset.ID, lineage.Both)
	if err != nil {
		return err
	}
	runs, err := s.lastRuns(r, v, near)
	if err != nil {
		return err
	}
	if err := s.named(r.Context(), v.Described); err != nil {
		return err
	}
	page := s.overviewOf(v, near)
	page.Runs, page.RunsSaid = bars(runs)
	if s.mayLink(r.Context(), v.Dataset) {
		page.Names = link.Same(string(v.Dataset.ID), v.Dataset.Name, "")
	}
	if page.Products, err = s.productsOf(r.Context(), v.Dataset); err != nil {
		return err
	}
	if s.Market != nil {
		page.Grants = link.GrantsOf(string(v.Dataset.ID))
	}
	h, err := s.datasetHeader(r.Context(), v)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.OverviewPage(s.shell(r), h, datasetTabs(v, link.Overview), page))
}

// lastRuns are the last runs of the job that writes a dataset. With several jobs or other names they stand on the tab of
// runs alone, which keeps this page within the calls that a page may make.
func (s *Site) lastRuns(r *http.Request, v catalog.DatasetView, near *around) ([]catalog.RunItem, error) {
	writers := near.in[v.Dataset.ID]
	if len(writers) != 1 || len(v.Aliases) > 0 {
		return nil, nil
	}
	page, err := s.Catalog.Runs(r.Context(), catalog.RunList{Of: writers[0].From, First: maxBars})
	return page.Items, err
}

func (s *Site) overviewOf(v catalog.DatasetView, near *around) view.Overview {
	before, after := near.before(), near.after()
	page := view.Overview{
		About: markdown(v.Dataset.Description), AboutSource: s.sourceOf(v.Described, catalog.FieldDescription),
		MadeFrom: near.neighbours(before), MoreUp: near.more(before, "upstream"),
		GoesTo: near.neighbours(after), MoreDown: near.more(after, "downstream"),
		Facts: s.datasetFacts(v, near), Uses: uses(near, after), Why: why(v), Facets: facetsOf(v.Facets),
	}
	for _, a := range v.Aliases {
		page.Aliases = append(page.Aliases, a.Namespace+" / "+a.Name)
	}
	return page
}

func (s *Site) datasetFacts(v catalog.DatasetView, near *around) []view.Fact {
	d := v.Dataset
	var out []view.Fact
	if !d.Written.IsZero() {
		f := fact("Last loaded", s.when(d.Written).Text)
		f.Note = stamp(d.Written)
		out = append(out, f)
	}
	for _, e := range near.in[d.ID] {
		if job, ok := near.assets[e.From].Value.(catalog.Transform); ok {
			out = append(out, view.Fact{Name: "Written by", Value: linkTo(near.assets[e.From]), Note: stateWord(job.LastState)})
		}
	}
	out = append(out, fact("Columns", ui.Number(int64(d.Columns))))
	if d.Platform != "" {
		out = append(out, view.Fact{Name: "Platform", Value: ui.Link{Text: d.Platform, Href: link.SearchFor("platform", d.Platform)}})
	}
	if d.Retention != "" {
		out = append(out, view.Fact{Name: "Kept for", Value: ui.Link{Text: period(d.Retention)}, Source: s.sourceOf(v.Described, catalog.FieldRetention)})
	}
	if d.Classification != "" {
		out = append(out, view.Fact{Name: "Classified", Value: ui.Link{Text: levelOf(d.Classification).Word()}, Source: s.sourceOf(v.Described, catalog.FieldClassification)})
	}
	if !v.Seen.IsZero() {
		out = append(out, view.Fact{Name: "Last heard of", Value: ui.Link{Text: s.when(v.Seen).Text}})
	}
	return out
}

func stateWord(state catalog.RunState) string {
	if state == "" {
		return ""
	}
	return "last run " + string(state)
}

// uses says who depends on a dataset within one step.
func uses(near *around, after []step) string {
	if len(after) == 0 {
		return ""
	}
	consumers := 0
	for _, st := range after {
		if near.assets[st.id].Kind == catalog.ConsumerKind.Kind {
			consumers++
		}
	}
	return ui.Count(len(after)-consumers, "dataset", "datasets") + " and " + ui.Count(consumers, "consumer", "consumers") + " within one step."
}

// why tells where the data classes of a dataset come from.
func why(v catalog.DatasetView) []string {
	var out []string
	for _, c := range v.Classes {
		out = append(out, "It, or one of its columns, declares "+classWord(c.Name)+".")
	}
	for _, in := range v.Inherited {
		from := in.Name
		if in.Path != "" {
			from += ", column " + in.Path
		}
		if from == "" {
			from = "a dataset that is gone"
		}
		out = append(out, classWord(in.Class.Name)+" flows in from "+from+".")
	}
	return out
}

// maxPicture is how many nodes a picture shows.
const maxPicture = 200
