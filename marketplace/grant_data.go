package marketplace

import (
	"context"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// ProductGrants are the live grants of a product or dataset that the principal in ctx may see: all of them if he owns it or
// has the role for that. Errors: Unauthenticated, Invalid.
func (s *Service) ProductGrants(ctx context.Context, target graph.ID, after string, limit int) (Page[GrantRow], error) {
	return s.Grants(ctx, GrantList{View: GrantsTarget, ID: target, State: GrantsLive, After: after, Limit: limit})
}

// DatasetGrants are the grants that open a dataset now, by itself or within products, the newest first, as far as the principal in
// ctx may see them. A page may hold fewer than the limit and still have a Next. Errors: Unauthenticated, Invalid, NotFound.
func (s *Service) DatasetGrants(ctx context.Context, dataset graph.ID, after string, limit int) (Page[GrantRow], error) {
	if limit < 1 || limit > graph.MaxPage {
		return Page[GrantRow]{}, errs.Badf("limit", "has to be between 1 and %d.", graph.MaxPage)
	}
	v, err := s.viewerOf(ctx, s.store)
	if err != nil {
		return Page[GrantRow]{}, err
	}
	d, ok, err := get(ctx, s.store, catalog.DatasetType, dataset)
	if err == nil && ok && d.Head != "" {
		d, ok, err = get(ctx, s.store, catalog.DatasetType, d.Head)
	}
	if err != nil {
		return Page[GrantRow]{}, err
	}
	if !ok || !s.policy.Sees(ctx, d.Audience) {
		return Page[GrantRow]{}, errs.E(errs.NotFound, "There is no such dataset.")
	}
	whole, err := s.ownsDataset(ctx, s.store, v, d)
	if err != nil {
		return Page[GrantRow]{}, err
	}
	page, err := s.grantEdges(ctx, d.ID, after, limit)
	if err != nil {
		return Page[GrantRow]{}, err
	}
	var ids []graph.ID
	for _, e := range page.Edges {
		ids = append(ids, e.From)
	}
	known, err := getAll(ctx, s.store, grantType, ids)
	if err != nil {
		return Page[GrantRow]{}, err
	}
	var grants []Grant
	for _, id := range ids {
		if g, ok := known[id]; ok && g.Live() && (whole || s.stake(ctx, v, g).any()) {
			grants = append(grants, g)
		}
	}
	rows, err := s.grantRows(ctx, grants)
	return Page[GrantRow]{Items: rows, Next: page.Next}, err
}

// grantEdges are the edges of the grants that open a dataset. All pages are of the moment at which the first one was asked for.
func (s *Service) grantEdges(ctx context.Context, dataset graph.ID, after string, limit int) (graph.EdgePage, error) {
	question := "grants of " + string(dataset)
	position, err := graph.ParseCursor(question, after)
	if err != nil {
		return graph.EdgePage{}, err
	}
	q := graph.EdgeQuery{Of: []graph.ID{dataset}, Dir: graph.In, Rels: []graph.Rel{RelGrants}, At: graph.Time(s.now()), Limit: limit}
	if len(position) == 2 {
		if q.At, err = time.Parse(time.RFC3339Nano, position[0]); err != nil {
			return graph.EdgePage{}, errs.Bad("after", "is not a cursor of this list; begin again without it.")
		}
		q.After = position[1]
	}
	page, err := s.store.Edges(ctx, q)
	if page.Next != "" {
		page.Next = graph.Cursor(question, q.At.Format(time.RFC3339Nano), page.Next)
	}
	return page, err
}

// HolderName is what to show for a person, team or account who may have grants. Errors: Unauthenticated, NotFound.
func (s *Service) HolderName(ctx context.Context, id graph.ID) (string, error) {
	if err := s.mayLook(ctx); err != nil {
		return "", err
	}
	called, err := names(ctx, s.store, present([]graph.ID{id})...)
	if err == nil && called[id] == "" {
		err = errs.E(errs.NotFound, "There is nobody of that name.")
	}
	return called[id], err
}
