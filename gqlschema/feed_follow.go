package gqlschema

import (
	"context"
	"sync"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
)

func (r *resolver) Subscription() gen.SubscriptionResolver { return &subscriptions{r} }

type subscriptions struct{ *resolver }

// feedEvery is how often the log is looked at for those who follow it.
const feedEvery = 250 * time.Millisecond

// Changes follows the log from a cursor on, until ctx ends. A batch is read when the one before was taken, so that a slow
// client holds no more than that.
func (s subscriptions) Changes(ctx context.Context, after *string, sealed *bool) (<-chan *gen.FeedEdge, error) {
	p, err := pageOf(feedField, nil, after)
	if err != nil {
		return nil, err
	}
	at, err := spotOf(p)
	if err != nil {
		return nil, err
	}
	if _, err := s.feed(ctx, or(sealed, false)); err != nil {
		return nil, err
	}
	out := make(chan *gen.FeedEdge)
	go func() {
		defer close(out)
		defer func() {
			if what := recover(); what != nil {
				end(ctx, recovered(ctx, what))
			}
		}()
		if err := s.keep(ctx, at, or(sealed, false), out); err != nil {
			end(ctx, err)
		}
	}()
	return out, nil
}

// pulse knows the end of the log, read once for all who wait for more.
type pulse struct {
	mu  sync.Mutex
	at  time.Time
	end int64
}

func (p *pulse) last(ctx context.Context, log graph.Reader) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.at) < feedEvery/2 {
		return p.end, nil
	}
	_, end, err := audit.Position(ctx, log, feedField)
	if err != nil {
		return 0, err
	}
	p.end, p.at = end, time.Now()
	return end, nil
}

// keep hands on what comes until ctx ends.
func (s subscriptions) keep(ctx context.Context, at spot, sealed bool, out chan<- *gen.FeedEdge) error {
	tick := time.NewTicker(feedEvery)
	defer tick.Stop()
	for {
		next, more, err := s.pass(ctx, at, sealed, out)
		if err != nil {
			return err
		}
		at = next
		for !more {
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
			last, err := s.pulse.last(ctx, s.log)
			if err != nil {
				return err
			}
			more = last > at.seq
		}
	}
}

// pass hands on what there is from a spot on, and returns where it stands then.
func (s subscriptions) pass(ctx context.Context, at spot, sealed bool, out chan<- *gen.FeedEdge) (spot, bool, error) {
	f, err := s.feed(ctx, sealed)
	if err != nil {
		return at, false, err
	}
	got, err := f.read(ctx, at, feedBatch)
	if err != nil {
		return at, false, err
	}
	for _, one := range got.steps {
		select {
		case out <- one.show():
		case <-ctx.Done():
			return at, false, errs.Wrap(ctx.Err(), errs.Timeout, tooLate)
		}
	}
	return got.next, got.more, nil
}
