package gqlschema

import (
	"context"

	"weir/audit"
	"weir/gqlschema/gen"
	"weir/graph"
)

func (r *resolver) historyOf(ctx context.Context, id graph.ID, first *int, after *string) (*gen.HistoryConnection, error) {
	p, err := pageOf("history", first, after)
	if err != nil {
		return nil, err
	}
	read, err := r.catalog.History(ctx, id, p.limit(), p.after)
	if err != nil {
		return nil, err
	}
	return historyConnection(windowOf(p, read.Items, read.Next)), nil
}

func historyConnection(w window[audit.Entry]) *gen.HistoryConnection {
	out := &gen.HistoryConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showEntry, func(at string, n *gen.HistoryEntry) *gen.HistoryEdge {
		return &gen.HistoryEdge{Cursor: at, Node: n}
	})
	return out
}

func (q queries) History(ctx context.Context, id graph.ID, first *int, after *string) (*gen.HistoryConnection, error) {
	return q.historyOf(ctx, id, first, after)
}
