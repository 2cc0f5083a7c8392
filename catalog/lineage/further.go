package lineage

import (
	"context"

	"weir/errs"
	"weir/graph"
)

// addFurther adds what lies one step upstream of q.Up and one step downstream of q.Down. It is left out where nodes are
// missing already: there is no room for more.
func (s *Service) addFurther(ctx context.Context, q Query, r *reach) error {
	if r.reason != "" {
		return nil
	}
	for _, ask := range []struct {
		from []graph.ID
		side Side
	}{{q.Up, SideUpstream}, {q.Down, SideDownstream}} {
		if len(ask.from) == 0 {
			continue
		}
		if err := s.shown(ctx, ask.from); err != nil {
			return err
		}
		sub, err := s.store.Traverse(ctx, graph.Walk{
			From: ask.from, Dir: ask.side.dir(), Rels: relations(graph.Node{}, q.Indirect), Depth: EdgesPerStep,
			At: q.AsOf, Known: q.KnownAt, Max: q.MaxNodes, Fields: q.Fields,
		})
		if err != nil {
			return err
		}
		r.extend(sub, ask.side)
	}
	return nil
}

// shown refuses to go on from what the viewer may not see, as it does from what isn't there. Those who see all may name
// what isn't there: nothing lies beside it.
func (s *Service) shown(ctx context.Context, ids []graph.ID) error {
	if s.sees(ctx) == nil {
		return nil
	}
	nodes, err := fetch(ctx, s.store, ids)
	if err != nil {
		return err
	}
	v, err := s.veil(ctx, assets(nodes)...)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, ok := nodes[id]; !ok || v.hides(id) {
			return errs.E(errs.NotFound, "There is no such thing.")
		}
	}
	return nil
}

// extend adds nodes that are not there yet, and all edges; totals stay those of the question itself.
func (r *reach) extend(sub graph.Subgraph, side Side) {
	for _, found := range sub.Nodes {
		id := found.Node.ID
		if _, ok := r.nodes[id]; ok {
			continue
		}
		r.nodes[id] = Node{
			ID: id, Depth: found.Depth, Side: side, Further: true, Count: 1, Node: found.Node, In: found.In, Out: found.Out,
		}
	}
	r.rows = append(r.rows, sub.Edges...)
}
