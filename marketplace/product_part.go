package marketplace

import (
	"context"
	"fmt"
	"slices"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// The limits of what a product bundles.
const (
	maxParts       = 200
	maxPartColumns = 5_000 // chosen ones, of all datasets together
)

// SetParts says which datasets a product bundles, all of each or chosen columns. What comes anew has to be visible to the
// actor, and in a domain in which he may edit products: nobody offers the data of others. What others can ask for already is
// changed by those alone who may publish.
// Errors: Forbidden, Invalid with the fields ("parts[1].dataset", "parts[0].columns"), NotFound, Conflict.
func (s *Service) SetParts(ctx context.Context, id graph.ID, version int64, parts []Part) (Product, error) {
	const action = "marketplace.product-edit"
	return s.changeProduct(ctx, action, id, version, authz.Edit, func(ctx context.Context, tx graph.Tx, p *Product) error {
		if p.State != ProductDraft {
			if err := s.policy.Require(ctx, authz.Product, string(p.Domain), authz.Manage); err != nil {
				return err
			}
		}
		before, err := p.parts()
		if err != nil {
			return err
		}
		after, err := s.checkParts(ctx, tx, before, parts)
		if err != nil {
			return err
		}
		if len(after) == 0 && p.State != ProductDraft {
			return errs.Bad("parts", "are missing: a product that can be asked for has at least one dataset.")
		}
		if p.Parts, err = pack(after); err != nil {
			return err
		}
		return s.offer(ctx, tx, p.ID, datasetsOf(before), datasetsOf(after))
	})
}

// offer makes and ends the edges to the datasets of a product.
func (s *Service) offer(ctx context.Context, tx graph.Tx, product graph.ID, before, after []graph.ID) error {
	now := graph.Time(s.now())
	var come, gone []graph.Edge
	for _, id := range after {
		if !slices.Contains(before, id) {
			come = append(come, graph.Edge{From: product, Rel: RelOffers, To: id, Valid: graph.Span{Since: now}})
		}
	}
	for _, id := range before {
		if !slices.Contains(after, id) {
			gone = append(gone, graph.Edge{From: product, Rel: RelOffers, To: id})
		}
	}
	if err := tx.Link(ctx, come...); err != nil {
		return err
	}
	return tx.Unlink(ctx, now, gone...)
}

// checkParts are the parts as they are kept: each dataset once, under its head, with the columns that are there.
func (s *Service) checkParts(ctx context.Context, r graph.Reader, before, parts []Part) ([]Part, error) {
	if len(parts) > maxParts {
		return nil, errs.Badf("parts", "are more than %d datasets.", maxParts)
	}
	known, columns, err := readParts(ctx, r, parts)
	if err != nil {
		return nil, err
	}
	c := &checker{}
	var out []Part
	for i, p := range parts {
		at := fmt.Sprintf("parts[%d]", i)
		d, ok := known[p.Dataset]
		old, had := partAt(before, d.ID)
		if !ok || !had && !s.policy.Sees(ctx, d.Audience) {
			c.field(at+".dataset", "is none that there is.")
			continue
		}
		if _, twice := partAt(out, d.ID); twice {
			c.field(at+".dataset", "is in the list already.")
			continue
		}
		next := Part{Dataset: d.ID, Columns: c.partColumns(at+".columns", d.ID, p.Columns, columns)}
		if !had || wider(old, next) {
			if err := s.policy.Require(ctx, authz.Product, domainOf(&d.Domain), authz.Edit); err != nil {
				return nil, err
			}
		}
		out = append(out, next)
	}
	return out, c.err()
}

// readParts reads the datasets of parts, an alias as its head, and all columns that are chosen.
func readParts(ctx context.Context, r graph.Reader, parts []Part) (map[graph.ID]catalog.Dataset, map[graph.ID]catalog.Column, error) {
	var of, chosen []graph.ID
	for _, p := range parts {
		of, chosen = append(of, p.Dataset), append(chosen, p.Columns...)
	}
	if len(chosen) > maxPartColumns {
		return nil, nil, errs.Badf("parts", "have more than %d chosen columns; take whole datasets.", maxPartColumns)
	}
	invalid := func(id graph.ID) bool { return !graph.ValidID(id) }
	known, err := getAll(ctx, r, catalog.DatasetType, slices.DeleteFunc(of, invalid))
	if err != nil {
		return nil, nil, err
	}
	var heads []graph.ID
	for _, d := range known {
		if d.Head != "" {
			heads = append(heads, d.Head)
		}
	}
	headed, err := getAll(ctx, r, catalog.DatasetType, heads)
	if err != nil {
		return nil, nil, err
	}
	for id, d := range known {
		if head, ok := headed[d.Head]; ok {
			known[id] = head
		}
	}
	columns, err := getAll(ctx, r, catalog.ColumnType, slices.DeleteFunc(chosen, invalid))
	return known, columns, err
}

// partColumns checks that chosen columns belong to a dataset, and sorts them, each once.
func (c *checker) partColumns(field string, dataset graph.ID, chosen []graph.ID, known map[graph.ID]catalog.Column) []graph.ID {
	for _, id := range chosen {
		if col, ok := known[id]; !ok || col.Dataset != dataset || col.Gone {
			c.field(field, "name a column that the dataset hasn't, or hasn't any more.")
			return nil
		}
	}
	if len(chosen) == 0 {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(chosen)))
}

// wider tells whether a part offers more than before.
func wider(before, after Part) bool {
	if len(before.Columns) == 0 {
		return false
	}
	return len(after.Columns) == 0 || slices.ContainsFunc(after.Columns, func(id graph.ID) bool { return !slices.Contains(before.Columns, id) })
}

// partAt is the part of a dataset; false if there is none.
func partAt(parts []Part, dataset graph.ID) (Part, bool) {
	i := slices.IndexFunc(parts, func(p Part) bool { return p.Dataset == dataset })
	if i < 0 {
		return Part{}, false
	}
	return parts[i], true
}
