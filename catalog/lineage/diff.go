package lineage

import (
	"context"
	"maps"
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
)

// DiffQuery asks what changed around an asset between two times.
type DiffQuery struct {
	Root      graph.ID
	Direction Direction
	Depth     int       // edges, 1 to graph.MaxDepth
	From, To  time.Time // From before To; a zero To is now
	KnownAt   time.Time // what the store knew then; zero is now
	Filter    Filter
	Indirect  bool
	MaxNodes  int // nodes looked at for each time; 0: DefaultNodes
	Fields    []string
}

// Diff is what changed. Nodes are ordered by (Depth, ID), edges by (From, To, Kind).
type Diff struct {
	Root                     graph.ID
	AddedNodes, RemovedNodes []Node // a depth is that at To for added nodes, at From for removed ones
	AddedEdges, RemovedEdges []Edge
	KeptNodes, KeptEdges     int
	IsPartial                bool // one of the two was cut, so that some changes are missing or seem to be ones
	PartialReason            Reason
}

// Diff answers a query. Errors are those of Lineage.
func (s *Service) Diff(ctx context.Context, q DiffQuery) (Diff, error) {
	if q.From.IsZero() || !q.To.IsZero() && !q.From.Before(q.To) {
		return Diff{}, errs.Bad("from", "has to be a time before to.")
	}
	ask := Query{
		Root: q.Root, Direction: q.Direction, Depth: q.Depth, AsOf: q.From, KnownAt: q.KnownAt, Filter: q.Filter,
		Indirect: q.Indirect, MaxNodes: q.MaxNodes, Fields: q.Fields,
	}
	if err := ask.check(); err != nil {
		return Diff{}, err
	}
	root, err := s.asset(ctx, "root", q.Root)
	if err != nil {
		return Diff{}, err
	}
	was, err := s.reachInTime(ctx, root, ask)
	if err != nil {
		return Diff{}, err
	}
	ask.AsOf = q.To
	is, err := s.reachInTime(ctx, root, ask)
	if err != nil {
		return Diff{}, err
	}
	return s.compare(ctx, root.ID, was, is)
}

// compare tells what one of two results has and the other lacks.
func (s *Service) compare(ctx context.Context, root graph.ID, was, is reach) (Diff, error) {
	nodes := was.stored()
	maps.Copy(nodes, is.stored())
	rows := map[endsOf][2][]graph.Edge{}
	for i, r := range []reach{was, is} {
		for _, row := range r.rows {
			both := rows[endsOf{row.From, row.To, row.Rel}]
			both[i] = append(both[i], row)
			rows[endsOf{row.From, row.To, row.Rel}] = both
		}
	}
	d := Diff{Root: root, PartialReason: was.reason}
	if is.reason != "" {
		d.PartialReason = is.reason
	}
	d.IsPartial = d.PartialReason != ""
	var added, removed []graph.Edge
	for _, both := range rows {
		switch {
		case len(both[0]) == 0:
			added = append(added, both[1]...)
		case len(both[1]) == 0:
			removed = append(removed, both[0]...)
		default:
			d.KeptEdges++
		}
	}
	d.AddedNodes, d.KeptNodes = lacking(is, was)
	d.RemovedNodes, _ = lacking(was, is)
	return d, s.present(ctx, &d, nodes, added, removed)
}

// lacking are the nodes of one result that the other lacks, and how many both have.
func lacking(r, other reach) (found []Node, kept int) {
	for _, n := range r.sorted() {
		if _, ok := other.nodes[n.ID]; ok {
			kept++
			continue
		}
		found = append(found, n)
	}
	return found, kept
}

// present makes edges of rows, with one look-up for both lists, and hides what the viewer may not see.
func (s *Service) present(ctx context.Context, d *Diff, nodes map[graph.ID]graph.Node, added, removed []graph.Edge) error {
	named, err := fetch(ctx, s.store, missing(slices.Concat(added, removed), nodes))
	if err != nil {
		return err
	}
	maps.Copy(nodes, named)
	if d.AddedEdges, err = s.merge(ctx, added, nodes, false); err != nil {
		return err
	}
	if d.RemovedEdges, err = s.merge(ctx, removed, nodes, false); err != nil {
		return err
	}
	v, err := s.veil(ctx, assets(nodes)...)
	if err != nil {
		return err
	}
	d.AddedNodes, d.RemovedNodes = v.nodes(d.AddedNodes), v.nodes(d.RemovedNodes)
	d.AddedEdges, d.RemovedEdges = v.edges(d.AddedEdges), v.edges(d.RemovedEdges)
	return nil
}
