package notify

import (
	"context"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// MaxUnread is how far Unread counts.
const MaxUnread = 100

// Page is a part of a list. Next is empty on the last one.
type Page[T any] struct {
	Items []T
	Next  string
}

// List is a page of the notifications of the person who asks, newest first; with unread only those that he hasn't read.
// Limits are 1 to graph.MaxPage here and below. Errors: Unauthenticated, Forbidden, Invalid.
func (s *Service) List(ctx context.Context, unread bool, after string, limit int) (Page[Notification], error) {
	me, err := s.me(ctx, authz.View)
	if err != nil {
		return Page[Notification]{}, err
	}
	page, err := s.Store.List(ctx, ofPerson(me, unread, after, limit))
	if err != nil {
		return Page[Notification]{}, err
	}
	notes, err := notificationType.ReadAll(page.Nodes)
	return Page[Notification]{Items: notes, Next: page.Next}, broken(err)
}

func ofPerson(me graph.ID, unread bool, after string, limit int) graph.Query {
	where := []graph.Filter{{Prop: "person", Values: []any{string(me)}}}
	if unread {
		where = append(where, graph.Filter{Prop: "read", Op: graph.Missing})
	}
	return graph.Query{Kind: notificationType.Kind, Where: where, Sort: "at", Desc: true, After: after, Limit: limit}
}

// Unread counts what the person who asks hasn't read, up to MaxUnread: that many means "or more". For whoever has no
// notifications, agents or nobody, it is 0. Errors: the store's.
func (s *Service) Unread(ctx context.Context) (int, error) {
	me, err := s.me(ctx, authz.View)
	if errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Unauthenticated) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	page, err := s.Store.List(ctx, ofPerson(me, true, "", MaxUnread))
	return len(page.Nodes), err
}

// MarkRead notes that the person who asks has read these. Having read is an observation: the audit log has no entry of it.
// Errors: NotFound if one isn't there or is somebody else's; then none is marked.
func (s *Service) MarkRead(ctx context.Context, ids ...graph.ID) error {
	me, err := s.me(ctx, authz.Manage)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	for _, id := range ids {
		if !graph.ValidID(id) {
			return noNotification()
		}
	}
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error { return markRead(ctx, tx, me, ids) })
}

func markRead(ctx context.Context, tx graph.Tx, me graph.ID, ids []graph.ID) error {
	nodes, err := tx.Nodes(ctx, ids...)
	if err != nil {
		return err
	}
	w := &writes{}
	for _, id := range ids {
		n, ok := nodes[id]
		if !ok || n.Kind != notificationType.Kind || n.Props["person"] != string(me) {
			return noNotification()
		}
		w.add(graph.NodeWrite{Node: graph.Node{ID: id, Kind: notificationType.Kind, Props: graph.Props{"read": true}}})
	}
	_, err = tx.Put(ctx, w.list...)
	return err
}

func noNotification() error { return errs.E(errs.NotFound, "There is no such notification.") }

// MarkAllRead notes that the person who asks has read everything there is.
func (s *Service) MarkAllRead(ctx context.Context) error {
	me, err := s.me(ctx, authz.Manage)
	if err != nil {
		return err
	}
	for {
		page, err := s.Store.List(ctx, ofPerson(me, true, "", graph.MaxPage))
		if err != nil || len(page.Nodes) == 0 {
			return err
		}
		ids := make([]graph.ID, len(page.Nodes))
		for i, n := range page.Nodes {
			ids[i] = n.ID
		}
		err = s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error { return markRead(ctx, tx, me, ids) })
		if err != nil && !errs.Is(err, errs.NotFound) { // deleted meanwhile: the next page has it no more
			return err
		}
	}
}
