package marketplace

import (
	"context"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// SetTerms gives a product new terms of use; an empty text is none from now on. Versions are never changed: whoever accepted
// an older one has accepted that. Terms of what was published before are the owner's to change.
// Errors: Forbidden, Invalid with the field "text", NotFound, Conflict.
func (s *Service) SetTerms(ctx context.Context, id graph.ID, version int64, text string) (Product, error) {
	const action = "marketplace.terms"
	c := &checker{}
	text = c.lines("text", text, maxTerms, false)
	if err := c.err(); err != nil {
		return Product{}, err
	}
	return s.changeProduct(ctx, action, id, version, authz.Edit, func(ctx context.Context, tx graph.Tx, p *Product) error {
		if p.State != ProductDraft {
			if err := s.policy.Require(ctx, authz.Product, string(p.Domain), authz.Manage); err != nil {
				return err
			}
		}
		now, err := currentTerms(ctx, tx, *p)
		if err != nil || now.Text == text {
			return err
		}
		if text == "" {
			p.Terms = 0
			return nil
		}
		p.TermsLast++
		p.Terms = p.TermsLast
		t := Terms{Product: p.ID, Number: p.Terms, Text: text, By: graph.ID(authz.Actor(ctx)), At: graph.Time(s.now())}
		_, err = put(ctx, tx, termsType, termsID(p.ID, t.Number), graph.Create, t)
		return err
	})
}

// Terms are one version of the terms of use of a product. Errors: NotFound.
func (s *Service) Terms(ctx context.Context, product graph.ID, number int) (Terms, error) {
	p, _, err := s.visibleProduct(ctx, s.store, product)
	if err != nil {
		return Terms{}, err
	}
	t, err := termsAt(ctx, s.store, p.ID, number)
	if err == nil && t.Number == 0 {
		err = errs.E(errs.NotFound, "There are no such terms of use.")
	}
	return t, err
}

// TermsOf are all versions of the terms of use of a product, the newest first, at most graph.MaxPage. Errors: NotFound.
func (s *Service) TermsOf(ctx context.Context, product graph.ID) ([]Terms, error) {
	p, _, err := s.visibleProduct(ctx, s.store, product)
	if err != nil {
		return nil, err
	}
	page, err := list(ctx, s.store, termsType, graph.Query{
		Where: []graph.Filter{where("product", string(p.ID))}, Sort: "number", Desc: true, Limit: graph.MaxPage,
	})
	return page.Items, err
}
