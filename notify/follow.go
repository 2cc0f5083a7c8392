package notify

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/jobs"
)

const (
	followerName = "notify" // of the position in the log
	followBatch  = 200      // entries at once
	keepBatch    = 200      // notices in one transaction
)

// follow makes notifications of all entries that there are.
func (s *Service) follow(ctx context.Context) error {
	f := audit.Follower{Name: followerName, Batch: followBatch, Do: s.tell}
	ctx = s.asOperator(ctx)
	for {
		n, err := f.Step(ctx, s.Store)
		if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Exists) { // another server was faster; its work is the same
			return nil
		}
		if err != nil || n == 0 {
			return err
		}
	}
}

// tell makes notifications and deliveries of entries. Done again it changes nothing.
func (s *Service) tell(ctx context.Context, entries []audit.Entry) error {
	var notices []Notice
	for _, source := range s.Sources {
		more, err := source.Notices(ctx, entries)
		if err != nil {
			return err
		}
		notices = append(notices, more...)
	}
	people, err := s.addressed(ctx, notices)
	if err != nil {
		return err
	}
	notices = slices.DeleteFunc(notices, func(n Notice) bool {
		_, there := people[n.To]
		return !there
	})
	for part := range slices.Chunk(notices, keepBatch) {
		if err := s.keep(ctx, part, people); err != nil {
			return err
		}
	}
	return s.forgetAll(ctx, entries)
}

// addressed reads the people whom notices are for. Those who are unknown or disabled are absent.
func (s *Service) addressed(ctx context.Context, notices []Notice) (map[graph.ID]identity.Somebody, error) {
	var ids []graph.ID
	for _, n := range notices {
		ids = append(ids, n.To)
	}
	slices.Sort(ids)
	return s.people(ctx, slices.Compact(ids)...)
}

// keep writes notices and what is to be sent of them in one transaction.
func (s *Service) keep(ctx context.Context, notices []Notice, people map[graph.ID]identity.Somebody) error {
	return s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := jobs.Fence(ctx, tx); err != nil {
			return err
		}
		settings, err := settingsOf(ctx, tx, people)
		if err != nil {
			return err
		}
		hooks, err := liveHooks(ctx, tx)
		if err != nil {
			return err
		}
		w := &writes{}
		for _, n := range notices {
			if err := n.check(); err != nil { // a mistake of the program must not keep everybody else from being told
				slog.ErrorContext(ctx, "a notice can't be given", "error", err, "key", n.Key)
				continue
			}
			w.add(notificationType.Write(notificationID(n.Key), graph.Ensure, n.kept(s.now())))
			w.naming(notificationID(n.Key), n.Names)
			if s.mails(n, settings[n.To], people[n.To]) {
				w.add(deliveryType.Write(deliveryID(doorMail, n.Key), graph.Ensure, n.mail()))
			}
			if err := s.toHooks(w, n, hooks); err != nil {
				return err
			}
		}
		if _, err = tx.Put(ctx, w.list...); err != nil {
			return err
		}
		return w.link(ctx, tx)
	})
}

// writes are the nodes of one batch, each once: notices of one event make one delivery to a webhook.
type writes struct {
	list  []graph.NodeWrite
	seen  map[graph.ID]bool
	names []graph.Edge
}

func (w *writes) add(n graph.NodeWrite) {
	if w.seen[n.Node.ID] {
		return
	}
	if w.seen == nil {
		w.seen = map[graph.ID]bool{}
	}
	w.seen[n.Node.ID] = true
	w.list = append(w.list, n)
}

// kept is the notification of a notice.
func (n Notice) kept(now time.Time) Notification {
	return Notification{Person: n.To, Kind: n.Kind, Title: n.Title, Body: n.Body, Link: n.Link, Urgent: n.Urgent, At: n.At, Kept: now}
}

// mail is the delivery of a notice by mail, due at once.
func (n Notice) mail() delivery {
	return delivery{Door: doorMail, State: waiting, Person: n.To, Notices: []string{string(notificationID(n.Key))}, Kind: n.Kind,
		Once: n.Once, Next: n.At, Since: n.At, At: n.At}
}

// mails tells whether a notice is mailed by itself.
func (s *Service) mails(n Notice, set setting, u identity.Somebody) bool {
	if s.Mail == nil || u.Email == "" || set.Mail == MailOff || s.now().Sub(n.At) > sendAge {
		return false
	}
	return n.Urgent || set.Mail != MailDigest && !slices.Contains(set.Muted, string(n.Kind))
}

// toHooks adds the deliveries of a notice to each webhook that wants it. What happened before a webhook was there isn't for it.
func (s *Service) toHooks(w *writes, n Notice, hooks []hook) error {
	if s.now().Sub(n.At) > sendAge {
		return nil
	}
	for _, h := range hooks {
		if !h.wants(n.Kind) || n.At.Before(h.Created) {
			continue
		}
		body, err := s.payload(n)
		if err != nil {
			return err
		}
		w.naming(deliveryID(string(h.ID), n.event()), n.Names)
		w.add(deliveryType.Write(deliveryID(string(h.ID), n.event()), graph.Ensure, delivery{
			Door: doorHook, State: waiting, Hook: h.ID, Payload: body, Kind: n.Kind, Once: n.Once, Next: n.At, Since: n.At, At: n.At,
		}))
	}
	return nil
}

// settingsOf reads how people want to be told.
func settingsOf(ctx context.Context, r graph.Reader, people map[graph.ID]identity.Somebody) (map[graph.ID]setting, error) {
	if len(people) == 0 {
		return nil, nil
	}
	ids := make([]graph.ID, 0, len(people))
	for id := range people {
		ids = append(ids, settingID(id))
	}
	nodes, err := r.Nodes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := map[graph.ID]setting{}
	for _, n := range nodes {
		set, err := settingType.Read(n)
		if err != nil {
			return nil, broken(err)
		}
		out[set.Person] = set
	}
	return out, nil
}
