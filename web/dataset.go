package web

import (
	"net/http"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// dataset looks the dataset of an address up. Under another name it answers with a redirect to the head, and false.
func (s *Site) dataset(w http.ResponseWriter, r *http.Request) (catalog.DatasetView, bool, error) {
	id := idOf(r)
	v, err := s.Catalog.Dataset(r.Context(), id)
	if err != nil || v.Dataset.ID == id {
		return v, err == nil, err
	}
	http.Redirect(w, r, link.Dataset(string(v.Dataset.ID), v.Dataset.Name), http.StatusSeeOther)
	return v, false, nil
}

// datasetHead looks up what the tabs of a dataset show above them. It asks for less than the overview does: who stated each
// value stands there alone.
func (s *Site) datasetHead(w http.ResponseWriter, r *http.Request) (catalog.DatasetView, bool, error) {
	id := idOf(r)
	a, err := s.oneAsset(r.Context(), id)
	if err != nil {
		return catalog.DatasetView{}, false, err
	}
	d, ok := a.Value.(catalog.Dataset)
	if !ok {
		return catalog.DatasetView{}, false, errs.E(errs.NotFound, "There is no such dataset.")
	}
	if d.ID != id {
		http.Redirect(w, r, link.Dataset(string(d.ID), d.Name), http.StatusSeeOther)
		return catalog.DatasetView{}, false, nil
	}
	at, err := s.Catalog.Attributes(r.Context(), []graph.ID{id})
	return catalog.DatasetView{Dataset: d, Described: catalog.Described{Attributes: at[id]}}, err == nil, err
}

func datasetAsset(v catalog.DatasetView) catalog.Asset {
	return assetOf(v.Dataset.ID, catalog.DatasetType.Kind, v.Dataset)
}

func datasetTabs(v catalog.DatasetView, current link.Tab) []ui.Tab {
	d := v.Dataset
	return view.DatasetTabs(string(d.ID), d.Name, current, view.TabCounts{Columns: ui.Number(int64(d.Columns))})
}
