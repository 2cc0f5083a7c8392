package marketplace

import (
	"context"

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
