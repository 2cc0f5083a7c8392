package notify

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"weir/errs"
	"weir/graph"
	"weir/jobs"
)

// sendAge is how old something may be and still be sent: whoever was cut off for longer finds it in the program.
const sendAge = 3 * 24 * time.Hour

const (
	maxTries   = 12               // then a delivery has failed, about 20 hours after the first
	firstPause = time.Minute      // before the second try; it doubles each time
	maxPause   = 6 * time.Hour    // between tries
	sendTime   = time.Minute      // what one attempt may take
	claimTime  = 2 * time.Minute  // after this an attempt that told nothing was cut off
	settleTime = 10 * time.Second // what writing down an outcome may take when the program ends
	sendBatch  = 50               // deliveries that are read at once
	sendAtOnce = 4                // webhooks that are told at the same time
)

// trouble is why something was not sent, or perhaps not.
type trouble struct {
	why   string // a sentence for whoever operates the program
	cause error  // for the log; nil: why says it all
	doubt bool   // it may have arrived
	final bool   // no other try can help
	door  bool   // the fault is not with this delivery: nothing can be sent at present
}

func (t *trouble) Error() string {
	if t.cause == nil {
		return t.why
	}
	return t.why + " " + t.cause.Error()
}

func (t *trouble) Unwrap() error { return t.cause }

// sendDue sends what is due at a door until nothing is, or the door itself fails.
func (s *Service) sendDue(ctx context.Context, door string) error {
	for {
		due, err := s.due(ctx, door)
		if err != nil || len(due) == 0 {
			return err
		}
		if err := s.sendAll(ctx, door, due); err != nil {
			return err
		}
	}
}

// sendAll makes one attempt for each delivery. Mails go one after another, and no further than the first that finds the
// server shut; webhooks several at once, since one that doesn't answer must not hold up the others.
func (s *Service) sendAll(ctx context.Context, door string, due []delivery) error {
	var group errgroup.Group
	group.SetLimit(sendAtOnce)
	for _, d := range due {
		if ctx.Err() != nil {
			break
		}
		if door == doorHook {
			group.Go(func() error { return s.deliver(ctx, d) })
		} else if err := s.deliver(ctx, d); err != nil {
			return err
		}
	}
	return errors.Join(group.Wait(), ctx.Err())
}

// due lists what is to be sent now: what waits, and what an attempt that was cut off left behind. What stands farther in the
// future than any pause got there by a clock that was wrong.
func (s *Service) due(ctx context.Context, door string) ([]delivery, error) {
	now := s.now()
	var out []delivery
	for _, state := range []status{waiting, sending} {
		for _, when := range []graph.Filter{
			{Prop: "next", Op: graph.Less, Values: []any{now.Add(time.Microsecond)}},
			{Prop: "next", Op: graph.More, Values: []any{now.Add(2 * maxPause)}},
		} {
			page, err := s.Store.List(ctx, graph.Query{Kind: deliveryType.Kind, Sort: "next", Limit: sendBatch, Where: []graph.Filter{
				{Prop: "door", Values: []any{door}}, {Prop: "state", Values: []any{string(state)}}, when,
			}})
			if err != nil {
				return nil, err
			}
			some, err := deliveryType.ReadAll(page.Nodes)
			if err != nil {
				return nil, broken(err)
			}
			out = append(out, some...)
		}
	}
	return out, nil
}

// deliver makes one attempt. Its error is the store's, or that of a door that is shut.
func (s *Service) deliver(ctx context.Context, d delivery) error {
	if s.now().Sub(d.Since) > sendAge {
		return s.settle(ctx, d, failed, "It could not be sent within 3 days.")
	}
	if d.State == sending && d.Once {
		return s.settle(ctx, d, unknown, "The attempt was cut off. It was perhaps sent, and is not sent again.")
	}
	d, ok, err := s.claim(ctx, d)
	if err != nil || !ok {
		return err
	}
	within, cancel := context.WithTimeout(ctx, sendTime)
	err = s.attempt(within, d)
	cancel()
	var t *trouble
	switch {
	case err == nil:
		return s.settle(ctx, d, sent, "")
	case !errors.As(err, &t): // the store's: nothing was sent
		t = &trouble{why: "It could not be read.", cause: err}
	}
	switch {
	case t.doubt && d.Once:
		return s.settle(ctx, d, unknown, t.why)
	case t.final, d.Attempts >= maxTries && !t.door:
		return s.settle(ctx, d, failed, t.why)
	}
	if t.door {
		d.Attempts-- // it was not this one's fault
		return errors.Join(t, s.settle(ctx, d, waiting, t.why))
	}
	return s.settle(ctx, d, waiting, t.why)
}

// attempt sends a delivery through its door.
func (s *Service) attempt(ctx context.Context, d delivery) error {
	if d.Door == doorMail {
		return s.mail(ctx, d)
	}
	return s.post(ctx, d)
}

// claim writes down that an attempt begins, before it does; false if somebody else has the delivery.
func (s *Service) claim(ctx context.Context, d delivery) (delivery, bool, error) {
	d.State, d.Next = sending, s.now().Add(claimTime)
	d.Attempts++
	err := s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := jobs.Fence(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Put(ctx, deliveryType.Write(d.ID, graph.IfVersion, d))
		return err
	})
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) {
		return d, false, nil
	}
	d.Version++
	return d, err == nil, err
}

// settle writes down how an attempt ended, also when the program is ending. Where it can't, the delivery stays as one that
// was cut off.
func (s *Service) settle(ctx context.Context, d delivery, state status, why string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	d.State, d.Error = state, cut(line(why), MaxTitle)
	if state == waiting {
		d.Next = s.now().Add(min(maxPause, firstPause<<max(0, min(d.Attempts-1, 20))))
	} else {
		d.Next, d.Done = time.Time{}, s.now()
	}
	err := s.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, deliveryType.Write(d.ID, graph.IfVersion, d))
		return err
	})
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) {
		return nil // another server took it for cut off, and goes on with it
	}
	return err
}
