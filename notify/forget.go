package notify

import (
	"context"

	"weir/audit"
	"weir/graph"
	"weir/identity"
	"weir/jobs"
)

// naming notes whom the text of a node names.
func (w *writes) naming(id graph.ID, people []graph.ID) {
	for _, p := range people {
		w.names = append(w.names, graph.Edge{From: id, Rel: relNames, To: p})
	}
}

// link writes whom texts name. Who isn't known, or was erased before, needs no edge: nothing leads to him.
func (w *writes) link(ctx context.Context, tx graph.Tx) error {
	var ids []graph.ID
	for _, e := range w.names {
		ids = append(ids, e.To)
	}
	known, err := identity.Lookup(ctx, tx, ids...)
	if err != nil {
		return err
	}
	var edges []graph.Edge
	for _, e := range w.names {
		if _, ok := known[e.To]; ok {
			edges = append(edges, e)
		}
	}
	if len(edges) == 0 {
		return nil
	}
	return tx.Link(ctx, edges...)
}

// forgetAll forgets everybody of whom entries say that he was erased.
func (s *Service) forgetAll(ctx context.Context, entries []audit.Entry) error {
	for _, e := range entries {
		if e.Action != audit.ActionErase || e.Decision != audit.Allowed || e.Target == "" {
			continue
		}
		if err := s.forget(ctx, e.Target); err != nil {
			return err
		}
	}
	return nil
}

// forget deletes how somebody wanted to be told, what he was told, what is to be sent to him, and what names him to others.
func (s *Service) forget(ctx context.Context, person graph.ID) error {
	for {
		ids, err := s.traces(ctx, person)
		if err != nil {
			return err
		}
		err = s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			if err := jobs.Fence(ctx, tx); err != nil {
				return err
			}
			return tx.Delete(ctx, append(ids, settingID(person))...)
		})
		if err != nil || len(ids) == 0 {
			return err
		}
	}
}

// traces are some nodes that are about a person; none when nothing is left.
func (s *Service) traces(ctx context.Context, person graph.ID) ([]graph.ID, error) {
	var out []graph.ID
	for _, kind := range []graph.Kind{notificationType.Kind, deliveryType.Kind} {
		page, err := s.Store.List(ctx, graph.Query{Kind: kind, Sort: "at", Limit: tidyBatch,
			Where: []graph.Filter{{Prop: "person", Values: []any{string(person)}}}})
		if err != nil {
			return nil, err
		}
		for _, n := range page.Nodes {
			out = append(out, n.ID)
		}
	}
	named, err := s.Store.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{person}, Dir: graph.In, Rels: []graph.Rel{relNames}, Limit: tidyBatch})
	for _, e := range named.Edges {
		out = append(out, e.From)
	}
	return out, err
}
