package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/product"
	"weir/views/ui"
)

const (
	maxLongForm  = 512 << 10 // bytes of a form that carries terms of use, or very many columns
	foundToAdd   = 20        // datasets that a search offers to add
	columnsShown = 500       // columns of a dataset that the form lists
)

// readLongForm is readForm for forms that hold long texts and lists.
func readLongForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxLongForm)
	if err := r.ParseForm(); err != nil {
		return errs.Wrap(err, errs.Invalid, "The form can't be read, or is too large.")
	}
	return nil
}

// productData answers what a product bundles, and takes one change of it.
func (s *Site) productData(w http.ResponseWriter, r *http.Request) error {
	p, parts, err := s.Market.ProductBySlug(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	if r.Method != http.MethodPost {
		return s.showProductData(w, r, http.StatusOK, p, parts, view.Data{Text: typed(r.URL.Query(), "q")})
	}
	if err := readLongForm(w, r); err != nil {
		return err
	}
	version, err := versionIn(r.PostForm)
	if err != nil {
		return err
	}
	changed, err := changedParts(parts, r.PostForm)
	if err == nil {
		_, err = s.Market.SetParts(r.Context(), p.ID, version, changed)
	}
	text := typed(r.PostForm, "q")
	if err == nil {
		http.Redirect(w, r, link.ProductFind(p.Slug, text), http.StatusSeeOther)
		return nil
	}
	t, err := troubleOf(err, nil)
	if err != nil {
		return err
	}
	return s.showProductData(w, r, t.status, p, parts, view.Data{Text: text, Refused: t.refused})
}

// changedParts are the parts after what the form says.
func changedParts(parts []marketplace.Part, values url.Values) ([]marketplace.Part, error) {
	of := graph.ID(values.Get("dataset"))
	at := slices.IndexFunc(parts, func(p marketplace.Part) bool { return p.Dataset == of })
	out := slices.Clone(parts)
	switch do := values.Get("do"); {
	case do == "add":
		return append(out, marketplace.Part{Dataset: of}), nil
	case at < 0:
		return nil, errs.E(errs.Conflict, "This dataset isn't in the product any more. Look again, then make your change.")
	case do == "remove":
		return slices.Delete(out, at, at+1), nil
	case do == "columns" && values.Get("all") == "1":
		out[at].Columns = nil
		return out, nil
	case do == "columns":
		out[at].Columns = nil
		for _, id := range values["columns"] {
			out[at].Columns = append(out[at].Columns, graph.ID(id))
		}
		if len(out[at].Columns) == 0 {
			return nil, errs.Bad("columns", "are missing: tick one at least, or take the dataset out.")
		}
		return out, nil
	}
	return nil, errs.Bad("do", "is none that there is. Open the form again.")
}

// showProductData shows the parts as they are, and what a search found.
func (s *Site) showProductData(w http.ResponseWriter, r *http.Request, status int, p marketplace.Product, parts []marketplace.Part, d view.Data) error {
	if err := s.Policy.Require(r.Context(), authz.Product, string(p.Domain), authz.Edit); err != nil {
		return err
	}
	d.Slug, d.Title, d.Version = p.Slug, p.Title, strconv.FormatInt(p.Version, 10)
	for _, part := range parts {
		row, err := s.dataRow(r, part)
		if err != nil {
			return err
		}
		d.Rows = append(d.Rows, row)
	}
	if d.Text != "" {
		d.Looked = true
		found, err := s.Catalog.Search(r.Context(), catalog.SearchInput{Query: d.Text, Kinds: []graph.Kind{catalog.DatasetType.Kind}, Limit: foundToAdd})
		if err != nil {
			return err
		}
		for _, h := range found.Hits {
			d.Found = append(d.Found, s.foundRow(r, h.Asset, parts))
		}
	}
	return s.show(w, r, status, view.DataPage(s.shell(r), d))
}

// dataRow is a dataset of the product with its columns. One that the reader may not see, or that is gone, has neither.
func (s *Site) dataRow(r *http.Request, part marketplace.Part) (view.DataRow, error) {
	row := view.DataRow{ID: string(part.Dataset), Name: ui.Link{Text: "A dataset that is gone or hidden from you"}, All: len(part.Columns) == 0}
	page, err := s.Catalog.Columns(r.Context(), catalog.ColumnList{Dataset: part.Dataset, First: columnsShown})
	if errs.Is(err, errs.NotFound) {
		return row, nil
	}
	if err != nil {
		return row, err
	}
	found, err := s.Catalog.Assets(r.Context(), part.Dataset)
	if err != nil {
		return row, err
	}
	a := found[part.Dataset]
	row.Name = ui.Link{Text: a.Shown(), Href: addressOf(a)}
	if a.Shown() != a.Name() {
		row.Path = a.Name()
	}
	row.Summary = "All " + ui.Count(page.All, "column", "columns")
	if !row.All {
		row.Summary = strconv.Itoa(len(part.Columns)) + " of " + ui.Count(page.All, "column", "columns")
	}
	for _, c := range page.Items {
		if !c.Column.Gone {
			row.Columns = append(row.Columns, form.Option{Value: string(c.Column.ID), Label: c.Column.Path, On: row.All || slices.Contains(part.Columns, c.Column.ID)})
		}
	}
	return row, nil
}

// foundRow is a dataset that could be added, or why it can't be.
func (s *Site) foundRow(r *http.Request, a catalog.Asset, parts []marketplace.Part) view.Found {
	out := view.Found{ID: string(a.ID), Name: ui.Link{Text: a.Shown(), Href: addressOf(a)}}
	if a.Shown() != a.Name() {
		out.Path = a.Name()
	}
	domain := string(a.DomainID())
	if domain == "" {
		domain = authz.NoDomain
	}
	switch {
	case slices.ContainsFunc(parts, func(p marketplace.Part) bool { return p.Dataset == a.ID }):
		out.Why = "in it"
	case !s.Policy.Can(r.Context(), authz.Product, domain, authz.Edit):
		out.Why = "of a domain that you don't own"
	}
	return out
}
