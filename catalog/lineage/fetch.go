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
