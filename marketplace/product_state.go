package marketplace

import (
	"context"
	"fmt"
	"time"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// ProductAction is what is done with a product as a whole.
type ProductAction string

// The actions on a product.
const (
	Publish   ProductAction = "publish"
	Deprecate ProductAction = "deprecate"
	Retire    ProductAction = "retire"
)

// Products is the workflow of a product.
var Products = []Transition[ProductState, ProductAction]{
	{ProductDraft, Publish, "", ProductPublished},
	{ProductDraft, Retire, "", ProductRetired},
	{ProductPublished, Deprecate, "", ProductDeprecated},
	{ProductPublished, Retire, "", ProductRetired},
	{ProductDeprecated, Publish, "", ProductPublished},
	{ProductDeprecated, Deprecate, "", ProductDeprecated},
	{ProductDeprecated, Retire, "", ProductRetired},
}

// Publish lets others find a product and ask for it: a draft, or a deprecated one that lives on after all. It needs a
// summary, a dataset and an owner who can decide.
// Errors: Forbidden, Invalid with the fields that are missing, NotFound, Conflict.
func (s *Service) Publish(ctx context.Context, id graph.ID, version int64) (Product, error) {
	return s.moveProduct(ctx, "marketplace.product-publish", id, version, Publish, func(ctx context.Context, tx graph.Tx, p *Product) error {
		p.Successor, p.Sunset = "", time.Time{}
		if p.Published.IsZero() {
			p.Published = graph.Time(s.now())
		}
		c := &checker{}
		c.line("summary", p.Summary, maxSummary, true)
		if err := s.checkOffer(ctx, tx, c, *p); err != nil {
			return err
		}
		if err := canAct(ctx, tx, p.Owner); errs.Is(err, errs.Invalid) {
			c.field("owner", "is nobody who can decide: name a person who can sign in, or a team with such people in it.")
		} else if err != nil {
			return err
		}
		return c.err()
	})
}

// checkOffer refuses to publish a product of nothing.
func (s *Service) checkOffer(ctx context.Context, r graph.Reader, c *checker, p Product) error {
	parts, err := p.parts()
	if err != nil {
		return err
	}
	if len(parts) == 0 {
		c.field("parts", "are missing: add at least one dataset.")
		return nil
	}
	known, err := getAll(ctx, r, catalog.DatasetType, datasetsOf(parts))
	if err != nil {
		return err
	}
	if gone := len(parts) - len(known); gone > 0 {
		c.field("parts", fmt.Sprintf("name %d that can't be found any more; take out what is gone.", gone))
	}
	return nil
}

// Deprecate says that a product ends on a day, and which one takes its place. It can be asked for until then.
// Errors: Forbidden, Invalid with the fields "successor" and "sunset", NotFound, Conflict.
func (s *Service) Deprecate(ctx context.Context, id graph.ID, version int64, successor graph.ID, sunset time.Time) (Product, error) {
	return s.moveProduct(ctx, "marketplace.product-deprecate", id, version, Deprecate, func(ctx context.Context, tx graph.Tx, p *Product) error {
		c := &checker{}
		p.Sunset = graph.Time(sunset)
		if sunset.IsZero() {
			c.field("sunset", "is missing: say from which day nobody has it any more.")
		} else if !sunset.After(s.now()) {
			c.field("sunset", "has to be a day that comes.")
		}
		p.Successor = successor
		if successor != "" {
			next, ok, err := get(ctx, tx, productType, successor)
			if err != nil {
				return err
			}
			if !ok || !s.sees(ctx, next) || next.State != ProductPublished || next.ID == p.ID {
				c.field("successor", "has to be another product, a published one.")
			}
		}
		return c.err()
	})
}

// Retire takes a product away for good. Nobody may have it still: grants are revoked or run out first.
// Errors: Forbidden, NotFound, Conflict.
func (s *Service) Retire(ctx context.Context, id graph.ID, version int64) (Product, error) {
	return s.moveProduct(ctx, "marketplace.product-retire", id, version, Retire, func(ctx context.Context, tx graph.Tx, p *Product) error {
		has, err := hasGrants(ctx, tx, p.ID)
		if err == nil && has {
			err = errs.E(errs.Conflict, "Somebody has this product still. Deprecate it with a day on which it ends, or revoke the grants first.")
		}
		return err
	})
}

// hasGrants tells whether somebody has a target, or is being let in.
func hasGrants(ctx context.Context, r graph.Reader, target graph.ID) (bool, error) {
	for _, state := range []GrantState{Granting, Active, Failed} {
		page, err := list(ctx, r, grantType, graph.Query{
			Where: []graph.Filter{where("target", string(target)), where("state", string(state))}, Sort: "until", Limit: 1,
		})
		if err != nil || len(page.Items) > 0 {
			return true, err
		}
	}
	return false, nil
}

// moveProduct takes a product to another state.
func (s *Service) moveProduct(ctx context.Context, action string, id graph.ID, version int64, act ProductAction,
	do func(ctx context.Context, tx graph.Tx, p *Product) error,
) (Product, error) {
	return s.changeProduct(ctx, action, id, version, authz.Manage, func(ctx context.Context, tx graph.Tx, p *Product) error {
		to, err := next(Products, p.State, act, "")
		if err != nil {
			return err
		}
		if err := do(ctx, tx, p); err != nil {
			return err
		}
		p.State = to
		return nil
	})
}
