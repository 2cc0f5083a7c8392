package lineage

import (
	"cmp"
	"context"
	"slices"

	"weir/catalog"
	"weir/graph"
)

// Lineage answers a query. Errors: Invalid, NotFound of the root, Timeout when not even a first step fits the budget.
func (s *Service) Lineage(ctx context.Context, q Query) (Answer, error) {
	a, nodes, err := s.find(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	if q.Columns {
		if err := s.addColumns(ctx, q, &a, nodes); err != nil {
			return Answer{}, err
		}
	}
	v, err := s.veil(ctx, assets(nodes)...)
	if err != nil {
		return Answer{}, err
	}
	return v.answer(a), nil
}

// find is the answer before anything is hidden, and the nodes that it names.
func (s *Service) find(ctx context.Context, q Query) (Answer, map[graph.ID]graph.Node, error) {
	if err := q.check(); err != nil {
		return Answer{}, nil, err
	}
	root, err := s.asset(ctx, "root", q.Root)
	if err != nil {
		return Answer{}, nil, err
	}
	if isColumn(root) {
		if err := q.Filter.checkColumn(); err != nil {
			return Answer{}, nil, err
		}
	}
	r, err := s.reachInTime(ctx, root, q)
	if err != nil {
		return Answer{}, nil, err
	}
	if err := s.addFurther(ctx, q, &r); err != nil {
		return Answer{}, nil, err
	}
	a := Answer{
		Root: root.ID, Nodes: r.sorted(), Totals: counts(r.totals),
		IsPartial: r.reason != "", PartialReason: r.reason,
	}
	nodes := r.stored()
	a.Edges, err = s.merge(ctx, r.rows, nodes, q.current())
	return a, nodes, err
}

// assets are the nodes that a viewer may be kept from, in the order of their ids; sources are not among them.
func assets(nodes map[graph.ID]graph.Node) []graph.Node {
	var out []graph.Node
	for _, n := range nodes {
		if n.Kind != catalog.SourceType.Kind {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b graph.Node) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// between keeps the edges that connect two of the columns.
func between(edges []Edge, columns []catalog.Column) []Edge {
	in := make(map[graph.ID]bool, len(columns))
	for _, c := range columns {
		in[c.ID] = true
	}
	return slices.DeleteFunc(edges, func(e Edge) bool { return !in[e.From] || !in[e.To] })
}

// addColumns adds the columns of the answer's datasets, and the edges among them.
func (s *Service) addColumns(ctx context.Context, q Query, a *Answer, nodes map[graph.ID]graph.Node) error {
	ids, err := s.columnsOf(ctx, q, a)
	if err != nil {
		return err
	}
	found, err := fetch(ctx, s.store, ids)
	if err != nil {
		return err
	}
	for id, n := range found {
		c, err := read(catalog.ColumnType, n)
		if err != nil {
			return err
		}
		if c.Gone && q.current() {
			delete(found, id)
			continue
		}
		a.Columns = append(a.Columns, c)
		nodes[id] = n
	}
	slices.SortFunc(a.Columns, byPosition)
	rows, err := hop(ctx, s.store, ids, graph.EdgeQuery{
		Rels: relations(graph.Node{Kind: catalog.ColumnType.Kind}, q.Indirect), At: q.AsOf, Known: q.KnownAt,
	})
	if err != nil {
		return err
	}
	a.ColumnEdges, err = s.merge(ctx, among(rows, found), nodes, q.current())
	return err
}

// columnsOf are the columns of the answer's datasets, at most as many as one batch holds.
func (s *Service) columnsOf(ctx context.Context, q Query, a *Answer) ([]graph.ID, error) {
	var datasets []graph.ID
	for _, n := range a.Nodes {
		if n.Node.Kind == catalog.DatasetType.Kind {
			datasets = append(datasets, n.ID)
		}
	}
	rows, err := hop(ctx, s.store, datasets, graph.EdgeQuery{Rels: []graph.Rel{catalog.RelHas}, At: q.AsOf, Known: q.KnownAt})
	if err != nil {
		return nil, err
	}
	ids := distinct(ends(rows, graph.Out))
	if len(ids) > graph.MaxBatch {
		ids, a.ColumnsCapped = ids[:graph.MaxBatch], true
	}
	return ids, nil
}

// ends are the ends of edges that a hop in that direction found.
func ends(rows []graph.Edge, dir graph.Dir) []graph.ID {
	out := make([]graph.ID, len(rows))
	for i, e := range rows {
		out[i] = other(e, dir)
	}
	return out
}

// among keeps the edges that connect two of the nodes.
func among(rows []graph.Edge, nodes map[graph.ID]graph.Node) []graph.Edge {
	return slices.DeleteFunc(rows, func(e graph.Edge) bool {
		_, from := nodes[e.From]
		_, to := nodes[e.To]
		return !from || !to
	})
}

func byPosition(a, b catalog.Column) int {
	return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Position, b.Position), cmp.Compare(a.Path, b.Path))
}
