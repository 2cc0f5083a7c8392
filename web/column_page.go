package web

import (
	"net/http"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// column answers where one column came from, which jobs touched it and where it goes.
func (s *Site) column(w http.ResponseWriter, r *http.Request) error {
	id := graph.ID(r.PathValue("column"))
	// Both nodes in one call: what follows finds them remembered.
	if _, err := s.Catalog.Assets(r.Context(), id, idOf(r)); err != nil {
		return err
	}
	v, err := s.Catalog.Column(r.Context(), id)
	if err != nil {
		return err
	}
	if home := idOf(r); home != v.Column.Dataset && home != v.Dataset.ID {
		return errs.E(errs.NotFound, "There is no such column here.")
	}
	origins, err := s.Lineage.ColumnOrigins(r.Context(), lineage.OriginQuery{Column: v.Column.ID})
	if err != nil {
		return err
	}
	onward, err := s.Lineage.ColumnLineage(r.Context(), lineage.ColumnQuery{Column: v.Column.ID, Direction: lineage.Downstream, Depth: 1})
	if err != nil {
		return err
	}
	page, err := s.columnOf(v, origins, onward)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.ColumnPage(s.shell(r), page))
}

func (s *Site) columnOf(v catalog.ColumnView, origins lineage.Origins, onward lineage.ColumnAnswer) (view.ColumnTrace, error) {
	dataset := assetOf(v.Dataset.ID, catalog.DatasetType.Kind, v.Dataset)
	t, err := newTrace(origins, dataset, v.Column)
	if err != nil {
		return view.ColumnTrace{}, err
	}
	page := view.ColumnTrace{
		Column: v.Column.Path, Type: v.Column.Type, Meaning: v.Column.Description, Stamps: stampsOf(v.Attributes), Of: linkTo(dataset),
		Crumbs: []ui.Link{linkTo(dataset), {Text: "Columns", Href: link.DatasetTab(string(v.Dataset.ID), v.Dataset.Name, link.Columns)}, {Text: v.Column.Path}},
		Said:   saidOf(origins), Paths: t.paths(), Jobs: s.touched(t),
		Picture: link.Lineage(string(v.Dataset.ID), link.LineageQuery{Focus: string(v.Column.ID), Columns: true}),
	}
	if origins.IsPartial {
		page.Partial = "There are more ways than can be followed: some origins may be missing."
	}
	for _, o := range origins.Origins {
		page.Origins = append(page.Origins, t.name(o.Column))
	}
	page.Onward, err = onwardPaths(v, onward)
	return page, err
}

// saidOf is the answer in one sentence.
func saidOf(o lineage.Origins) string {
	masked := 0
	for _, origin := range o.Origins {
		if origin.Masked {
			masked++
		}
	}
	all := len(o.Origins)
	switch {
	case all == 0:
		return "Nothing is known that it is made of: it starts here."
	case masked == all:
		return "It comes from " + ui.Count(all, "column", "columns") + ", and is masked on each way."
	case masked == 0:
		return "It comes from " + ui.Count(all, "column", "columns") + " through " + ui.Count(len(o.Transforms), "job", "jobs") + ", and is masked nowhere."
	}
	return "It comes from " + ui.Count(all, "column", "columns") + "; " + ui.Number(int64(masked)) + " of them are masked on every way, the others arrive in clear."
}

// onwardPaths are the next columns that are made of this one.
func onwardPaths(v catalog.ColumnView, a lineage.ColumnAnswer) ([]view.Path, error) {
	t, err := newTrace(lineage.Origins{Columns: map[graph.ID]graph.Node{}, Related: a.Related}, assetOf(v.Dataset.ID, catalog.DatasetType.Kind, v.Dataset), v.Column)
	if err != nil {
		return nil, err
	}
	for _, n := range a.Nodes {
		if n.Hidden {
			t.hidden[n.ID] = true
		} else if err := t.addColumn(n.Node); err != nil {
			return nil, err
		}
	}
	var out []view.Path
	for _, e := range a.Edges {
		if e.From == v.Column.ID && e.To != v.Column.ID {
			out = append(out, t.path([]lineage.Edge{e}, e.Masked()))
		}
	}
	return out, nil
}
