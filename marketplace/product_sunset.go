package marketplace

import (
	"context"

	"weir/audit"
	"weir/graph"
)

// sunsetReason is why grants of a product end with it.
const sunsetReason = "The product has ended."

// EndProducts ends what is still granted of products whose last day has come, and retires them, a bounded number of grants in one
// call. It is for a job: of two that work at once each grant is ended by one.
func (s *Service) EndProducts(ctx context.Context) error {
	q := graph.Query{Where: []graph.Filter{where("state", string(ProductDeprecated))}, Sort: "title", Limit: graph.MaxPage}
	for {
		page, err := list(ctx, s.store, productType, q)
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			if !p.over(s.now()) {
				continue
			}
			if err := s.endProduct(ctx, p.ID); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}

// endProduct ends the grants of a product, then the product.
func (s *Service) endProduct(ctx context.Context, id graph.ID) error {
	end := func(ctx context.Context, tx graph.Tx, g Grant) (*audit.Entry, error) {
		if !g.Live() {
			return nil, nil
		}
		_, changes, err := s.endGrant(ctx, tx, g, ExpireGrant, sunsetReason)
		return &audit.Entry{Action: "marketplace.grant-expire", Changes: changes}, err
	}
	for range dueRounds {
		ids, err := s.liveGrantsOf(ctx, id)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			return s.retireOver(ctx, id)
		}
		if err := s.together(ctx, ids, end); err != nil {
			return err
		}
	}
	return nil
}

// liveGrantsOf are some grants of a target that have not ended.
func (s *Service) liveGrantsOf(ctx context.Context, target graph.ID) ([]graph.ID, error) {
	var out []graph.ID
	for _, state := range live {
		page, err := list(ctx, s.store, grantType, graph.Query{
			Where: []graph.Filter{where("target", string(target)), where("state", string(state))}, Sort: "until", Limit: dueBatch,
		})
		if err != nil {
			return nil, err
		}
		for _, g := range page.Items {
			out = append(out, g.ID)
		}
	}
	return out, nil
}

// retireOver retires a product that is over and that nobody has any more, as it is now.
func (s *Service) retireOver(ctx context.Context, id graph.ID) error {
	return s.run(ctx, "marketplace.product-retire", id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		was, _, err := productAt(ctx, tx, id)
		if err != nil || !was.over(s.now()) {
			return deed{}, err
		}
		has, err := hasGrants(ctx, tx, id)
		if err != nil || has {
			return deed{}, err
		}
		p := was
		if p.State, err = next(Products, was.State, Retire, ""); err != nil {
			return deed{}, err
		}
		p.Audience = p.audience()
		p, err = put(ctx, tx, productType, id, graph.IfVersion, p)
		return deed{target: id, changes: productChanges(was, p)}, err
	})
}
