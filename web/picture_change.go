package web

import (
	"context"

	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph"
)

// ends names an edge by what it connects.
type ends struct {
	from, to graph.ID
	kind     graph.Rel
}

func endsOf(e lineage.Edge) ends { return ends{e.From, e.To, e.Kind} }

// changes are what a picture has and lacks that another time lacks and has.
type changes struct {
	added, gone           map[graph.ID]bool
	addedEdges, goneEdges map[ends]bool
}

// compare adds to a picture what it has lost since another time, and marks what it has gained.
func (s *Site) compare(ctx context.Context, ask lineage.Query, p *picture) error {
	from, err := timeOf("compare", p.q.Compare)
	if err != nil {
		return err
	}
	if !ask.AsOf.IsZero() && !from.Before(ask.AsOf) {
		return errs.Bad("compare", "has to be before the time that is shown.")
	}
	d, err := s.Lineage.Diff(ctx, lineage.DiffQuery{
		Root: ask.Root, Direction: ask.Direction, Depth: ask.Depth, From: from, To: ask.AsOf, Filter: ask.Filter,
		MaxNodes: ask.MaxNodes, Fields: ask.Fields,
	})
	if err != nil {
		return err
	}
	p.changes = changes{added: idsOf(d.AddedNodes), gone: idsOf(d.RemovedNodes), addedEdges: edgesIn(d.AddedEdges), goneEdges: edgesIn(d.RemovedEdges)}
	for _, n := range d.RemovedNodes {
		p.Nodes = append(p.Nodes, n)
		if err := p.add(n); err != nil {
			return err
		}
	}
	for _, e := range d.RemovedEdges {
		p.Edges = append(p.Edges, e)
		p.link(e)
	}
	return nil
}

func idsOf(nodes []lineage.Node) map[graph.ID]bool {
	out := map[graph.ID]bool{}
	for _, n := range nodes {
		out[n.ID] = true
	}
	return out
}

func edgesIn(edges []lineage.Edge) map[ends]bool {
	out := map[ends]bool{}
	for _, e := range edges {
		out[endsOf(e)] = true
	}
	return out
}
