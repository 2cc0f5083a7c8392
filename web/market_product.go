package web

import (
	"net/http"
	"net/url"
	"strconv"

	"weir/authz"
	"weir/graph"
	"weir/marketplace"
	"weir/views/form"
	"weir/views/link"
	view "weir/views/product"
	"weir/views/ui"
)

// productRows is how many products a page lists.
const productRows = 50

// productRoutes are the pages of what the marketplace offers.
func (s *Site) productRoutes() []route {
	look, edit, manage := may(authz.Product, authz.View), may(authz.Product, authz.Edit), may(authz.Product, authz.Manage)
	return []route{
		{"GET /products", look, s.known(s.products)},
		{"GET /products/new", edit, s.known(s.newProduct)},
		{"POST /products/new", edit, s.known(s.newProduct)},
		{"GET /products/{slug}", look, s.known(s.product)},
		{"GET /products/{slug}/edit", edit, s.known(s.editProduct)},
		{"POST /products/{slug}/edit", edit, s.known(s.editProduct)},
		{"GET /products/{slug}/data", edit, s.known(s.productData)},
		{"POST /products/{slug}/data", edit, s.known(s.productData)},
		{"GET /products/{slug}/terms", look, s.known(s.productTerms)},
		{"POST /products/{slug}/terms", edit, s.known(s.productTerms)},
		{"POST /products/{slug}/publish", manage, s.known(s.publishProduct)},
		{"GET /products/{slug}/deprecate", manage, s.known(s.deprecateProduct)},
		{"POST /products/{slug}/deprecate", manage, s.known(s.deprecateProduct)},
		{"POST /products/{slug}/retire", manage, s.known(s.retireProduct)},
	}
}

// products answers the list.
func (s *Site) products(w http.ResponseWriter, r *http.Request) error {
	at := partOfProducts(r.URL.Query())
	found, err := s.Market.Products(r.Context(), marketplace.ProductList{
		Text: at.Text, State: marketplace.ProductState(at.State), Domain: graph.ID(at.Domain), Offset: at.Offset, Limit: productRows,
	})
	if err != nil {
		return err
	}
	all, err := s.places(r.Context())
	if err != nil {
		return err
	}
	p := view.List{At: at, Domains: productDomains(all, at.Domain), States: productStates(at)}
	if s.Policy.CanSomewhere(r.Context(), authz.Product, authz.Edit) {
		p.New = link.New(link.Products())
	}
	owners, err := s.ownerNamesOf(r, found.Items)
	if err != nil {
		return err
	}
	for _, v := range found.Items {
		p.Rows = append(p.Rows, view.Row{
			Title: ui.Link{Text: v.Title, Href: link.Product(v.Slug)}, Summary: v.Summary, Domain: all.link(string(v.Domain)).Text,
			Owner: partyOwner(v.Owner, owners[v.Owner]), State: productState(v.State),
		})
	}
	p.Pager = productPager(at, len(p.Rows), found.Total, found.Capped)
	return s.show(w, r, http.StatusOK, view.ListPage(s.shell(r), p))
}

func partOfProducts(values url.Values) link.ProductPart {
	at := link.ProductPart{Text: typed(values, "q"), State: values.Get("state"), Domain: values.Get("domain")}
	if n, err := strconv.Atoi(values.Get("from")); err == nil && n > 0 {
		at.Offset = n
	}
	return at
}

// ownerNamesOf are the names of the owners of products.
func (s *Site) ownerNamesOf(r *http.Request, all []marketplace.Product) (map[graph.ID]string, error) {
	var ids []graph.ID
	for _, p := range all {
		ids = append(ids, p.Owner)
	}
	return s.Identity.Names(r.Context(), ids...)
}

func productDomains(all places, chosen string) []form.Option {
	out := []form.Option{{Label: "All domains", On: chosen == ""}}
	for _, d := range all {
		out = append(out, form.Option{Value: string(d.ID), Label: domainName(d), On: string(d.ID) == chosen})
	}
	return out
}

// productStates are the filters by state, each keeping the others.
func productStates(at link.ProductPart) []ui.Option {
	var out []ui.Option
	for _, st := range []struct {
		state marketplace.ProductState
		label string
	}{{"", "All"}, {marketplace.ProductPublished, "Published"}, {marketplace.ProductDraft, "Drafts"}, {marketplace.ProductDeprecated, "Ending"}, {marketplace.ProductRetired, "Retired"}} {
		to := at
		to.State, to.Offset = string(st.state), 0
		out = append(out, ui.Option{Label: st.label, Href: link.ProductList(to), Current: at.State == string(st.state)})
	}
	return out
}

// productState is the word for a state; what is normal has none.
func productState(st marketplace.ProductState) view.State {
	switch st {
	case marketplace.ProductDraft:
		return view.State{Word: "Draft", Icon: "circle-dashed"}
	case marketplace.ProductDeprecated:
		return view.State{Word: "Ending", Icon: "clock-fading", Tone: ui.Amber}
	case marketplace.ProductRetired:
		return view.State{Word: "Retired", Icon: "ban"}
	}
	return view.State{}
}

func productPager(at link.ProductPart, shown, total int, capped bool) ui.Pager {
	p := ui.Pager{Summary: ui.Count(total, "product", "products")}
	if capped {
		p.Summary = "at least " + p.Summary
	}
	if at.Offset > 0 {
		first := at
		first.Offset = 0
		p.First = link.ProductList(first)
	}
	if at.Offset+shown < total {
		next := at
		next.Offset += shown
		p.Next = link.ProductList(next)
	}
	return p
}
