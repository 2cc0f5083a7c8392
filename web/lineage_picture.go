package web

import (
	"net/http"
	"strings"

	"weir/catalog"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// lineagePage answers the picture and its table, or asks what to start from.
func (s *Site) lineagePage(w http.ResponseWriter, r *http.Request) error {
	root := graph.ID(r.URL.Query().Get("root"))
	if root == "" {
		return s.lineageStart(w, r)
	}
	q, err := lineageQuery(r.URL.Query())
	if err != nil {
		return err
	}
	if strings.HasPrefix(string(root), catalog.ColumnType.Spec.Prefix+"_") {
		return s.columnRoot(w, r, root, q)
	}
	p, err := s.picture(r.Context(), root, q)
	if err != nil {
		return err
	}
	page, err := p.page()
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.PicturePage(s.shell(r), page))
}

// columnRoot leads to the picture of the column's dataset, with the column's path standing out.
func (s *Site) columnRoot(w http.ResponseWriter, r *http.Request, column graph.ID, q link.LineageQuery) error {
	v, err := s.Catalog.Column(r.Context(), column)
	if err != nil {
		return err
	}
	q.Focus, q.Columns = string(column), true
	http.Redirect(w, r, link.Lineage(string(v.Dataset.ID), q), http.StatusSeeOther)
	return nil
}

// page puts the whole page together.
func (p *picture) page() (view.Page, error) {
	drawing, err := p.draw()
	if err != nil {
		return view.Page{}, err
	}
	root := p.root()
	out := view.Page{
		Root: string(p.Root), Title: root.Shown(), Query: p.q, Crumbs: []ui.Link{linkTo(root), {Text: "Lineage"}},
		Totals: p.totals(), Partial: p.partial(), Chips: lineageChips(p.q, func(q link.LineageQuery) string { return link.Lineage(string(p.Root), q) }),
		Selects: p.selects(), MaxDepth: maxSteps, Picture: drawing, Twin: p.twin(), Paths: p.sensitivePaths(),
		Impact: link.Impact(string(p.Root), link.LineageQuery{AsOf: p.q.AsOf}), Later: link.Versions(string(p.Root), p.q),
	}
	return out, nil
}

func lineageChips(q link.LineageQuery, address func(link.LineageQuery) string) []ui.Chip {
	var out []ui.Chip
	for _, f := range q.Filters {
		out = append(out, ui.Chip{Name: f.Name, Value: f.Value, Remove: address(q.Without(f))})
	}
	return out
}

// draw lays out the picture. What was unfolded is added in its order, so that what was there stays where it was.
func (p *picture) draw() (view.Picture, error) {
	scene := p.scene(0)
	laid, err := scene.Lay(nil)
	for n := 1; n <= len(p.q.Open) && err == nil; n++ {
		before := laid.Layout
		laid, err = p.scene(n).Lay(&before)
	}
	return laid.Picture, err
}
