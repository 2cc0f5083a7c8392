package marketplace

import (
	"context"

	"weir/authz"
	"weir/graph"
)

// maxMyGrants is how many of one's own grants are looked through to say what one has of a dataset.
const maxMyGrants = 200

// AccessTo are the grants that open a dataset to the principal in ctx now, his own and those of his teams, the ones that last
// longest last. Errors: Unauthenticated.
func (s *Service) AccessTo(ctx context.Context, dataset graph.ID) ([]Grant, error) {
	me := authz.From(ctx)
	if err := s.policy.Require(ctx, authz.Request, authz.Everywhere, authz.Write); err != nil {
		return nil, err
	}
	var out []Grant
	for _, holder := range append([]string{me.ID}, me.Teams...) {
		page, err := list(ctx, s.store, grantType, graph.Query{
			Where: []graph.Filter{where("holder", holder), where("state", string(Active))}, Sort: "until", Limit: maxMyGrants,
		})
		if err != nil {
			return nil, err
		}
		for _, g := range page.Items {
			body, err := g.body()
			if err != nil {
				return nil, err
			}
			if _, opens := partAt(body.Parts, dataset); opens && g.Open(s.now()) {
				out = append(out, g)
			}
		}
	}
	return out, nil
}

// MayAsk tells whether the principal in ctx can ask for data at all; to hide buttons.
func (s *Service) MayAsk(ctx context.Context) bool {
	t := authz.From(ctx).Type
	return (t == authz.Person || t == authz.Account || t == authz.Agent) && s.policy.Can(ctx, authz.Request, authz.Everywhere, authz.Write)
}
