package marketplace

import (
	"context"
	"fmt"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// sweepBatch is how many items one round of a sweep looks at; the next round goes on with the others.
const sweepBatch = 200

// Sweep does what time asks for: it reminds those who have to act, escalates what waits too long, and ends what nobody has
// decided, answered or sent. A periodic job calls it; each act is a transaction of its own with its entry, and is done once
// whoever calls and however often, since it is written with the version that was looked at. A clock that jumps ahead gives one
// reminder, not one for each day passed over; one that jumps back gives none.
func (s *Service) Sweep(ctx context.Context) error {
	for _, do := range []func(context.Context) error{s.remindAll, s.expireAnswers, s.dropDrafts} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// remindAll reminds of the items whose time has come.
func (s *Service) remindAll(ctx context.Context) error {
	for range 50 {
		now := graph.Time(s.now())
		page, err := list(ctx, s.store, itemType, graph.Query{Sort: "due", Limit: sweepBatch, Where: []graph.Filter{
			where("state", string(Submitted)), {Prop: "due", Op: graph.Less, Values: []any{now}}}})
		if err != nil {
			return err
		}
		for _, i := range page.Items {
			if err := s.remind(ctx, i.ID); err != nil && !errs.Is(err, errs.Conflict) {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
	}
	return nil
}

// remind does what is due for one item: a reminder, to those who decide it now, an escalation, or its end.
func (s *Service) remind(ctx context.Context, id graph.ID) error {
	return s.byTime(ctx, id, func(ctx context.Context, tx graph.Tx, i *Item, body *itemBody) (string, []audit.Change, error) {
		now := s.now()
		if i.State != Submitted || now.Before(i.Due) {
			return "", nil, nil
		}
		if now.Sub(i.Sent) > staleDays*24*time.Hour {
			return s.expireItem(i)
		}
		changes, err := s.reroute(ctx, tx, i, body)
		if err != nil {
			return "", nil, err
		}
		st := body.Steps[i.Step]
		i.Reminded++
		i.Due = graph.Time(now.Add(time.Duration(max(st.Remind, 1)) * 24 * time.Hour))
		changes = changed(changes, i.ID, "reminded", fmt.Sprint(i.Reminded-1), fmt.Sprint(i.Reminded))
		if !i.Escalated && st.Late > 0 && i.Reminded*max(st.Remind, 1) >= st.Late {
			i.Escalated = true
			return "marketplace.escalate", changed(changes, i.ID, "escalated", "", "true"), nil
		}
		return "marketplace.remind", changes, nil
	})
}

func (s *Service) expireItem(i *Item) (string, []audit.Change, error) {
	was := i.State
	var err error
	i.State, err = next(Items, was, Expire, "")
	i.Decided, i.Stuck = graph.Time(s.now()), false
	return "marketplace.expire", changed(nil, i.ID, "state", string(was), string(i.State)), err
}

// expireAnswers ends what has waited for an answer for too long.
func (s *Service) expireAnswers(ctx context.Context) error {
	before := graph.Time(s.now().Add(-staleDays * 24 * time.Hour))
	page, err := list(ctx, s.store, itemType, graph.Query{Sort: "sent", Limit: sweepBatch, Where: []graph.Filter{
		where("state", string(NeedsInfo)), {Prop: "sent", Op: graph.Less, Values: []any{before}}}})
	if err != nil {
		return err
	}
	for _, i := range page.Items {
		err := s.byTime(ctx, i.ID, func(_ context.Context, _ graph.Tx, i *Item, _ *itemBody) (string, []audit.Change, error) {
			if i.State != NeedsInfo {
				return "", nil, nil
			}
			return s.expireItem(i)
		})
		if err != nil && !errs.Is(err, errs.Conflict) {
			return err
		}
	}
	return nil
}

// byTime changes an item because its time has come. The actor is the program itself. An item keeps its reminders over the
// change.
func (s *Service) byTime(ctx context.Context, id graph.ID, do func(context.Context, graph.Tx, *Item, *itemBody) (string, []audit.Change, error)) error {
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		i, ok, err := get(ctx, tx, itemType, id)
		if err != nil || !ok {
			return err
		}
		var body itemBody
		if err := unpack(i.Body, &body); err != nil {
			return err
		}
		action, changes, err := do(ctx, tx, &i, &body)
		if err != nil || action == "" {
			return err
		}
		if i.Body, err = pack(body); err != nil {
			return err
		}
		if _, err := put(ctx, tx, itemType, i.ID, graph.IfVersion, i); err != nil {
			return err
		}
		if err := s.writeTurns(ctx, tx, i, body); err != nil {
			return err
		}
		return audit.Append(ctx, tx, s.now(), audit.Entry{Actor: authz.Operator.ID, Action: action, Target: i.ID, Decision: audit.Allowed,
			Facts: map[string]string{"request": string(i.Request), "step": fmt.Sprint(i.Step), "reminder": fmt.Sprint(i.Reminded)}, Changes: changes})
	})
}

// dropDrafts throws drafts away that nobody has touched for long. They were nobody else's business, so there is no entry.
func (s *Service) dropDrafts(ctx context.Context) error {
	before := graph.Time(s.now().Add(-draftDays * 24 * time.Hour))
	page, err := list(ctx, s.store, requestType, graph.Query{Sort: "at", Limit: sweepBatch, Where: []graph.Filter{
		where("draft", true), {Prop: "at", Op: graph.Less, Values: []any{before}}}})
	if err != nil {
		return err
	}
	for _, req := range page.Items {
		err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			old, ok, err := get(ctx, tx, requestType, req.ID)
			if err != nil || !ok || !old.Draft || !old.At.Before(before) {
				return err
			}
			if err := s.dropItems(ctx, tx, req.ID); err != nil {
				return err
			}
			return tx.Delete(ctx, req.ID)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
