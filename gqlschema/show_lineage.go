package gqlschema

import (
	"strings"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/gqlschema/gen"
	"weir/graph"
)

func showLineage(a lineage.Answer) (*gen.Lineage, error) {
	nodes, err := showLineageNodes(a.Nodes)
	if err != nil {
		return nil, err
	}
	return &gen.Lineage{
		Root: a.Root, Nodes: nodes, Edges: all(a.Edges, showLineageEdge), Totals: all(a.Totals, showTotal),
		IsPartial: a.IsPartial, PartialReason: text(a.PartialReason),
	}, nil
}

func showLineageNodes(in []lineage.Node) ([]*gen.LineageNode, error) {
	out := make([]*gen.LineageNode, len(in))
	for i, n := range in {
		node, err := nodeOf(n)
		if err != nil {
			return nil, err
		}
		out[i] = &gen.LineageNode{
			ID: n.ID, Depth: n.Depth, Side: gen.LineageSide(n.Side.String()), Hidden: n.Hidden, Node: node, InCount: n.In, OutCount: n.Out,
		}
	}
	return out, nil
}

// nodeOf is the asset itself; nil when it is hidden.
func nodeOf(n lineage.Node) (gen.Node, error) {
	if n.Hidden {
		return nil, nil
	}
	a, ok, err := catalog.AssetOf(n.Node)
	if err != nil || !ok {
		return nil, err
	}
	return showNode(a), nil
}

func showLineageEdge(e lineage.Edge) *gen.LineageEdge {
	out := &gen.LineageEdge{
		From: e.From, To: e.To, Kind: gen.EdgeKind(e.Kind), Producer: e.Producer, Sources: append([]string{}, e.Sources...),
		Since: e.Since, Until: when(e.Until), ConfirmedAt: when(e.ConfirmedAt), How: gen.EdgeHow(strings.ToUpper(string(e.How))),
		Unconfirmed: e.Unconfirmed, Subtypes: append([]string{}, e.Subtypes...), Via: append([]graph.ID{}, e.Via...),
	}
	if e.Run != "" {
		out.Run = &e.Run
	}
	return out
}

func showTotal(c lineage.KindCount) *gen.KindCount {
	return &gen.KindCount{Kind: shownKinds[c.Kind], Count: c.Count}
}
