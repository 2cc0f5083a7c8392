package lineage

import (
	"context"
	"maps"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// ColumnQuery asks for the lineage of a column.
type ColumnQuery struct {
	Column        graph.ID
	Direction     Direction
	Depth         int // edges, which between columns are steps, 1 to graph.MaxDepth
	AsOf, KnownAt time.Time
	Classes       []graph.ID // only columns that declare or inherit one of them
	Indirect      bool       // follow AFFECTS too: columns that decide about values without being part of them
	MaxNodes      int        // columns returned; 0: DefaultNodes
}

// ColumnAnswer is the lineage of a column: nodes are columns.
type ColumnAnswer struct {
	Answer
	// Related holds the datasets of the columns and the transforms of the edges, as far as the viewer may see them.
	Related map[graph.ID]graph.Node
}

// ColumnLineage answers a query. Errors are those of Lineage.
func (s *Service) ColumnLineage(ctx context.Context, q ColumnQuery) (ColumnAnswer, error) {
	a, nodes, err := s.find(ctx, Query{
		Root: q.Column, Direction: q.Direction, Depth: q.Depth, AsOf: q.AsOf, KnownAt: q.KnownAt,
		Filter: Filter{Classes: q.Classes}, MaxNodes: q.MaxNodes, Indirect: q.Indirect,
	})
	if err != nil {
		return ColumnAnswer{}, err
	}
	if !isColumn(nodes[a.Root]) {
		return ColumnAnswer{}, errs.Badf("column", "is a %s.", nodes[a.Root].Kind)
	}
	v, err := s.addDatasets(ctx, nodes)
	if err != nil {
		return ColumnAnswer{}, err
	}
	return ColumnAnswer{v.answer(a), v.related(nodes)}, nil
}

// addDatasets adds the datasets of the columns in nodes, and tells what is hidden of all.
func (s *Service) addDatasets(ctx context.Context, nodes map[graph.ID]graph.Node) (veil, error) {
	var ids []graph.ID
	for _, n := range nodes {
		if !isColumn(n) {
			continue
		}
		c, err := read(catalog.ColumnType, n)
		if err != nil {
			return nil, err
		}
		if c.Dataset != "" {
			ids = append(ids, c.Dataset)
		}
	}
	datasets, err := fetch(ctx, s.store, ids)
	if err != nil {
		return nil, err
	}
	maps.Copy(nodes, datasets)
	return s.veil(ctx, assets(nodes)...)
}

// related are the visible datasets and transforms among nodes.
func (v veil) related(nodes map[graph.ID]graph.Node) map[graph.ID]graph.Node {
	out := map[graph.ID]graph.Node{}
	for id, n := range nodes {
		if !isColumn(n) && n.Kind != catalog.SourceType.Kind && !v.hides(id) {
			out[id] = n
		}
	}
	return out
}
