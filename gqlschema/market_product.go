package gqlschema

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"weir/catalog"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

func (r *resolver) Product() gen.ProductResolver         { return &products{r} }
func (r *resolver) ProductPart() gen.ProductPartResolver { return productParts{} }

type (
	products     struct{ *resolver }
	productParts struct{}
)

func (q queries) Products(ctx context.Context, text *string, state *gen.ProductState, domain, owner *graph.ID, newest *bool, first *int, after *string) (*gen.ProductConnection, error) {
	list := marketplace.ProductList{
		Text: or(text, ""), State: unwordOr[marketplace.ProductState](state), Domain: or(domain, ""), Owner: or(owner, ""), Newest: or(newest, false),
	}
	var found marketplace.ProductPage
	w, err := counted("products", first, after, func(offset, limit int) (_ []marketplace.Product, _ int, err error) {
		list.Offset, list.Limit = offset, limit
		found, err = q.market.Products(ctx, list)
		return found.Items, found.Total, err
	})
	if err != nil {
		return nil, err
	}
	shown, err := showProducts(w.items)
	if err != nil {
		return nil, err
	}
	out := &gen.ProductConnection{PageInfo: w.info, Nodes: shown, Edges: []*gen.ProductEdge{}, TotalCount: found.Total, IsCapped: found.Capped, Facets: showProductFacets(found.Facets)}
	for i, p := range shown {
		out.Edges = append(out.Edges, &gen.ProductEdge{Cursor: w.cursors[i], Node: p})
	}
	return out, nil
}

func showProductFacets(in map[string][]graph.Bucket) []*gen.ProductFacet {
	out := []*gen.ProductFacet{}
	for _, field := range slices.Sorted(maps.Keys(in)) {
		for _, b := range in[field] {
			out = append(out, &gen.ProductFacet{Field: field, Value: b.Value, Count: b.Count})
		}
	}
	return out
}

func (q queries) Product(ctx context.Context, slug string) (*gen.Product, error) {
	p, _, err := q.market.ProductBySlug(ctx, slug)
	return productFound(p, err)
}

func (q queries) ProductsWith(ctx context.Context, dataset graph.ID) ([]*gen.Product, error) {
	found, err := q.market.ProductsWith(ctx, dataset)
	if err != nil {
		return nil, err
	}
	return showProducts(found)
}

// productFound is nil for a product that isn't there, or is hidden.
func productFound(p marketplace.Product, err error) (*gen.Product, error) {
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return productAfter(p, err)
}

// productAfter shows what a command has made, or its error.
func productAfter(p marketplace.Product, err error) (*gen.Product, error) {
	if err != nil {
		return nil, err
	}
	return showProduct(p)
}

func showProducts(in []marketplace.Product) ([]*gen.Product, error) {
	out := make([]*gen.Product, len(in))
	for i, p := range in {
		var err error
		if out[i], err = showProduct(p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func showProduct(p marketplace.Product) (*gen.Product, error) {
	var parts []marketplace.Part
	var promises []marketplace.Promise
	if err := unpacked(p.Parts, &parts); err != nil {
		return nil, err
	}
	if err := unpacked(p.Promises, &promises); err != nil {
		return nil, err
	}
	return &gen.Product{
		ID: p.ID, Slug: p.Slug, Title: p.Title, Summary: text(p.Summary), Description: text(p.Description), Owner: somebody(p.Owner),
		Contact: text(p.Contact), Purpose: text(p.Purpose), Questions: full(p.Questions), State: word[gen.ProductState](p.State),
		Sunset: when(p.Sunset), TermsNumber: atLeastOne(p.Terms), Parts: all(parts, showProductPart), Promises: all(promises, showPromise),
		Visibility: word[gen.Visibility](p.Visibility), PublishedAt: when(p.Published), Version: int(p.Version),
		CreatedAt: p.Created, UpdatedAt: p.Updated, Value: p,
	}, nil
}

// unpacked reads what the marketplace packs into one property.
func unpacked(b []byte, v any) error {
	if len(b) == 0 {
		return nil
	}
	return errs.Wrap(json.Unmarshal(b, v), errs.Internal, "What the marketplace keeps can't be read.")
}

func showProductPart(p marketplace.Part) *gen.ProductPart {
	return &gen.ProductPart{WholeDataset: len(p.Columns) == 0, Value: p}
}

func showPromise(p marketplace.Promise) *gen.Promise {
	return &gen.Promise{Kind: word[gen.PromiseKind](p.Kind), Text: p.Text, Hours: atLeastOne(p.Hours)}
}

func showTerms(t marketplace.Terms) *gen.Terms {
	return &gen.Terms{Number: t.Number, Text: t.Text, By: somebody(t.By), At: t.At}
}

func (products) Domain(ctx context.Context, p *gen.Product) (*gen.Domain, error) {
	return byID(ctx, p.Value.Domain, showDomain)
}

func (r products) Successor(ctx context.Context, p *gen.Product) (*gen.Product, error) {
	if p.Value.Successor == "" {
		return nil, nil
	}
	next, _, err := r.market.Product(ctx, p.Value.Successor)
	return productFound(next, err)
}

func (r products) Terms(ctx context.Context, p *gen.Product) (*gen.Terms, error) {
	if p.Value.Terms == 0 {
		return nil, nil
	}
	t, err := r.market.Terms(ctx, p.ID, p.Value.Terms)
	return found(t, err, showTerms)
}

func (r products) TermsVersions(ctx context.Context, p *gen.Product) ([]*gen.Terms, error) {
	found, err := r.market.TermsOf(ctx, p.ID)
	return all(found, showTerms), err
}

func (productParts) Dataset(ctx context.Context, p *gen.ProductPart) (*gen.Dataset, error) {
	return byID(ctx, p.Value.Dataset, showDataset)
}

// Columns are those chosen that are still there and that the viewer may see.
func (productParts) Columns(ctx context.Context, p *gen.ProductPart) ([]*gen.Column, error) {
	found, err := loadersOf(ctx).assets.loadAll(ctx, p.Value.Columns)
	out := []*gen.Column{}
	for _, id := range p.Value.Columns {
		if c, ok := found[id].Value.(catalog.Column); ok {
			out = append(out, showColumn(c))
		}
	}
	return out, err
}
