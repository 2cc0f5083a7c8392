package lineage

import (
	"context"
	"slices"

	"weir/catalog"
	"weir/graph"
)

// Viewer decides what an answer may show.
type Viewer interface {
	// Hide returns, for those of the nodes that the viewer may not see, the pseudonyms that take the place of their ids. A
	// pseudonym is stable for a viewer and tells nothing about the node.
	Hide(ctx context.Context, nodes []graph.Node) (map[graph.ID]graph.ID, error)
	// Visible is what the viewer may see, as the store asks it; nil is all.
	Visible(ctx context.Context) *graph.Visible
}

// sees is what the viewer may see; nil is all.
func (s *Service) sees(ctx context.Context) *graph.Visible {
	if s.viewer == nil {
		return nil
	}
	return s.viewer.Visible(ctx)
}

// veil knows what is hidden from a viewer. It is the single place where a node becomes hidden: each answer passes
// through it before it leaves the package.
type veil map[graph.ID]graph.ID

// veil asks the viewer about nodes; a service without a viewer hides nothing.
func (s *Service) veil(ctx context.Context, nodes ...graph.Node) (veil, error) {
	if s.viewer == nil || len(nodes) == 0 {
		return nil, nil
	}
	return s.viewer.Hide(ctx, nodes)
}

func (v veil) hides(id graph.ID) bool {
	_, ok := v[id]
	return ok
}

func (v veil) id(id graph.ID) graph.ID {
	if pseudonym, ok := v[id]; ok {
		return pseudonym
	}
	return id
}

// answer is the answer as the viewer may see it.
func (v veil) answer(a Answer) Answer {
	a.Nodes, a.Edges = v.nodes(a.Nodes), v.edges(a.Edges)
	a.Columns = v.columns(a.Columns)
	a.ColumnEdges = v.edges(between(a.ColumnEdges, a.Columns))
	return a
}

// nodes replaces the hidden ones and restores the order, so that it doesn't tell about their ids.
func (v veil) nodes(nodes []Node) []Node {
	if len(v) == 0 {
		return nodes
	}
	for i, n := range nodes {
		if v.hides(n.ID) {
			nodes[i] = Node{ID: v.id(n.ID), Depth: n.Depth, Side: n.Side, Hidden: true, Further: n.Further, Count: n.Count}
		}
	}
	slices.SortFunc(nodes, byDepth)
	return nodes
}

// edges replaces what edges tell about hidden nodes and restores the order.
func (v veil) edges(edges []Edge) []Edge {
	if len(v) == 0 {
		return edges
	}
	for i, e := range edges {
		edges[i] = v.edge(e)
	}
	slices.SortFunc(edges, byEnds)
	return edges
}

// edge keeps the connection and takes away what it tells about hidden ends.
func (v veil) edge(e Edge) Edge {
	if v.hides(e.From) || v.hides(e.To) {
		e = Edge{
			From: v.id(e.From), To: v.id(e.To), Kind: e.Kind, Since: e.Since, Until: e.Until, ConfirmedAt: e.ConfirmedAt,
			How: e.How, Unconfirmed: e.Unconfirmed, Via: e.Via,
		}
	}
	e.Via = v.ids(e.Via)
	return e
}

// ids replaces the hidden ones.
func (v veil) ids(ids []graph.ID) []graph.ID {
	out := slices.Clone(ids)
	for i, id := range out {
		out[i] = v.id(id)
	}
	return out
}

// known leaves out what is hidden.
func (v veil) known(nodes map[graph.ID]graph.Node) map[graph.ID]graph.Node {
	for id := range v {
		delete(nodes, id)
	}
	return nodes
}

// columns leaves out the columns that are hidden or belong to a hidden dataset.
func (v veil) columns(columns []catalog.Column) []catalog.Column {
	if len(v) == 0 {
		return columns
	}
	return slices.DeleteFunc(columns, func(c catalog.Column) bool { return v.hides(c.ID) || v.hides(c.Dataset) })
}
