package marketplace

import (
	"cmp"
	"context"
	"slices"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// errNoProduct is the answer for what is missing and for what is hidden from whoever asks.
func errNoProduct() error { return errs.E(errs.NotFound, "There is no such product.") }

// ProductID is the id of a product, made from its slug.
func ProductID(slug string) graph.ID { return catalog.NewID(productType.Spec.Prefix, slug) }

// productAt reads a product with its parts, whether the viewer may see it or not. Errors: NotFound.
func productAt(ctx context.Context, r graph.Reader, id graph.ID) (Product, []Part, error) {
	p, ok, err := get(ctx, r, productType, id)
	if err != nil {
		return p, nil, err
	}
	if !ok {
		return p, nil, errNoProduct()
	}
	parts, err := p.parts()
	return p, parts, err
}

// parts are the datasets of a product.
func (p Product) parts() ([]Part, error) {
	var out []Part
	return out, unpack(p.Parts, &out)
}

// promises are the service levels of a product.
func (p Product) promises() ([]Promise, error) {
	var out []Promise
	return out, unpack(p.Promises, &out)
}

// sees tells whether the viewer in ctx may see a product.
func (s *Service) sees(ctx context.Context, p Product) bool {
	return s.policy.Sees(ctx, p.Audience)
}

// audience is the key that says who may see a product: a draft is closed.
func (p Product) audience() string {
	if p.State == ProductDraft {
		return authz.Audience(authz.Closed, p.Domain)
	}
	return authz.Audience(p.Visibility, p.Domain)
}

// askable says why a product can't be asked for at a time; "" if it can.
func (p Product) askable(now time.Time) string {
	switch {
	case p.State == ProductDraft:
		return "It isn't published yet."
	case p.State == ProductRetired:
		return "It is retired."
	case p.over(now):
		return "It ended on " + p.Sunset.UTC().Format("2 January 2006") + "."
	}
	return ""
}

// over tells whether the day from which nobody has the product has come.
func (p Product) over(now time.Time) bool {
	return p.State == ProductDeprecated && !p.Sunset.IsZero() && !now.Before(p.Sunset)
}

// termsID is the id of one version of the terms of a product.
func termsID(product graph.ID, number int) graph.ID {
	return catalog.NewID(termsType.Spec.Prefix, string(product), decimal(number))
}

// currentTerms are the terms of use that hold for a product; a zero Number if there are none.
func currentTerms(ctx context.Context, r graph.Reader, p Product) (Terms, error) {
	return termsAt(ctx, r, p.ID, p.Terms)
}

// termsAt is one version of the terms; a zero Number if there is none.
func termsAt(ctx context.Context, r graph.Reader, product graph.ID, number int) (Terms, error) {
	if number < 1 {
		return Terms{}, nil
	}
	t, _, err := get(ctx, r, termsType, termsID(product, number))
	return t, err
}

// datasetsOf are the datasets of parts, in their order.
func datasetsOf(parts []Part) []graph.ID {
	out := make([]graph.ID, len(parts))
	for i, p := range parts {
		out[i] = p.Dataset
	}
	return out
}

// byTitle sorts products as lists show them.
func byTitle(list []Product) []Product {
	slices.SortFunc(list, func(a, b Product) int { return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID)) })
	return list
}
