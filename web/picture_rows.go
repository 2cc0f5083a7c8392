package web

import (
	"cmp"
	"slices"
	"strconv"

	"weir/catalog"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// How many columns a card shows at first, and once it is unfolded.
const (
	fewRows  = 6
	flowRows = 3 // of those that carry no class
	mostRows = 30
)

// rows are the columns in a card, those that matter most, and the row for the rest.
func (c *canvas) rows(id graph.ID) ([]view.Row, *view.Row) {
	all := c.columns[id]
	if !c.q.Columns || len(all) == 0 {
		return nil, nil
	}
	token := openCols + "." + string(id)
	unfolded := slices.Contains(c.open, token)
	chosen := c.choose(all, unfolded)
	var rows []view.Row
	for _, col := range chosen {
		rows = append(rows, c.row(col))
	}
	rest := len(all) - len(chosen)
	if rest == 0 {
		return rows, nil
	}
	more := view.Row{ID: "more." + string(id), Text: strconv.Itoa(rest) + " more columns", Href: c.address(c.q.Opened(token))}
	if rest == 1 {
		more.Text = "1 more column"
	}
	if unfolded {
		more.Href = link.DatasetTab(string(id), c.assets[id].Name(), link.Columns)
	}
	return rows, &more
}

// choose takes the columns that matter most, in the order of the table: those on the path that stands out, those that
// carry a class, those that lead somewhere.
func (c *canvas) choose(all []catalog.Column, unfolded bool) []catalog.Column {
	weight := func(col catalog.Column) int {
		switch {
		case c.path[col.ID]:
			return 0
		case len(c.stamps(col.ID)) > 0:
			return 1
		case c.flows(col.ID):
			return 2
		}
		return 3
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b catalog.Column) int { return cmp.Compare(weight(a), weight(b)) })
	most := fewRows
	if unfolded {
		most = mostRows
	} else {
		flowing := func(col catalog.Column) bool { return weight(col) >= 2 }
		if n := slices.IndexFunc(sorted, flowing); n >= 0 {
			most = min(most, max(n, flowRows))
		}
		if n := slices.IndexFunc(sorted, func(col catalog.Column) bool { return weight(col) == 3 }); n >= 0 {
			most = min(most, n)
		}
	}
	sorted = sorted[:min(most, len(sorted))]
	slices.SortStableFunc(sorted, func(a, b catalog.Column) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.Path, b.Path))
	})
	return sorted
}

// flows tells whether the column's values come from or go to another column of the picture.
func (c *canvas) flows(id graph.ID) bool {
	for _, e := range c.ColumnEdges {
		if e.Kind == catalog.RelAffects {
			continue
		}
		if e.From == id && c.shows(c.column[e.To].Dataset) || e.To == id && c.shows(c.column[e.From].Dataset) {
			return true
		}
	}
	return false
}

func (c *canvas) row(col catalog.Column) view.Row {
	r := view.Row{
		ID: string(col.ID), Text: col.Path, Href: c.address(c.q.Focused(string(col.ID))), Dimmed: c.dim(col.ID), OnPath: c.path[col.ID],
	}
	stamps := c.stamps(col.ID)
	if len(stamps) > 0 {
		r.Stamp = stamps[0]
		r.OnPath = r.OnPath || c.path == nil && (c.flows(col.ID) || stamps[0].How == ui.Masked)
	}
	return r
}
