package gqlschema

import (
	"context"
	"strings"

	"weir/gqlschema/gen"
	"weir/graph"
)

// marketNodes find the things of the marketplace, by the prefix of their ids: under the rule of which field, and how. A
// typed nil must not become a node that is there, so each says whether it is.
var marketNodes = map[string]struct {
	field string
	find  func(queries, context.Context, graph.ID) (gen.Node, error)
}{
	"prd": {"product", func(q queries, ctx context.Context, id graph.ID) (gen.Node, error) {
		p, _, err := q.market.Product(ctx, id)
		return nodeOr(productFound(p, err))
	}},
	"tpl": {"template", func(q queries, ctx context.Context, id graph.ID) (gen.Node, error) {
		t, err := q.market.Template(ctx, id)
		return nodeOr(found(t, err, showTemplate))
	}},
	"req": {"request", func(q queries, ctx context.Context, id graph.ID) (gen.Node, error) { return nodeOr(q.Request(ctx, id)) }},
	"itm": {"requestItem", func(q queries, ctx context.Context, id graph.ID) (gen.Node, error) {
		return nodeOr(q.RequestItem(ctx, id))
	}},
	"grt": {"grant", func(q queries, ctx context.Context, id graph.ID) (gen.Node, error) { return nodeOr(q.Grant(ctx, id)) }},
	"prp": {"proposal", func(q queries, ctx context.Context, id graph.ID) (gen.Node, error) {
		return nodeOr(q.Proposal(ctx, id))
	}},
	"dec": {"replay", func(q queries, ctx context.Context, id graph.ID) (gen.Node, error) {
		r, err := q.Replay(ctx, id)
		if err != nil || r == nil {
			return nil, err
		}
		return r.Decision, nil
	}},
}

// nodeOr is a node, or nothing at all.
func nodeOr[N any, P interface {
	*N
	gen.Node
}](n P, err error) (gen.Node, error) {
	if err != nil || n == nil {
		return nil, err
	}
	return n, nil
}

// marketNode finds a thing of the marketplace; nil for what isn't there, or what the viewer has no part in.
func (q queries) marketNode(ctx context.Context, id graph.ID) (gen.Node, error) {
	prefix, _, _ := strings.Cut(string(id), "_")
	of, ok := marketNodes[prefix]
	if !ok || q.market == nil || rules["Query"][of.field].require(ctx, q.policy) != nil {
		return nil, nil
	}
	return of.find(q, ctx, id)
}
