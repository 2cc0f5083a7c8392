package gqlschema

import (
	"context"

	"weir/gqlschema/gen"
	"weir/graph"
	"weir/jobs"
	"weir/notify"
)

func (q queries) Notifications(ctx context.Context, unread *bool, first *int, after *string) (*gen.NotificationConnection, error) {
	w, err := reading("notifications", first, after, func(after string, limit int) ([]notify.Notification, string, error) {
		page, err := q.notify.List(ctx, or(unread, false), after, limit)
		return page.Items, page.Next, err
	})
	if err != nil {
		return nil, err
	}
	out := &gen.NotificationConnection{PageInfo: w.info}
	out.Edges, out.Nodes = edges(w, showNotification, func(at string, n *gen.Notification) *gen.NotificationEdge {
		return &gen.NotificationEdge{Cursor: at, Node: n}
	})
	return out, nil
}

func showNotification(n notify.Notification) *gen.Notification {
	return &gen.Notification{
		ID: n.ID, Kind: word[gen.NoticeKind](n.Kind), Title: n.Title, Body: n.Body, Link: n.Link, IsUrgent: n.Urgent, IsRead: n.Read, At: n.At,
	}
}

func (q queries) UnreadNotifications(ctx context.Context) (int, error) { return q.notify.Unread(ctx) }

func (q queries) NotificationSettings(ctx context.Context) (*gen.NotificationSettings, error) {
	s, err := q.notify.Settings(ctx)
	return shownAfter(s, err, func(s notify.Settings) *gen.NotificationSettings {
		return &gen.NotificationSettings{
			Mail: word[gen.MailWish](s.Mail), Muted: words[gen.NoticeKind](s.Muted), Address: text(s.Address), Mailing: s.Mailing, Version: int(s.Version),
		}
	})
}

// Jobs tells how periodic work goes, on whichever server.
func (q queries) Jobs(ctx context.Context) ([]*gen.Job, error) {
	found, err := jobs.Status(ctx, q.log, q.policy)
	return all(found, func(s jobs.State) *gen.Job {
		return &gen.Job{
			Name: s.Name, EverySeconds: s.Every.Seconds(), Holder: text(s.Holder), LastAt: when(s.Last), TookSeconds: s.Took.Seconds(),
			Runs: int(s.Runs), Failures: int(s.Failures), Error: text(s.Error),
		}
	}), err
}

func (m mutations) MarkRead(ctx context.Context, ids []graph.ID) ([]graph.ID, error) {
	return ids, m.notify.MarkRead(ctx, ids...)
}

func (m mutations) MarkAllRead(ctx context.Context) (bool, error) {
	err := m.notify.MarkAllRead(ctx)
	return err == nil, err
}

func (m mutations) SetNotificationSettings(ctx context.Context, mail gen.MailWish, muted []gen.NoticeKind, version *int) (*gen.NotificationSettings, error) {
	err := m.notify.SetSettings(ctx, notify.NewSettings{Mail: unword[notify.Mail](mail), Muted: unwords[notify.Kind](muted), Version: number64(version)})
	if err != nil {
		return nil, err
	}
	return queries(m).NotificationSettings(ctx)
}
