package lineage

import (
	"context"
	"maps"
	"slices"

	"weir/graph"
)

// fetch reads nodes of any number; ids may repeat.
func fetch(ctx context.Context, r graph.Reader, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	out := make(map[graph.ID]graph.Node, len(ids))
	ids = slices.Sorted(slices.Values(ids))
	for part := range slices.Chunk(slices.Compact(ids), graph.MaxBatch) {
		nodes, err := r.Nodes(ctx, part...)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, nodes)
	}
	return out, nil
}

// hop reads all edges of nodes of any number and any degree; ids may repeat. They are ordered by the asked ends' ids.
func hop(ctx context.Context, r graph.Reader, of []graph.ID, q graph.EdgeQuery) ([]graph.Edge, error) {
	var out []graph.Edge
	of = slices.Sorted(slices.Values(of))
	for part := range slices.Chunk(slices.Compact(of), graph.MaxBatch) {
		q.Of = part
		page, err := r.Edges(ctx, q)
		if err != nil {
			return nil, err
		}
		rows := page.Edges
		for _, id := range page.More {
			rows = slices.DeleteFunc(rows, func(e graph.Edge) bool { return asked(e, q.Dir) == id })
			all, err := every(ctx, r, id, q)
			if err != nil {
				return nil, err
			}
			rows = append(rows, all...)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// arc is an edge without what it says.
type arc struct{ from, to graph.ID }

// The bounds of what arcs reads at once: ids, edges of each, and edges of one that has more.
const (
	arcIDs  = 1_000
	arcEach = 100
	arcPage = 5_000
)

// arcs is hop for very many edges: it reads few at a time and keeps nothing but their ends.
func arcs(ctx context.Context, r graph.Reader, of []graph.ID, q graph.EdgeQuery) ([]arc, error) {
	var out []arc
	of = slices.Sorted(slices.Values(of))
	for part := range slices.Chunk(slices.Compact(of), arcIDs) {
		q.Of, q.Limit, q.After = part, arcEach, ""
		page, err := r.Edges(ctx, q)
		if err != nil {
			return nil, err
		}
		more := map[graph.ID]bool{}
		for _, id := range page.More {
			more[id] = true
		}
		for _, e := range page.Edges {
			if !more[asked(e, q.Dir)] {
				out = append(out, arc{e.From, e.To})
			}
		}
		for _, id := range page.More {
			if out, err = arcsOf(ctx, r, id, q, out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// arcsOf adds the edges of a single node, page by page.
func arcsOf(ctx context.Context, r graph.Reader, id graph.ID, q graph.EdgeQuery, out []arc) ([]arc, error) {
	q.Of, q.Limit = []graph.ID{id}, arcPage
	for {
		page, err := r.Edges(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Edges {
			out = append(out, arc{e.From, e.To})
		}
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}

// every reads the edges of a single node, page by page.
func every(ctx context.Context, r graph.Reader, id graph.ID, q graph.EdgeQuery) ([]graph.Edge, error) {
	q.Of = []graph.ID{id}
	var out []graph.Edge
	for {
		page, err := r.Edges(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Edges...)
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}

// asked is the end of an edge that a question named, other the one that it found.
func asked(e graph.Edge, dir graph.Dir) graph.ID {
	if dir == graph.Out {
		return e.From
	}
	return e.To
}

func other(e graph.Edge, dir graph.Dir) graph.ID {
	if dir == graph.Out {
		return e.To
	}
	return e.From
}
