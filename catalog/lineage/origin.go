package lineage

import (
	"cmp"
	"context"
	"slices"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// OriginQuery asks where the values of a column come from.
type OriginQuery struct {
	Column        graph.ID
	AsOf, KnownAt time.Time
}

// Origin is a column that a column's values begin in: nothing is known that it is made of.
type Origin struct {
	Column graph.ID
	Depth  int // edges on the shortest way, masked or not
	// Masked tells that no way from here leads to the column in clear. Steps are then the shortest way, else the
	// shortest clear one; they lead from the origin to the column.
	Masked   bool
	MaskedAt int // index of the first masked step; -1 if not Masked
	Steps    []Edge
}

// Origins tell where a column came from, which transforms touched it, and where it was masked.
type Origins struct {
	Column graph.ID
	// Origins are ordered by (Masked, Depth, Column), the clear ones first. None: the column is itself an origin. Of
	// columns that are made of each other in a circle and of nothing else, the nearest one stands for all.
	Origins    []Origin
	Columns    map[graph.ID]graph.Node // all columns that the steps name and the viewer may see
	Related    map[graph.ID]graph.Node // their datasets, the transforms of the steps, and the classes in Labels
	Transforms []graph.ID              // that touched the values on any way, ordered; pseudonyms where hidden
	Labels     map[graph.ID]Labels     // of Columns
	Hidden     map[graph.ID]bool       // pseudonyms in steps
	IsPartial  bool                    // ways beyond graph.MaxDepth or MostNodes are missing
	Reason     Reason
}

// ColumnOrigins answers a query. Errors: NotFound, Invalid if it isn't a column.
func (s *Service) ColumnOrigins(ctx context.Context, q OriginQuery) (Origins, error) {
	a, nodes, err := s.find(ctx, Query{
		Root: q.Column, Direction: Upstream, Depth: graph.MaxDepth, AsOf: q.AsOf, KnownAt: q.KnownAt, MaxNodes: MostNodes,
		Fields: slices.Concat(CardFields, []string{"description"}),
	})
	if err != nil {
		return Origins{}, err
	}
	if !isColumn(nodes[a.Root]) {
		return Origins{}, errs.Badf("column", "is a %s.", nodes[a.Root].Kind)
	}
	out := Origins{Column: a.Root, Origins: origins(a), IsPartial: a.IsPartial, Reason: a.PartialReason}
	for _, e := range a.Edges {
		out.Transforms = append(out.Transforms, e.Via...)
	}
	out.Transforms = distinct(out.Transforms)
	return out, s.explain(ctx, &out, nodes)
}

// origins finds the origins of the answer's root and the way from each.
func origins(a Answer) []Origin {
	into := map[graph.ID][]Edge{}
	for _, e := range a.Edges {
		into[e.To] = append(into[e.To], e)
	}
	clear, all := ways(a.Root, into, false), ways(a.Root, into, true)
	var out []Origin
	for _, id := range sources(a) {
		o := Origin{Column: id, MaskedAt: -1, Depth: len(steps(id, a.Root, all))}
		if _, ok := clear[id]; ok {
			o.Steps = steps(id, a.Root, clear)
		} else {
			o.Masked, o.Steps = true, steps(id, a.Root, all)
			o.MaskedAt = slices.IndexFunc(o.Steps, Edge.Masked)
		}
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b Origin) int {
		if a.Masked != b.Masked {
			return cmp.Compare(a.MaskedAt, b.MaskedAt) // clear ones are at -1
		}
		return cmp.Or(cmp.Compare(a.Depth, b.Depth), cmp.Compare(a.Column, b.Column))
	})
	return out
}

// ways walks breadth first against the flow and keeps, for each column reached, the edge that leads on towards the root
// on a shortest way. Of parallel edges the clear one comes first, since Kind orders it so.
func ways(root graph.ID, into map[graph.ID][]Edge, masked bool) map[graph.ID]Edge {
	next := map[graph.ID]Edge{}
	level := []graph.ID{root}
	for len(level) > 0 {
		var further []graph.ID
		for _, id := range level {
			for _, e := range into[id] {
				_, seen := next[e.From]
				if seen || e.From == root || e.Masked() && !masked {
					continue
				}
				next[e.From] = e
				further = append(further, e.From)
			}
		}
		level = further
	}
	return next
}

// steps follows a way from a column to the root.
func steps(from, root graph.ID, way map[graph.ID]Edge) []Edge {
	var out []Edge
	for id := from; id != root; id = out[len(out)-1].To {
		out = append(out, way[id])
	}
	return out
}

// explain adds what the steps name, and hides what the viewer may not see.
func (s *Service) explain(ctx context.Context, out *Origins, nodes map[graph.ID]graph.Node) error {
	used := map[graph.ID]graph.Node{out.Column: nodes[out.Column]}
	for _, id := range out.Transforms {
		used[id] = nodes[id]
	}
	for _, o := range out.Origins {
		for _, e := range o.Steps {
			used[e.From] = nodes[e.From]
		}
	}
	v, err := s.addDatasets(ctx, used)
	if err != nil {
		return err
	}
	out.Columns, out.Hidden = map[graph.ID]graph.Node{}, map[graph.ID]bool{}
	for id, n := range used {
		switch {
		case v.hides(id):
			out.Hidden[v.id(id)] = true
		case isColumn(n):
			out.Columns[id] = n
		}
	}
	out.Related, out.Transforms = v.related(used), v.ids(out.Transforms)
	for i, o := range out.Origins {
		out.Origins[i].Column = v.id(o.Column)
		for j, e := range o.Steps {
			o.Steps[j] = v.edge(e)
		}
	}
	return s.labelOrigins(ctx, out)
}

// labelOrigins adds the labels of the columns, and the classes that they name.
func (s *Service) labelOrigins(ctx context.Context, out *Origins) error {
	var columns []graph.ID
	for id := range out.Columns {
		columns = append(columns, id)
	}
	var err error
	if out.Labels, err = s.labels(ctx, columns); err != nil {
		return err
	}
	var named []graph.ID
	for _, l := range out.Labels {
		named = append(named, l.ids()...)
	}
	classes, err := fetch(ctx, s.store, named)
	for id, n := range classes {
		if n.Kind == catalog.ClassType.Kind {
			out.Related[id] = n
		}
	}
	return err
}
