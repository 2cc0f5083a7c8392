package web

import (
	"net/http"
	"strconv"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/product"
	"weir/views/ui"
)

// publishProduct takes the button that publishes.
func (s *Site) publishProduct(w http.ResponseWriter, r *http.Request) error {
	return s.moveProduct(w, r, func(p marketplace.Product, version int64) error {
		_, err := s.Market.Publish(r.Context(), p.ID, version)
		return err
	})
}

// retireProduct takes the button that retires.
func (s *Site) retireProduct(w http.ResponseWriter, r *http.Request) error {
	return s.moveProduct(w, r, func(p marketplace.Product, version int64) error {
		_, err := s.Market.Retire(r.Context(), p.ID, version)
		return err
	})
}

// moveProduct takes a button. What isn't done is said above the page.
func (s *Site) moveProduct(w http.ResponseWriter, r *http.Request, do func(marketplace.Product, int64) error) error {
	p, _, err := s.Market.ProductBySlug(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	version, err := versionIn(r.PostForm)
	if err != nil {
		return err
	}
	err = do(p, version)
	if err == nil {
		return saved(w, r, link.Product(p.Slug))
	}
	t, err := troubleOf(err, nil)
	if err != nil {
		return err
	}
	v, err := s.Market.ProductPage(r.Context(), p.Slug)
	if err != nil {
		return err
	}
	page := s.productOf(v)
	page.Warning, page.WarningLink = t.refused, ui.Link{}
	return s.show(w, r, t.status, view.OnePage(s.shell(r), page))
}

var endLabels = labels{"sunset": "Day from which nobody has it any more", "successor": "What takes its place"}

// deprecateProduct answers the form that says when a product ends, and takes it.
func (s *Site) deprecateProduct(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.Market.ProductBySlug(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	if err := s.Policy.Require(r.Context(), authz.Product, string(p.Domain), authz.Manage); err != nil {
		return err
	}
	f := view.Ending{Slug: p.Slug, Title: p.Title, Version: strconv.FormatInt(p.Version, 10), Successor: string(p.Successor)}
	if !p.Sunset.IsZero() {
		f.Sunset = p.Sunset.UTC().Format(time.DateOnly)
	}
	if r.Method != http.MethodPost {
		return s.showEnding(w, r, http.StatusOK, f)
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	version, err := versionIn(r.PostForm)
	if err != nil {
		return err
	}
	f.Version, f.Sunset, f.Successor = r.PostForm.Get("version"), typed(r.PostForm, "sunset"), r.PostForm.Get("successor")
	sunset, err := time.Parse(time.DateOnly, f.Sunset)
	if err != nil {
		err = errs.Bad("sunset", "has to be a day, such as 2027-03-31.")
	} else if _, err = s.Market.Deprecate(r.Context(), p.ID, version, graph.ID(f.Successor), sunset); err == nil {
		return saved(w, r, link.Product(p.Slug))
	}
	t, err := troubleOf(err, endLabels)
	if err != nil {
		return err
	}
	f.Errors, f.Refused = t.fields, t.refused
	return s.showEnding(w, r, t.status, f)
}

func (s *Site) showEnding(w http.ResponseWriter, r *http.Request, status int, f view.Ending) error {
	found, err := s.Market.Products(r.Context(), marketplace.ProductList{State: marketplace.ProductPublished, Limit: graph.MaxPage})
	if err != nil {
		return err
	}
	f.Successors = []form.Option{{Label: "Nothing"}}
	for _, p := range found.Items {
		if p.Slug != f.Slug {
			f.Successors = append(f.Successors, form.Option{Value: string(p.ID), Label: p.Title})
		}
	}
	return s.show(w, r, status, view.EndPage(s.shell(r), f))
}

// productTerms answers the terms of use in all versions, and takes a new one.
func (s *Site) productTerms(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.Market.ProductBySlug(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	d := view.Terms{Slug: p.Slug, Title: p.Title, Version: strconv.FormatInt(p.Version, 10)}
	if r.Method != http.MethodPost {
		return s.showTerms(w, r, http.StatusOK, p, d)
	}
	if err := readLongForm(w, r); err != nil {
		return err
	}
	version, err := versionIn(r.PostForm)
	if err != nil {
		return err
	}
	d.Text, d.Version = r.PostForm.Get("text"), r.PostForm.Get("version")
	if _, err = s.Market.SetTerms(r.Context(), p.ID, version, d.Text); err == nil {
		return saved(w, r, link.ProductSub(p.Slug, "terms"))
	}
	t, err := troubleOf(err, labels{"text": "New version"})
	if err != nil {
		return err
	}
	d.Errors, d.Refused = t.fields, t.refused
	return s.showTerms(w, r, t.status, p, d)
}

func (s *Site) showTerms(w http.ResponseWriter, r *http.Request, status int, p marketplace.Product, d view.Terms) error {
	all, err := s.Market.TermsOf(r.Context(), p.ID)
	if err != nil {
		return err
	}
	act := authz.Manage
	if p.State == marketplace.ProductDraft {
		act = authz.Edit
	}
	d.May = p.State != marketplace.ProductRetired && s.Policy.Can(r.Context(), authz.Product, string(p.Domain), act)
	var ids []graph.ID
	for _, t := range all {
		ids = append(ids, t.By)
	}
	names, err := s.Identity.Names(r.Context(), ids...)
	if err != nil {
		return err
	}
	for _, t := range all {
		holds := t.Number == p.Terms
		if holds && d.Text == "" && r.Method != http.MethodPost {
			d.Text = t.Text
		}
		d.Versions = append(d.Versions, view.TermsVersion{Name: "Version " + strconv.Itoa(t.Number), Holds: holds,
			By: partyOwner(t.By, names[t.By]).Name, When: s.when(t.At), Text: markdown(t.Text)})
	}
	return s.show(w, r, status, view.TermsPage(s.shell(r), d))
}
