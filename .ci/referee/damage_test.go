package referee

import (
	"context"

	"weir/graph"
)

// put writes nodes as they are, past the program.
func (w *world) put(nodes ...graph.Node) {
	w.t.Helper()
	w.must(write(w.t.Context(), w.store, nodes...))
}

func write(ctx context.Context, s graph.Store, nodes ...graph.Node) error {
	return s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		for _, n := range nodes {
			if _, err := tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: n.ID, Kind: n.Kind, Props: n.Props}}); err != nil {
				return err
			}
		}
		return nil
	})
}
