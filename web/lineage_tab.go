package web

import (
	"net/http"

	view "weir/views/catalog"
	"weir/views/link"
)

// datasetLineage answers the tab with the small picture of one step each way.
func (s *Site) datasetLineage(w http.ResponseWriter, r *http.Request) error {
	v, ok, err := s.datasetHead(w, r)
	if !ok {
		return err
	}
	id := string(v.Dataset.ID)
	p, err := s.picture(r.Context(), v.Dataset.ID, link.LineageQuery{})
	if err != nil {
		return err
	}
	drawing, err := p.draw()
	if err != nil {
		return err
	}
	drawing.Live = false // its links lead to the whole picture
	tab := view.LineageTab{
		Picture: drawing, Totals: p.totals(), Full: link.Lineage(id, link.LineageQuery{}),
		Table: link.Lineage(id, link.LineageQuery{View: "table"}), Impact: link.Impact(id, link.LineageQuery{}),
	}
	tab.Steps, tab.MoreSteps = s.steps(r.Context(), p.around, v.Dataset)
	h, err := s.datasetHeader(r.Context(), v)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.LineagePage(s.shell(r), h, datasetTabs(v, link.Flow), tab))
}
