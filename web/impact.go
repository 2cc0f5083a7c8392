package web

import (
	"context"
	"net/http"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// impactRows is the length of a page of the list, impactFile that of the file.
const (
	impactRows = 100
	impactFile = 50_000
)

// impact answers the list of all that depends on something, however far away.
func (s *Site) impact(w http.ResponseWriter, r *http.Request) error {
	q, err := lineageQuery(r.URL.Query())
	if err != nil {
		return err
	}
	found, root, err := s.findImpact(r, q, impactRows)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.ImpactPage(s.shell(r), s.impactOf(found, root, q)))
}

// findImpact asks for a page of the list, and for the root's own name.
func (s *Site) findImpact(r *http.Request, q link.LineageQuery, rows int) (lineage.Impact, catalog.Asset, error) {
	root := graph.ID(r.URL.Query().Get("root"))
	filter, err := s.lineageFilter(q.Filters)
	if err != nil {
		return lineage.Impact{}, catalog.Asset{}, err
	}
	at, err := timeOf("asOf", q.AsOf)
	if err != nil {
		return lineage.Impact{}, catalog.Asset{}, err
	}
	found, err := s.Lineage.Impact(r.Context(), lineage.ImpactQuery{
		Root: root, Depth: graph.MaxDepth, AsOf: at, Filter: filter, After: q.After, Limit: rows,
	})
	if err != nil {
		return found, catalog.Asset{}, err
	}
	asset, err := s.oneAsset(r.Context(), found.Root)
	return found, asset, err
}

// oneAsset looks one asset up.
func (s *Site) oneAsset(ctx context.Context, id graph.ID) (catalog.Asset, error) {
	found, err := s.Catalog.Assets(ctx, id)
	if err != nil {
		return catalog.Asset{}, err
	}
	a, ok := found[id]
	if !ok {
		return a, errs.E(errs.NotFound, "There is no such thing.")
	}
	return a, nil
}

func (s *Site) impactOf(found lineage.Impact, root catalog.Asset, q link.LineageQuery) view.Impact {
	id := string(found.Root)
	address := func(q link.LineageQuery) string { return link.Impact(id, q) }
	page := view.Impact{
		Root: id, Title: root.Shown(), Query: q, Crumbs: []ui.Link{linkTo(root), {Text: "What depends on it"}},
		Totals: impactTotals(found.Totals), Chips: lineageChips(q, address),
		Pager: ui.Pager{Summary: ui.Number(int64(len(found.Rows))) + " of " + ui.Number(int64(found.Total)) + " shown"},
	}
	if q.After != "" {
		page.Pager.First = address(q.At(""))
	}
	if found.Next != "" {
		page.Pager.Next = address(q.At(found.Next))
	}
	if found.IsPartial {
		page.Partial = "There is more than could be found in the time that a page has: the figures are at least that."
	}
	named := map[graph.ID]catalog.Asset{}
	for nodeID, n := range found.Related {
		if a, err := readAsset(n); err == nil { // what can't be read has no name to offer
			named[nodeID] = a
		}
	}
	var ids []graph.ID
	for _, row := range found.Rows {
		page.Rows = append(page.Rows, impactRow(row, named))
		ids = append(append(append(append(ids, row.Owners...), row.Classes...), row.Inherited...), row.Domain)
	}
	page.Selects = filterSelects(q.Filters, ids, named)
	return page
}

func impactTotals(totals []lineage.KindCount) []view.Total {
	words := map[graph.Kind]string{catalog.DatasetType.Kind: "dataset", catalog.TransformType.Kind: "job", catalog.ConsumerKind.Kind: "consumer"}
	var out []view.Total
	for _, t := range totals {
		out = append(out, view.Total{Count: ui.Number(int64(t.Count)), Label: plural(t.Count, words[t.Kind])})
	}
	if len(out) == 0 {
		out = append(out, view.Total{Count: "0", Label: "things"})
	}
	return out
}
