package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/marketplace"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/product"
	"weir/views/ui"
)

// promiseRows is how many service levels the form has room for beyond those that are there.
const promiseRows = 2

var productLabels = labels{
	"slug": "Name in addresses", "title": "Title", "summary": "Summary", "domain": "Domain", "owner": "Owner", "visibility": "Who sees it",
	"contact": "Contact", "purpose": "What it is made for", "questions": "Questions that it answers", "description": "Description",
}

// newProduct answers the form of a new product, and takes it.
func (s *Site) newProduct(w http.ResponseWriter, r *http.Request) error {
	p := view.Form{Title: "New product", New: true, Action: link.New(link.Products()), Cancel: link.Products()}
	if r.Method != http.MethodPost {
		p.Fields = view.Fields{Promises: promiseFields(nil)}
		me := authz.From(r.Context())
		if me.Type == authz.Person {
			var err error
			if p.Fields.Owner, err = s.Market.Handle(r.Context(), graph.ID(me.ID)); err != nil {
				return err
			}
		}
		return s.showProductForm(w, r, http.StatusOK, p, "", authz.Open)
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	slug := typed(r.PostForm, "slug")
	e, err := s.readProduct(r.Context(), r.PostForm)
	if err == nil {
		var made marketplace.Product
		if made, err = s.Market.CreateProduct(r.Context(), slug, e); err == nil {
			return saved(w, r, link.ProductSub(made.Slug, "data"))
		}
	}
	return s.productAgain(w, r, p, err)
}

// editProduct answers the form that describes a product, and takes it.
func (s *Site) editProduct(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Market.ProductPage(r.Context(), r.PathValue("slug"))
	if err != nil {
		return err
	}
	p := v.Product
	page := link.Product(p.Slug)
	f := view.Form{Title: "Describe " + p.Title, Crumb: ui.Link{Text: p.Title, Href: page}, Action: link.Sub(page, "edit"), Cancel: page}
	if r.Method != http.MethodPost {
		f.Version = strconv.FormatInt(p.Version, 10)
		owner, err := s.Market.Handle(r.Context(), p.Owner)
		if err != nil {
			return err
		}
		f.Fields = view.Fields{Title: p.Title, Summary: p.Summary, Description: p.Description, Contact: p.Contact, Purpose: p.Purpose,
			Questions: strings.Join(p.Questions, "\n"), Owner: owner, Promises: promiseFields(v.Promises)}
		return s.showProductForm(w, r, http.StatusOK, f, p.Domain, p.Visibility)
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	f.Version = r.PostForm.Get("version")
	e, err := s.readProduct(r.Context(), r.PostForm)
	if err == nil {
		if e.Version, err = versionIn(r.PostForm); err != nil {
			return err
		}
		if _, err = s.Market.EditProduct(r.Context(), p.ID, e); err == nil {
			return saved(w, r, page)
		}
	}
	return s.productAgain(w, r, f, err)
}

// versionIn is the version that a form was made from.
func versionIn(values url.Values) (int64, error) {
	n, err := strconv.ParseInt(values.Get("version"), 10, 64)
	if err != nil || n < 1 {
		return 0, errs.Bad("version", "is not a number. Open the form again.")
	}
	return n, nil
}

// readProduct reads the form of a product.
func (s *Site) readProduct(ctx context.Context, values url.Values) (marketplace.ProductEdit, error) {
	text := func(name string) *string {
		v := values.Get(name)
		return &v
	}
	domain, visible := graph.ID(values.Get("domain")), authz.Visibility(values.Get("visibility"))
	questions := strings.Split(values.Get("questions"), "\n")
	e := marketplace.ProductEdit{
		Title: text("title"), Summary: text("summary"), Description: text("description"), Contact: text("contact"), Purpose: text("purpose"),
		Domain: &domain, Visibility: &visible, Questions: &questions,
	}
	for i := range questions {
		questions[i] = strings.TrimSpace(questions[i])
	}
	promises, err := readPromises(values)
	if err != nil {
		return e, err
	}
	e.Promises = &promises
	owner, err := s.Market.Somebody(ctx, typed(values, "owner"))
	e.Owner = &owner
	return e, err
}

// readPromises reads the rows of service levels; empty ones are left out.
func readPromises(values url.Values) ([]marketplace.Promise, error) {
	var out []marketplace.Promise
	for i := 0; values.Has("kind" + strconv.Itoa(i)); i++ {
		at := strconv.Itoa(i)
		p := marketplace.Promise{Kind: values.Get("kind" + at), Text: typed(values, "text"+at)}
		if hours := typed(values, "hours"+at); hours != "" {
			n, err := strconv.Atoi(hours)
			if err != nil || n < 0 {
				return nil, errs.Bad("hours"+at, "has to be a number of hours.")
			}
			p.Hours = n
		}
		if p.Text != "" || p.Hours != 0 {
			out = append(out, p)
		}
	}
	return out, nil
}

func promiseFields(all []marketplace.Promise) []view.PromiseRow {
	var kinds []form.Option
	for _, k := range marketplace.PromiseKinds {
		kinds = append(kinds, form.Option{Value: k, Label: ui.Capital(k)})
	}
	var out []view.PromiseRow
	for _, p := range all {
		row := view.PromiseRow{Kinds: kinds, Kind: p.Kind, Text: p.Text}
		if p.Hours > 0 {
			row.Hours = strconv.Itoa(p.Hours)
		}
		out = append(out, row)
	}
	for range promiseRows {
		out = append(out, view.PromiseRow{Kinds: kinds})
	}
	return out
}

// productAgain shows the form again, with what was typed and what is wrong about it.
func (s *Site) productAgain(w http.ResponseWriter, r *http.Request, p view.Form, err error) error {
	known := labels{}
	for name, label := range productLabels {
		known[name] = label
	}
	for i := 0; r.PostForm.Has("kind" + strconv.Itoa(i)); i++ {
		at := strconv.Itoa(i)
		known["kind"+at], known["text"+at], known["hours"+at] = "About", "In words", "Hours"
	}
	t, err := troubleOf(rowFields(err, "promises"), known)
	if err != nil {
		return err
	}
	p.Errors, p.Refused = t.fields, t.refused
	v := r.PostForm
	p.Fields = view.Fields{
		Slug: typed(v, "slug"), Title: typed(v, "title"), Summary: typed(v, "summary"), Description: v.Get("description"),
		Contact: typed(v, "contact"), Purpose: v.Get("purpose"), Questions: v.Get("questions"), Owner: typed(v, "owner"),
	}
	kinds := promiseFields(nil)[0].Kinds
	for i := 0; v.Has("kind" + strconv.Itoa(i)); i++ {
		at := strconv.Itoa(i)
		p.Fields.Promises = append(p.Fields.Promises, view.PromiseRow{Kinds: kinds, Kind: v.Get("kind" + at), Text: v.Get("text" + at), Hours: v.Get("hours" + at)})
	}
	return s.showProductForm(w, r, t.status, p, graph.ID(v.Get("domain")), authz.Visibility(v.Get("visibility")))
}

// rowFields names the fields of an element of a list as forms do: "promises[1].hours" is "hours1".
func rowFields(err error, list string) error {
	e, ok := errs.As(err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	out := *e
	out.Fields = nil
	for _, f := range e.Fields {
		if rest, ok := strings.CutPrefix(f.Name, list+"["); ok {
			if at, name, ok := strings.Cut(rest, "]."); ok {
				f.Name = name + at
			}
		}
		out.Fields = append(out.Fields, f)
	}
	return &out
}

// showProductForm adds what the form offers to choose from.
func (s *Site) showProductForm(w http.ResponseWriter, r *http.Request, status int, p view.Form, domain graph.ID, visible authz.Visibility) error {
	all, err := s.places(r.Context())
	if err != nil {
		return err
	}
	for _, d := range all {
		if d.ID == domain || s.Policy.Can(r.Context(), authz.Product, string(d.ID), authz.Edit) {
			p.Fields.Domains = append(p.Fields.Domains, form.Option{Value: string(d.ID), Label: domainName(d), On: d.ID == domain})
		}
	}
	p.Fields.Visible = form.Choose([]form.Option{
		{Value: string(authz.Open), Label: "Everybody who is signed in", Hint: "They see what it is, not the data."},
		{Value: string(authz.InDomain), Label: "Whoever may see its domain"},
		{Value: string(authz.Closed), Label: "Named roles of its domain"},
	}, string(visible))
	if p.Fields.Owners, err = s.ownerHandles(r.Context()); err != nil {
		return err
	}
	return s.show(w, r, status, view.FormPage(s.shell(r), p))
}

// ownerHandles are the people and teams that a form suggests as owners.
func (s *Site) ownerHandles(ctx context.Context) ([]form.Option, error) {
	teams, err := s.Identity.Teams(ctx, "", suggested)
	if err != nil {
		return nil, err
	}
	var out []form.Option
	for _, t := range teams.Items {
		out = append(out, form.Option{Value: "team:" + t.Name, Label: teamName(t)})
	}
	people, err := s.logins(ctx)
	return append(out, people...), err
}
