package web

import (
	"cmp"
	"net/http"
	"net/url"

	"weir/catalog"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// columnRows is the length of a page of columns.
const columnRows = 200

func columnAddress(c catalog.Column, dataset string) string {
	return link.Column(string(c.Dataset), dataset, string(c.ID))
}

// datasetColumns answers the tab of columns.
func (s *Site) datasetColumns(w http.ResponseWriter, r *http.Request) error {
	v, ok, err := s.datasetHead(w, r)
	if !ok {
		return err
	}
	values := r.URL.Query()
	ask := catalog.ColumnList{
		Dataset: v.Dataset.ID, Text: values.Get("filter"), Sensitive: values.Get("show") == "sensitive", First: columnRows, After: values.Get("after"),
	}
	page, err := s.Catalog.Columns(r.Context(), ask)
	if err != nil {
		return err
	}
	h, err := s.datasetHeader(r.Context(), v)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.ColumnsPage(s.shell(r), h, datasetTabs(v, link.Columns), columnsOf(v, ask, page)))
}

func columnsOf(v catalog.DatasetView, ask catalog.ColumnList, page catalog.ColumnPage) view.Columns {
	address := link.DatasetTab(string(v.Dataset.ID), v.Dataset.Name, link.Columns)
	out := view.Columns{Action: address, Filter: ask.Text, Summary: columnSummary(page), Compact: page.All > 40}
	with := func(key, value string) string {
		q := url.Values{}
		if ask.Text != "" {
			q.Set("filter", ask.Text)
		}
		if key != "" {
			q.Set(key, value)
		}
		if len(q) == 0 {
			return address
		}
		return address + "?" + q.Encode()
	}
	out.Show = []ui.Option{
		{Label: "All", Href: with("", ""), Current: !ask.Sensitive}, {Label: "Sensitive", Href: with("show", "sensitive"), Current: ask.Sensitive},
	}
	if ask.Sensitive {
		out.Carry = []link.Field{{Name: "show", Value: "sensitive"}}
	}
	switch {
	case page.Next != "":
		out.All = ui.Link{Text: "More columns", Href: with("after", page.Next)}
	case page.Total < page.All:
		out.All = ui.Link{Text: "Show all columns", Href: address}
	}
	for _, c := range page.Items {
		out.Rows = append(out.Rows, columnRow(c))
	}
	return out
}

func columnSummary(page catalog.ColumnPage) string {
	if len(page.Items) == page.All {
		return ui.Count(page.All, "column", "columns")
	}
	return ui.Number(int64(len(page.Items))) + " of " + ui.Count(page.All, "column", "columns")
}

func columnRow(c catalog.ColumnView) view.ColumnRow {
	row := view.ColumnRow{
		Path: c.Column.Path, Href: columnAddress(c.Column, c.Dataset.Name), Type: c.Column.Type, Meaning: c.Column.Description, Tags: tagLinks(c.Tags),
	}
	if c.Column.Gone {
		row.Masking = "no longer in its source's schema"
	}
	for _, class := range c.Classes {
		row.Declared = append(row.Declared, ui.Stamp{Class: class.Name, How: ui.Declared})
	}
	sortStamps(row.Declared)
	for _, in := range c.Inherited {
		o := view.Origin{Stamp: ui.Stamp{Class: in.Class.Name, How: ui.Inherited}, Text: cmp.Or(in.Name, "a dataset that is gone")}
		if in.Path != "" {
			o.Text = shortName(in.Name) + "." + in.Path
			o.Href = link.Column(string(in.From), in.Name, string(in.Column))
		} else if in.From != "" {
			o.Href = link.Dataset(string(in.From), in.Name)
		}
		row.From = append(row.From, o)
	}
	return row
}
