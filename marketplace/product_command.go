package marketplace

import (
	"context"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// ProductEdit is what is said of a product; nil fields stay as they are. Version is the one that was looked at, 0 is any.
type ProductEdit struct {
	Version     int64
	Title       *string
	Summary     *string // one or two sentences
	Description *string // Markdown
	Domain      *graph.ID
	Owner       *graph.ID // a person, or a team with people in it
	Contact     *string
	Purpose     *string
	Questions   *[]string
	Promises    *[]Promise
	Visibility  *authz.Visibility
}

// CreateProduct makes a draft under a slug, its name in addresses, which is never changed after. Without an owner it is
// owned by whoever makes it; it is open to everybody once published, unless another visibility is said.
// Errors: Forbidden, Invalid with the fields, Exists if the slug is taken.
func (s *Service) CreateProduct(ctx context.Context, slug string, e ProductEdit) (Product, error) {
	const action = "marketplace.product-create"
	if e.Domain == nil || *e.Domain == "" {
		return Product{}, errs.Bad("domain", "is missing.")
	}
	if err := s.policy.Require(ctx, authz.Product, string(*e.Domain), authz.Edit); err != nil {
		return Product{}, s.refused(ctx, action, "", err)
	}
	c := &checker{}
	p := Product{Slug: c.handle("slug", slug), State: ProductDraft, Visibility: authz.Open}
	if who := authz.From(ctx); who.Type == authz.Person {
		p.Owner = graph.ID(who.ID)
	}
	if err := e.apply(c, &p); err != nil {
		return Product{}, err
	}
	p.ID = ProductID(p.Slug)
	err := s.run(ctx, action, "", func(ctx context.Context, tx graph.Tx) (deed, error) {
		if err := s.checkPlace(ctx, tx, Product{}, p); err != nil {
			return deed{}, err
		}
		if _, there, err := get(ctx, tx, productType, p.ID); err != nil || there {
			if err == nil {
				err = taken("slug")
			}
			return deed{}, err
		}
		var err error
		p.Audience = p.audience()
		p, err = put(ctx, tx, productType, p.ID, graph.Create, p)
		return deed{target: p.ID, changes: productChanges(Product{ID: p.ID}, p)}, err
	})
	return p, err
}

// EditProduct changes what is said of a product. Who owns it and where it belongs decides over requests: to change that
// needs the right to publish.
// Errors: Forbidden, Invalid with the fields, NotFound, Conflict.
func (s *Service) EditProduct(ctx context.Context, id graph.ID, e ProductEdit) (Product, error) {
	const action = "marketplace.product-edit"
	return s.changeProduct(ctx, action, id, e.Version, authz.Edit, func(ctx context.Context, tx graph.Tx, p *Product) error {
		was := *p
		if err := e.apply(&checker{}, p); err != nil {
			return err
		}
		if was.Owner != p.Owner || was.Domain != p.Domain {
			if err := s.policy.Require(ctx, authz.Product, string(was.Domain), authz.Manage); err != nil {
				return err
			}
		}
		return s.checkPlace(ctx, tx, was, *p)
	})
}

// changeProduct runs one change of a product in the version that was looked at, for whoever may act so in its domain.
func (s *Service) changeProduct(ctx context.Context, action string, id graph.ID, version int64, act authz.Action,
	do func(ctx context.Context, tx graph.Tx, p *Product) error,
) (Product, error) {
	var out Product
	err := s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		was, err := s.editable(ctx, tx, id, version, act)
		if err != nil {
			return deed{}, err
		}
		p := was
		if err := do(ctx, tx, &p); err != nil {
			return deed{}, err
		}
		p.Audience = p.audience()
		out, err = put(ctx, tx, productType, id, graph.IfVersion, p)
		return deed{target: id, changes: productChanges(was, out)}, err
	})
	return out, err
}

// editable is a product that the actor sees and may act on, in the version that was looked at; 0 is any.
func (s *Service) editable(ctx context.Context, r graph.Reader, id graph.ID, version int64, act authz.Action) (Product, error) {
	p, _, err := productAt(ctx, r, id)
	if err != nil {
		return p, err
	}
	if !s.sees(ctx, p) {
		return p, errNoProduct()
	}
	if err := s.policy.Require(ctx, authz.Product, string(p.Domain), act); err != nil {
		return p, err
	}
	if p.State == ProductRetired {
		return p, errs.E(errs.Conflict, "This product is retired; it stays as it is.")
	}
	return p, sameVersion(version, p.Version)
}

// taken is the error of a name that something else has.
func taken(field string) error {
	const msg = "is taken already."
	return &errs.Error{Kind: errs.Exists, Message: field + ": " + msg, Fields: []errs.Field{{Name: field, Message: msg}}}
}

func domainOf(id *graph.ID) string {
	if id == nil || *id == "" {
		return authz.NoDomain
	}
	return string(*id)
}

// productChanges are the fields in which two states of a product differ.
func productChanges(was, now Product) []audit.Change {
	var out []audit.Change
	for _, f := range []struct{ name, before, after string }{
		{"slug", was.Slug, now.Slug}, {"title", was.Title, now.Title}, {"summary", was.Summary, now.Summary},
		{"description", was.Description, now.Description}, {"domain", string(was.Domain), string(now.Domain)},
		{"owner", string(was.Owner), string(now.Owner)}, {"contact", was.Contact, now.Contact}, {"purpose", was.Purpose, now.Purpose},
		{"questions", joinLines(was.Questions), joinLines(now.Questions)}, {"promises", string(was.Promises), string(now.Promises)},
		{"parts", string(was.Parts), string(now.Parts)}, {"visibility", string(was.Visibility), string(now.Visibility)},
		{"state", string(was.State), string(now.State)}, {"terms", number(was.Terms), number(now.Terms)},
		{"successor", string(was.Successor), string(now.Successor)}, {"sunset", dateOf(was.Sunset), dateOf(now.Sunset)},
	} {
		out = changed(out, now.ID, f.name, f.before, f.after)
	}
	return out
}
