package gqlschema

import (
	"context"
	"time"

	"weir/authz"
	"weir/gqlschema/gen"
	"weir/graph"
	"weir/marketplace"
)

// productEdit is an input as the command takes it.
func productEdit(version *int, in gen.ProductInput) marketplace.ProductEdit {
	out := marketplace.ProductEdit{
		Version: number64(version), Title: in.Title, Summary: in.Summary, Description: in.Description, Domain: in.Domain, Owner: in.Owner,
		Contact: in.Contact, Purpose: in.Purpose,
	}
	if in.Questions != nil {
		out.Questions = &in.Questions
	}
	if in.Promises != nil {
		promises := []marketplace.Promise{}
		for _, p := range in.Promises {
			promises = append(promises, marketplace.Promise{Kind: unword[string](p.Kind), Text: p.Text, Hours: or(p.Hours, 0)})
		}
		out.Promises = &promises
	}
	if in.Visibility != nil {
		v := unword[authz.Visibility](*in.Visibility)
		out.Visibility = &v
	}
	return out
}

func (m mutations) CreateProduct(ctx context.Context, slug string, in gen.ProductInput) (*gen.Product, error) {
	return productAfter(m.market.CreateProduct(ctx, slug, productEdit(nil, in)))
}

func (m mutations) EditProduct(ctx context.Context, id graph.ID, version *int, in gen.ProductInput) (*gen.Product, error) {
	return productAfter(m.market.EditProduct(ctx, id, productEdit(version, in)))
}

func (m mutations) SetProductParts(ctx context.Context, id graph.ID, version *int, in []*gen.ProductPartInput) (*gen.Product, error) {
	parts := make([]marketplace.Part, len(in))
	for i, p := range in {
		parts[i] = marketplace.Part{Dataset: p.Dataset, Columns: p.Columns}
	}
	return productAfter(m.market.SetParts(ctx, id, number64(version), parts))
}

func (m mutations) SetProductTerms(ctx context.Context, id graph.ID, version *int, text string) (*gen.Product, error) {
	return productAfter(m.market.SetTerms(ctx, id, number64(version), text))
}

func (m mutations) PublishProduct(ctx context.Context, id graph.ID, version *int) (*gen.Product, error) {
	return productAfter(m.market.Publish(ctx, id, number64(version)))
}

func (m mutations) DeprecateProduct(ctx context.Context, id graph.ID, version *int, successor *graph.ID, sunset time.Time) (*gen.Product, error) {
	return productAfter(m.market.Deprecate(ctx, id, number64(version), or(successor, ""), sunset))
}

func (m mutations) RetireProduct(ctx context.Context, id graph.ID, version *int) (*gen.Product, error) {
	return productAfter(m.market.Retire(ctx, id, number64(version)))
}
