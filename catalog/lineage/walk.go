package lineage

import (
	"context"
	"maps"
	"slices"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// reach is what the walks of a question found, both sides united.
type reach struct {
	nodes  map[graph.ID]Node
	rows   []graph.Edge
	totals map[graph.Kind]int
	cut    bool
	reason Reason // why nodes are missing; "" if none are
}

// relations are those of a root's level: columns derive from columns, all else is data flowing through transforms.
func relations(root graph.Node, indirect bool) []graph.Rel {
	if !isColumn(root) {
		return catalog.LineageRels
	}
	if indirect {
		return catalog.ColumnRels
	}
	return []graph.Rel{catalog.RelDerives, catalog.RelMasked}
}

// walk is the store's question for one side.
func (q Query) walk(root graph.Node, side Side, seen *graph.Visible) graph.Walk {
	if isColumn(root) {
		seen = nil // columns carry no audience: what is hidden of them is sifted
	}
	return graph.Walk{
		From: []graph.ID{root.ID}, Dir: side.dir(), Rels: relations(root, q.Indirect), Depth: q.Depth,
		At: q.AsOf, Known: q.KnownAt, Max: q.MaxNodes, Keep: q.Filter.keep(seen), Fields: q.Fields,
	}
}

// reachInTime is reach within the service's budget. When that is used up, the first step is what can be said.
func (s *Service) reachInTime(ctx context.Context, root graph.Node, q Query) (reach, error) {
	if s.budget <= 0 {
		return s.reach(ctx, root, q)
	}
	r, err := s.reachWithin(ctx, root, q)
	if !errs.Is(err, errs.Timeout) || ctx.Err() != nil {
		return r, err
	}
	q.Depth = min(q.Depth, EdgesPerStep)
	r, err = s.reachWithin(ctx, root, q)
	r.reason = ReasonTimeout
	return r, err
}

func (s *Service) reachWithin(ctx context.Context, root graph.Node, q Query) (reach, error) {
	ctx, cancel := context.WithTimeout(ctx, s.budget)
	defer cancel()
	return s.reach(ctx, root, q)
}

// reach walks each side, unites what was found, and applies the rest of the filter.
func (s *Service) reach(ctx context.Context, root graph.Node, q Query) (reach, error) {
	r := reach{nodes: map[graph.ID]Node{}, totals: map[graph.Kind]int{}}
	most := q.MaxNodes
	if q.Filter.late() {
		q.MaxNodes = MostNodes // what is filtered afterwards has to be seen first
	}
	for _, side := range q.Direction.sides() {
		sub, err := s.store.Traverse(ctx, q.walk(root, side, s.sees(ctx)))
		if err != nil {
			return r, err
		}
		r.add(sub, side, root.ID)
	}
	if err := s.countOnce(ctx, root, q, &r); err != nil {
		return r, err
	}
	if q.Filter.late() {
		if err := s.siftReach(ctx, root.ID, q.Filter, &r); err != nil {
			return r, err
		}
	}
	r.limit(most)
	return r, nil
}

// add unites the result of a walk.
func (r *reach) add(sub graph.Subgraph, side Side, root graph.ID) {
	for _, found := range sub.Nodes {
		n := Node{ID: found.Node.ID, Depth: found.Depth, Side: side, Count: 1, Node: found.Node, In: found.In, Out: found.Out}
		if n.ID == root {
			n.Side = SideRoot
		}
		if old, ok := r.nodes[n.ID]; ok && n.ID != root {
			n.Depth, n.Side = min(n.Depth, old.Depth), SideBoth
			r.totals[n.Node.Kind]-- // both walks count it
		}
		r.nodes[n.ID] = n
	}
	for kind, n := range sub.Totals {
		r.totals[kind] += n
	}
	r.rows = append(r.rows, sub.Edges...)
	r.cut = r.cut || sub.Cut
}

// countOnce makes the totals of two walks exact when at least one was cut: what lies on both sides may be among what was
// left out, so it is found by walks that return everything but properties.
func (s *Service) countOnce(ctx context.Context, root graph.Node, q Query, r *reach) error {
	if !r.cut || q.Direction != Both || q.MaxNodes == MostNodes {
		return nil
	}
	q.MaxNodes, q.Fields = MostNodes, []string{}
	whole := reach{nodes: map[graph.ID]Node{}, totals: map[graph.Kind]int{}}
	for _, side := range q.Direction.sides() {
		sub, err := s.store.Traverse(ctx, q.walk(root, side, s.sees(ctx)))
		if err != nil {
			return err
		}
		whole.add(sub, side, root.ID)
	}
	r.totals = whole.totals
	return nil
}

// siftReach applies what the walk couldn't. Totals are then those of what it returned.
func (s *Service) siftReach(ctx context.Context, root graph.ID, f Filter, r *reach) error {
	passed, err := s.sift(ctx, f, r.nodes)
	if err != nil {
		return err
	}
	clear(r.totals)
	for id, n := range r.nodes {
		switch {
		case id == root:
		case passed[id]:
			r.totals[n.Node.Kind]++
		default:
			delete(r.nodes, id)
		}
	}
	return nil
}

// limit keeps the nearest nodes, and the edges among them.
func (r *reach) limit(most int) {
	if r.cut || len(r.nodes) > most {
		r.reason = ReasonMaxNodes
	}
	if len(r.nodes) > most {
		for _, n := range r.sorted()[most:] {
			delete(r.nodes, n.ID)
		}
	}
	r.rows = slices.DeleteFunc(r.rows, func(e graph.Edge) bool {
		_, from := r.nodes[e.From]
		_, to := r.nodes[e.To]
		return !from || !to
	})
}

func (r *reach) sorted() []Node {
	return slices.SortedFunc(maps.Values(r.nodes), byDepth)
}

// stored are the nodes as the store has them.
func (r *reach) stored() map[graph.ID]graph.Node {
	out := make(map[graph.ID]graph.Node, len(r.nodes))
	for id, n := range r.nodes {
		out[id] = n.Node
	}
	return out
}
