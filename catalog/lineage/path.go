package lineage

import (
	"context"
	"time"

	"weir/errs"
	"weir/graph"
)

// PathQuery asks how two assets, or two columns, are connected.
type PathQuery struct {
	From, To      graph.ID
	AsOf, KnownAt time.Time
	Depth         int  // edges, at most graph.MaxDepth; 0: that
	Max           int  // paths, at most graph.MaxPaths; 0: 1
	Indirect      bool // follow AFFECTS too between columns
}

// Paths are the shortest paths between two assets, all of one length.
type Paths struct {
	From, To graph.ID
	// Direction is where To lies, seen from From: Downstream or Upstream. It is Downstream when there is no path.
	Direction Direction
	Paths     []Path // none: they aren't connected, or are the same
}

// Path leads the way that data flows, whichever end was asked for first. A node's Depth is its place, from 0.
type Path struct {
	Nodes []Node
	Edges []Edge
}

func (q *PathQuery) check() error {
	if q.Depth < 0 || q.Depth > graph.MaxDepth {
		return errs.Badf("depth", "is %d; it counts edges and lies between 1 and %d.", q.Depth, graph.MaxDepth)
	}
	if q.Max < 0 || q.Max > graph.MaxPaths {
		return errs.Badf("max", "is %d; it lies between 1 and %d.", q.Max, graph.MaxPaths)
	}
	if q.Depth == 0 {
		q.Depth = graph.MaxDepth
	}
	if q.Max == 0 {
		q.Max = 1
	}
	return nil
}

// Paths looks for paths with the flow of data, and only if there are none against it. Errors: Invalid, also for a column
// and an asset that isn't one; NotFound of an end.
func (s *Service) Paths(ctx context.Context, q PathQuery) (Paths, error) {
	if err := q.check(); err != nil {
		return Paths{}, err
	}
	from, err := s.asset(ctx, "from", q.From)
	if err != nil {
		return Paths{}, err
	}
	to, err := s.asset(ctx, "to", q.To)
	if err != nil {
		return Paths{}, err
	}
	if isColumn(from) != isColumn(to) {
		return Paths{}, errs.Bad("to", "is not of the same level: a path leads between two columns or between two assets.")
	}
	out := Paths{From: from.ID, To: to.ID, Direction: Downstream}
	w := graph.Walk{Rels: relations(from, q.Indirect), Depth: q.Depth, At: q.AsOf, Known: q.KnownAt, Paths: q.Max}
	found, err := s.store.Path(ctx, from.ID, to.ID, w)
	if err != nil {
		return Paths{}, err
	}
	if len(found) == 0 {
		if found, err = s.store.Path(ctx, to.ID, from.ID, w); err != nil {
			return Paths{}, err
		}
		if len(found) > 0 {
			out.Direction = Upstream
		}
	}
	out.Paths, err = s.hydrate(ctx, found, w)
	return out, err
}

// hydrate adds nodes, and all statements of each edge.
func (s *Service) hydrate(ctx context.Context, paths [][]graph.Edge, w graph.Walk) ([]Path, error) {
	var ids []graph.ID
	steps := map[endsOf]graph.Edge{}
	for _, path := range paths {
		for _, e := range path {
			ids = append(ids, e.From, e.To)
			steps[endsOf{e.From, e.To, e.Rel}] = e
		}
	}
	nodes, err := fetch(ctx, s.store, ids)
	if err != nil || len(paths) == 0 {
		return nil, err
	}
	rows, err := s.statements(ctx, steps, w)
	if err != nil {
		return nil, err
	}
	edges, err := s.merge(ctx, rows, nodes, w.At.IsZero() && w.Known.IsZero())
	if err != nil {
		return nil, err
	}
	v, err := s.veil(ctx, assets(nodes)...)
	if err != nil {
		return nil, err
	}
	merged := make(map[endsOf]Edge, len(edges))
	for _, e := range edges {
		merged[endsOf{e.From, e.To, e.Kind}] = e
	}
	out := make([]Path, 0, len(paths))
	for _, path := range paths {
		out = append(out, v.path(path, nodes, merged))
	}
	return out, nil
}

// statements are all rows of the steps. A hub has more edges than one call returns; what is missing then is
// told by the one row that the path itself holds.
func (s *Service) statements(ctx context.Context, steps map[endsOf]graph.Edge, w graph.Walk) ([]graph.Edge, error) {
	var of []graph.ID
	for ends := range steps {
		of = append(of, ends.from)
	}
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: distinct(of), Rels: w.Rels, At: w.At, Known: w.Known})
	if err != nil {
		return nil, err
	}
	var rows []graph.Edge
	for _, e := range page.Edges {
		if step, ok := steps[endsOf{e.From, e.To, e.Rel}]; ok && step.Key != e.Key {
			rows = append(rows, e)
		}
	}
	for _, step := range steps {
		rows = append(rows, step)
	}
	return rows, nil
}

// path is a path as the viewer may see it.
func (v veil) path(rows []graph.Edge, nodes map[graph.ID]graph.Node, merged map[endsOf]Edge) Path {
	var p Path
	place := func(id graph.ID) {
		n := Node{ID: id, Depth: len(p.Nodes), Side: SideDownstream, Count: 1, Node: nodes[id]}
		if n.Depth == 0 {
			n.Side = SideRoot
		}
		p.Nodes = append(p.Nodes, n)
	}
	place(rows[0].From)
	for _, row := range rows {
		place(row.To)
		p.Edges = append(p.Edges, v.edge(merged[endsOf{row.From, row.To, row.Rel}]))
	}
	p.Nodes = v.nodes(p.Nodes)
	return p
}
