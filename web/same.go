package web

import (
	"context"
	"net/http"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// same answers the page about the names of a dataset: what is said of them, a search for another one, and, where two are
// chosen, the question whether to say so. What is said there is sent back to it.
func (s *Site) same(w http.ResponseWriter, r *http.Request) error {
	d, err := s.headOf(r)
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		return s.saySame(w, r, d)
	}
	if err := s.Policy.Require(r.Context(), authz.Asset, string(d.Domain), authz.Link); err != nil {
		return err
	}
	values := r.URL.Query()
	if values.Has("other") {
		return s.askSame(w, r, d, graph.ID(values.Get("of")), graph.ID(values.Get("other")))
	}
	page, err := s.samePage(r.Context(), d, strings.TrimSpace(values.Get("q")))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.SamePage(s.shell(r), page))
}

// saySame says what the form says, and leads to the page of what the two are then.
func (s *Site) saySame(w http.ResponseWriter, r *http.Request, d catalog.Dataset) error {
	if err := readForm(w, r); err != nil {
		return err
	}
	answer := r.PostForm.Get("same")
	if answer != "yes" && answer != "no" {
		return errs.Bad("same", "is yes or no.")
	}
	in := catalog.SameInput{A: graph.ID(typed(r.PostForm, "of")), B: graph.ID(typed(r.PostForm, "other")), Same: answer == "yes"}
	if in.A == "" || in.B == "" {
		return errs.Bad("other", "names no dataset.")
	}
	if err := s.Catalog.SetSame(r.Context(), in); err != nil {
		return err
	}
	head, err := s.oneAsset(r.Context(), d.ID)
	if err != nil {
		return err
	}
	return saved(w, r, link.Same(string(head.ID), head.Name(), ""))
}

func (s *Site) samePage(ctx context.Context, d catalog.Dataset, search string) (view.Same, error) {
	id := string(d.ID)
	page := view.Same{
		Of: datasetName(d), Action: link.Same(id, d.Name, ""), Search: search, Searched: search != "",
		Crumbs: []ui.Link{{Text: datasetName(d), Href: link.Dataset(id, d.Name)}, {Text: "Names"}},
	}
	said, err := s.Catalog.SaidSame(ctx, d.ID)
	if err != nil {
		return page, err
	}
	for _, p := range said {
		page.Said = append(page.Said, s.sameLine(ctx, d, p))
	}
	if search == "" {
		return page, nil
	}
	page.Found, err = s.sameFound(ctx, d, search, said)
	return page, err
}

func (s *Site) sameLine(ctx context.Context, d catalog.Dataset, p catalog.SameSaid) view.SameLine {
	l := view.SameLine{A: sameName(p.A), B: sameName(p.B), Refused: p.Refused, By: saidBy(p)}
	if s.mayLink(ctx, p.A) && s.mayLink(ctx, p.B) {
		l.Change = link.SamePair(string(d.ID), d.Name, string(p.A.ID), string(p.B.ID))
	}
	return l
}

// mayLink tells whether the reader may correct what is known of a dataset's lineage.
func (s *Site) mayLink(ctx context.Context, d catalog.Dataset) bool {
	return s.Policy.Can(ctx, authz.Asset, string(d.Domain), authz.Link)
}

// saidBy names those who say that two datasets are the same.
func saidBy(p catalog.SameSaid) string {
	var all []string
	if p.Person {
		all = append(all, "a person")
	}
	for _, uri := range p.Sources {
		all = append(all, sourceName(uri))
	}
	return strings.Join(all, ", ")
}

func datasetName(d catalog.Dataset) string {
	return assetOf(d.ID, catalog.DatasetType.Kind, d).Shown()
}

func sameName(d catalog.Dataset) view.SameName {
	return view.SameName{Name: datasetName(d), Path: pathOf(assetOf(d.ID, catalog.DatasetType.Kind, d))}
}

// maxSame is how many datasets a search for another name shows.
const maxSame = 12

// sameFound are the datasets that a text finds, but for the dataset itself.
func (s *Site) sameFound(ctx context.Context, d catalog.Dataset, search string, said []catalog.SameSaid) ([]view.SameFound, error) {
	found, err := s.Catalog.Search(ctx, catalog.SearchInput{Query: search, Kinds: []graph.Kind{catalog.DatasetType.Kind}, Limit: maxSame + 1})
	if err != nil {
		return nil, err
	}
	var out []view.SameFound
	for _, h := range found.Hits {
		other, ok := h.Asset.Value.(catalog.Dataset)
		if !ok || other.ID == d.ID || len(out) == maxSame {
			continue
		}
		f := view.SameFound{Name: linkTo(h.Asset), Path: pathOf(h.Asset), Level: levelOf(other.Classification)}
		switch {
		case !s.mayLink(ctx, other):
			f.No = "you may not say so of it"
		default:
			of := d.ID
			for _, p := range said { // what was said of them before is what is taken back
				if p.A.ID == other.ID {
					of = p.B.ID
				} else if p.B.ID == other.ID {
					of = p.A.ID
				}
			}
			f.Choose = link.SamePair(string(d.ID), d.Name, string(of), string(other.ID))
		}
		out = append(out, f)
	}
	return out, nil
}
