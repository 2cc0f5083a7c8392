package audit

import (
	"context"

	"weir/graph"
)

// Heads returns up to limit entries after a position, in order, without what lies beside their leaves: Changes are empty.
// It is for those who watch what is done and by whom, and cheaper than Since.
func Heads(ctx context.Context, r graph.Reader, after int64, limit int) ([]Entry, error) {
	nodes, err := following(ctx, r, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(nodes))
	for i, n := range nodes {
		if out[i], _, err = head(n); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// following reads the nodes of entries after a position, in order. What it returns has no gaps but those that are in
// the log: an engine that reads while others commit may show an entry and not yet the one before, which is then
// committed too, so reading again finds it.
func following(ctx context.Context, r graph.Reader, after int64, limit int) ([]graph.Node, error) {
	q := graph.Query{
		Kind: recordType.Kind, Sort: graph.PropSeq, Limit: limit,
		Where: []graph.Filter{{Prop: graph.PropSeq, Op: graph.More, Values: []any{after + 1}}},
	}
	page, err := r.List(ctx, q)
	if err != nil || dense(page.Nodes, after) {
		return page.Nodes, err
	}
	last := number(page.Nodes[len(page.Nodes)-1])
	if page, err = r.List(ctx, q); err != nil {
		return nil, err
	}
	for i, n := range page.Nodes {
		if number(n) > last {
			return page.Nodes[:i], nil
		}
	}
	return page.Nodes, nil
}

// dense tells whether entries follow a position one by one.
func dense(nodes []graph.Node, after int64) bool {
	for i, n := range nodes {
		if number(n) != after+1+int64(i) {
			return false
		}
	}
	return true
}

// number is the position of an entry in the log.
func number(n graph.Node) int64 {
	seq, _ := n.Props[graph.PropSeq].(int64)
	return seq
}
