package marketplace

import (
	"cmp"
	"context"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// RequestFind searches requests by words of what is asked for and of its purpose.
type RequestFind struct {
	Text  string
	For   graph.ID // whoever is to have it: the viewer, a team or an account of his; "" is what the viewer sent
	Limit int      // 1 to graph.MaxPage
}

// FindRequests finds requests of the viewer, or for him and his, the best match first. Drafts are not among them.
// Errors: Unauthenticated, Forbidden, NotFound, Invalid.
func (s *Service) FindRequests(ctx context.Context, q RequestFind) ([]ItemRow, error) {
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Write); err != nil {
		return nil, err
	}
	if q.Limit < 1 || q.Limit > graph.MaxPage {
		return nil, errs.Badf("limit", "has to be between 1 and %d.", graph.MaxPage)
	}
	of := where("sender", authz.Actor(ctx))
	if q.For != "" {
		if err := s.mine(ctx, q.For); err != nil {
			return nil, err
		}
		of = where("holder", string(q.For))
	}
	found, err := s.store.Search(ctx, graph.Search{Text: q.Text, Prefix: true, Kinds: []graph.Kind{itemType.Kind}, Where: []graph.Filter{of}, Limit: q.Limit})
	if err != nil {
		return nil, err
	}
	var items []Item
	for _, h := range found.Hits {
		i, err := itemType.Read(h.Node)
		if err != nil {
			return nil, broken(err)
		}
		if i.State != Draft {
			items = append(items, i)
		}
	}
	return s.itemRows(ctx, items)
}

// itemPage reads a part of a list of items.
func (s *Service) itemPage(ctx context.Context, f []graph.Filter, q RequestList) (Page[Item], error) {
	if q.State == OpenItems {
		return s.openItems(ctx, f)
	}
	for {
		page, err := list(ctx, s.store, itemType, graph.Query{Where: f, Sort: "sent", Desc: true, After: q.After, Limit: q.Limit})
		page.Items = slices.DeleteFunc(page.Items, func(i Item) bool { return !q.shows(ctx, i) })
		if err != nil || len(page.Items) > 0 || page.Next == "" {
			return page, err
		}
		q.After = page.Next
	}
}

// shows tells whether a list shows an item: of drafts one's own alone, and where they are asked for.
func (q RequestList) shows(ctx context.Context, i Item) bool {
	switch i.State {
	case Draft:
		return q.State == Draft && string(i.Sender) == authz.Actor(ctx)
	case Submitted, NeedsInfo:
		return q.State != ClosedItems
	}
	return true
}

// openItems are those that wait for somebody, sent last first: at most graph.MaxPage of each state, all in one part.
func (s *Service) openItems(ctx context.Context, f []graph.Filter) (Page[Item], error) {
	var out Page[Item]
	for _, state := range []ItemState{Submitted, NeedsInfo} {
		page, err := list(ctx, s.store, itemType, graph.Query{Where: append(slices.Clone(f), where("state", string(state))), Sort: "sent", Desc: true, Limit: graph.MaxPage})
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, page.Items...)
	}
	slices.SortStableFunc(out.Items, func(a, b Item) int { return cmp.Or(b.Sent.Compare(a.Sent), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}
