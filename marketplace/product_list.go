package marketplace

import (
	"context"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// ProductList asks for products. Empty fields keep all, but for retired ones, which have to be asked for.
type ProductList struct {
	Text   string
	State  ProductState
	Domain graph.ID
	Owner  graph.ID
	Newest bool // the latest published first; else by title, or with a Text the best match first
	Offset int
	Limit  int // 1 to graph.MaxPage
}

// ProductPage is a part of the products that were asked for. Total is at least, if Capped. Facets count all that Text and
// the other filters keep, by "domain", "state" and "owner".
type ProductPage struct {
	Items  []Product
	Total  int
	Capped bool
	Facets map[string][]graph.Bucket
}

// shownStates are those that a list shows where nothing is said.
var shownStates = []any{string(ProductDraft), string(ProductPublished), string(ProductDeprecated)}

// Products lists the products that the viewer may see. Errors: Unauthenticated, Invalid.
func (s *Service) Products(ctx context.Context, q ProductList) (ProductPage, error) {
	if err := s.policy.Require(ctx, authz.Product, authz.Everywhere, authz.View); err != nil {
		return ProductPage{}, err
	}
	if q.Limit < 1 || q.Limit > graph.MaxPage || q.Offset < 0 || q.Offset+q.Limit > graph.MaxWindow {
		return ProductPage{}, errs.Badf("limit", "has to be between 1 and %d, and with the offset at most %d.", graph.MaxPage, graph.MaxWindow)
	}
	found, err := s.store.Search(ctx, graph.Search{
		Text: q.Text, Prefix: true, Kinds: []graph.Kind{productType.Kind}, Where: q.filters(), Sort: q.sort(), Desc: q.Newest,
		Facets: []graph.Facet{{Prop: "domain"}, {Prop: "state"}, {Prop: "owner"}},
		Offset: q.Offset, Limit: q.Limit, Visible: s.policy.Visible(ctx),
	})
	if err != nil {
		return ProductPage{}, err
	}
	out := ProductPage{Total: found.Total, Capped: found.Capped, Facets: found.Facets}
	for _, h := range found.Hits {
		p, err := productType.Read(h.Node)
		if err != nil {
			return out, broken(err)
		}
		out.Items = append(out.Items, p)
	}
	return out, nil
}

func (q ProductList) filters() []graph.Filter {
	state := graph.Filter{Prop: "state", Values: shownStates}
	if q.State != "" {
		state = where("state", string(q.State))
	}
	out := []graph.Filter{state}
	if q.Domain != "" {
		out = append(out, where("domain", string(q.Domain)))
	}
	if q.Owner != "" {
		out = append(out, where("owner", string(q.Owner)))
	}
	return out
}

func (q ProductList) sort() string {
	switch {
	case q.Newest:
		return "published"
	case q.Text == "":
		return "title"
	}
	return ""
}

// Product is one product with its parts. Errors: NotFound.
func (s *Service) Product(ctx context.Context, id graph.ID) (Product, []Part, error) {
	return s.visibleProduct(ctx, s.store, id)
}

// ProductBySlug is one product with its parts. Errors: NotFound.
func (s *Service) ProductBySlug(ctx context.Context, slug string) (Product, []Part, error) {
	return s.visibleProduct(ctx, s.store, ProductID(slug))
}

// visibleProduct is a product that the viewer in ctx may see.
func (s *Service) visibleProduct(ctx context.Context, r graph.Reader, id graph.ID) (Product, []Part, error) {
	if err := s.policy.Require(ctx, authz.Product, authz.Everywhere, authz.View); err != nil {
		return Product{}, nil, err
	}
	p, parts, err := productAt(ctx, r, id)
	if err == nil && !s.sees(ctx, p) {
		err = errNoProduct()
	}
	if err != nil {
		return Product{}, nil, err
	}
	return p, parts, nil
}

// ProductsWith are the products with a dataset that the viewer may see and that can be asked for, by title, at most
// graph.MaxPage.
func (s *Service) ProductsWith(ctx context.Context, dataset graph.ID) ([]Product, error) {
	if err := s.policy.Require(ctx, authz.Product, authz.Everywhere, authz.View); err != nil {
		return nil, err
	}
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{dataset}, Dir: graph.In, Rels: []graph.Rel{RelOffers}, Limit: graph.MaxPage})
	if err != nil {
		return nil, err
	}
	var ids []graph.ID
	for _, e := range page.Edges {
		ids = append(ids, e.From)
	}
	known, err := getAll(ctx, s.store, productType, ids)
	if err != nil {
		return nil, err
	}
	var out []Product
	for _, id := range ids {
		if p, ok := known[id]; ok && s.sees(ctx, p) && p.askable(s.now()) == "" {
			out = append(out, p)
		}
	}
	return byTitle(out), nil
}
