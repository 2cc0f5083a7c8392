package gqlschema

import (
	"context"
	"strconv"

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

// Changes is the log in its order. Its cursors are positions in the log, so that who follows endCursor misses nothing;
// of an empty page it is where the reader stands already.
func (q queries) Changes(ctx context.Context, first *int, after *string) (*gen.HistoryConnection, error) {
	p, err := pageOf("changes", first, after)
	if err != nil {
		return nil, err
	}
	from, err := p.offset()
	if err != nil {
		return nil, err
	}
	read, err := audit.Since(ctx, q.log, int64(from), p.first+1)
	if err != nil {
		return nil, err
	}
	w := window[audit.Entry]{items: read[:min(p.first, len(read))]}
	for _, e := range w.items {
		w.cursors = append(w.cursors, p.cursor(strconv.FormatInt(e.Seq, 10), 0))
	}
	w.info = infoOf(w.cursors, len(read) > p.first, from > 0)
	if w.info.EndCursor == nil {
		w.info.EndCursor = after
	}
	return historyConnection(w), nil
}
