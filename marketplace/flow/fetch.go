package flow

import (
	"context"
	"maps"
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
)

// reader reads in batches as they hold at one time. Ids may repeat and be of any number.
type reader struct {
	graph.Reader
	at time.Time
}

// nodes reads nodes; missing ones are absent.
func (r reader) nodes(ctx context.Context, ids []graph.ID) (map[graph.ID]graph.Node, error) {
	out := make(map[graph.ID]graph.Node, len(ids))
	for part := range slices.Chunk(distinct(ids), graph.MaxBatch) {
		found, err := r.Nodes(ctx, part...)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, found)
	}
	return out, nil
}

// edges reads all edges of nodes along a direction.
func (r reader) edges(ctx context.Context, of []graph.ID, dir graph.Dir, rels ...graph.Rel) ([]graph.Edge, error) {
	var out []graph.Edge
	for part := range slices.Chunk(distinct(of), graph.MaxBatch) {
		page, err := r.Edges(ctx, graph.EdgeQuery{Of: part, Dir: dir, Rels: rels, At: r.at})
		if err != nil {
			return nil, err
		}
		out = append(out, page.Edges...)
		for _, id := range page.More {
			rest, err := r.edgesOf(ctx, id, dir, rels)
			if err != nil {
				return nil, err
			}
			out = append(out, rest...)
		}
	}
	return out, nil
}

// edgesOf reads the edges of a single node page by page; some of them were read before.
func (r reader) edgesOf(ctx context.Context, id graph.ID, dir graph.Dir, rels []graph.Rel) ([]graph.Edge, error) {
	q := graph.EdgeQuery{Of: []graph.ID{id}, Dir: dir, Rels: rels, At: r.at}
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

// read makes a value of a node.
func read[T any](t *graph.Type[T], n graph.Node) (T, error) {
	v, err := t.Read(n)
	if err != nil {
		return v, errs.Wrap(err, errs.Internal, "Something in the catalog can't be read.")
	}
	return v, nil
}

// distinct is a sorted copy without repetitions.
func distinct(ids []graph.ID) []graph.ID { return slices.Compact(slices.Sorted(slices.Values(ids))) }
