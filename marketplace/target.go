package marketplace

import (
	"context"
	"slices"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/marketplace/flow"
)

// target is what is asked for, as it is now.
type target struct {
	ID       graph.ID
	Title    string
	Domain   graph.ID
	Owner    graph.ID // a person or team; "" if none is known here
	Product  *Product // nil: a dataset by itself
	Parts    []Part
	Datasets map[graph.ID]catalog.Dataset
	Owners   map[graph.ID][]string // assignee keys of each dataset's owners, as far as they are known here
	Asked    []flow.Ask            // the columns that are meant
}

func noTarget() error {
	return errs.E(errs.NotFound, "There is no such product or dataset.")
}

// targetAt reads a product or dataset that the principal in ctx may see, and sees for himself everything in it that is
// named; of a product the rest is offered without being named.
func (s *Service) targetAt(ctx context.Context, r graph.Reader, id graph.ID) (target, error) {
	t, err := s.readTarget(ctx, r, id)
	if err != nil {
		return target{}, err
	}
	if t.Product != nil {
		if !s.sees(ctx, *t.Product) {
			return target{}, noTarget()
		}
		return t, nil
	}
	if d := t.Datasets[t.ID]; !s.policy.Sees(ctx, d.Audience) {
		return target{}, noTarget()
	}
	return t, nil
}

// readTarget reads it whoever asks.
func (s *Service) readTarget(ctx context.Context, r graph.Reader, id graph.ID) (target, error) {
	if isA(id, productType) {
		return s.productTarget(ctx, r, id)
	}
	d, ok, err := get(ctx, r, catalog.DatasetType, id)
	if err == nil && ok && d.Head != "" {
		d, ok, err = get(ctx, r, catalog.DatasetType, d.Head)
	}
	if err != nil {
		return target{}, err
	}
	if !ok {
		return target{}, noTarget()
	}
	t := target{ID: d.ID, Title: titleOf(d), Domain: d.Domain, Parts: []Part{{Dataset: d.ID}}}
	return t, s.addDatasets(ctx, r, &t)
}

func titleOf(d catalog.Dataset) string {
	if d.Title != "" {
		return d.Title
	}
	return d.Name
}

func (s *Service) productTarget(ctx context.Context, r graph.Reader, id graph.ID) (target, error) {
	p, parts, err := productAt(ctx, r, id)
	if err != nil {
		return target{}, err
	}
	t := target{ID: p.ID, Title: p.Title, Domain: p.Domain, Owner: p.Owner, Product: &p, Parts: parts}
	return t, s.addDatasets(ctx, r, &t)
}

// addDatasets reads the datasets of a target and who owns them.
func (s *Service) addDatasets(ctx context.Context, r graph.Reader, t *target) error {
	var ids []graph.ID
	for _, p := range t.Parts {
		ids = append(ids, p.Dataset)
	}
	var err error
	if t.Datasets, err = getAll(ctx, r, catalog.DatasetType, ids); err != nil {
		return err
	}
	if t.Owners, err = ownersOf(ctx, r, ids); err != nil {
		return err
	}
	if t.Product == nil && len(t.Owners[t.ID]) > 0 {
		t.Owner = graph.ID(t.Owners[t.ID][0])
	}
	return nil
}

// ownersOf are the people and teams that own datasets, as assignee keys; an owner whom nobody here is known by is left out.
func ownersOf(ctx context.Context, r graph.Reader, datasets []graph.ID) (map[graph.ID][]string, error) {
	out := map[graph.ID][]string{}
	if len(datasets) == 0 {
		return out, nil
	}
	page, err := r.Edges(ctx, graph.EdgeQuery{Of: datasets, Dir: graph.Out, Rels: []graph.Rel{catalog.RelOwned}})
	if err != nil {
		return nil, err
	}
	if page.Next != "" || len(page.More) > 0 {
		return nil, errs.E(errs.TooLarge, "There are more owners than can be read at once.")
	}
	var ids []graph.ID
	for _, e := range page.Edges {
		ids = append(ids, e.To)
	}
	owners, err := getAll(ctx, r, catalog.OwnerType, ids)
	if err != nil {
		return nil, err
	}
	var called []string
	for _, o := range owners {
		called = append(called, o.Name)
	}
	known, err := identity.Resolve(ctx, r, called...)
	if err != nil {
		return nil, err
	}
	for _, e := range page.Edges {
		if id, ok := known[owners[e.To].Name]; ok && !slices.Contains(out[e.From], string(id)) {
			out[e.From] = append(out[e.From], string(id))
		}
	}
	for _, keys := range out {
		slices.Sort(keys)
	}
	return out, nil
}

// narrow sets which columns of a target are meant: all that are offered if none are named.
// Errors: Invalid for field if a column isn't offered.
func (t *target) narrow(ctx context.Context, r graph.Reader, columns []graph.ID, field string) error {
	if len(columns) == 0 {
		for _, p := range t.Parts {
			t.Asked = append(t.Asked, flow.Ask{Dataset: p.Dataset, Columns: p.Columns})
		}
		return nil
	}
	known, err := getAll(ctx, r, catalog.ColumnType, columns)
	if err != nil {
		return err
	}
	of := map[graph.ID][]graph.ID{}
	for _, id := range columns {
		p, ok := partAt(t.Parts, known[id].Dataset)
		if !ok || len(p.Columns) > 0 && !slices.Contains(p.Columns, id) { // one answer, whether there is such a column elsewhere or not
			return errs.Bad(field, "names a column that isn't offered here, or isn't there any more. Choose from those that are shown.")
		}
		if !slices.Contains(of[p.Dataset], id) {
			of[p.Dataset] = append(of[p.Dataset], id)
		}
	}
	for _, p := range t.Parts {
		if chosen := of[p.Dataset]; len(chosen) > 0 {
			t.Asked = append(t.Asked, flow.Ask{Dataset: p.Dataset, Columns: chosen})
		}
	}
	return nil
}
