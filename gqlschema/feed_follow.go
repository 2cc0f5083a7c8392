package gqlschema

import (
	"context"
	"sync"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/gqlschema/gen"
)

func (r *resolver) Subscription() gen.SubscriptionResolver { return &subscriptions{r} }

type subscriptions struct{ *resolver }

// feedEvery is how often the log is looked at for those who follow it.
const feedEvery = 250 * time.Millisecond

// Changes follows the log from a cursor on, until ctx ends. A batch is read when the one before was taken, so that a slow
// client holds no more than that.
func (s subscriptions) Changes(ctx context.Context, after *string, sealed *bool) (<-chan *gen.FeedEdge, error) {
	at, err := spotOf(after)
	if err != nil {
		return nil, err
	}
	want := evidenceWanted(ctx, []string{"node"})
	if _, err := s.feed(ctx, or(sealed, false), want); err != nil {
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
		if err := s.keep(ctx, at, or(sealed, false), want, out); err != nil {
			end(ctx, err)
		}
	}()
	return out, nil
}

// pulse knows the end of the log and of what is signed of it, read once for all who wait for more.
type pulse struct {
	mu          sync.Mutex
	at          time.Time
	end, signed int64
}

func (p *pulse) last(ctx context.Context, r *resolver) (end, signed int64, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.at) < feedEvery/2 {
		return p.end, p.signed, nil
	}
	if _, p.end, err = audit.Position(ctx, r.log, feedField); err != nil {
		return 0, 0, err
	}
	c, err := r.prover(ctx)
	if err != nil {
		return 0, 0, err
	}
	if c != nil {
		p.signed = c.checkpoint.Size
	}
	p.at = time.Now()
	return p.end, p.signed, nil
}

// keep hands on what comes until ctx ends.
func (s subscriptions) keep(ctx context.Context, at spot, sealed bool, want evidence, out chan<- *gen.FeedEdge) error {
	tick := time.NewTicker(feedEvery)
	defer tick.Stop()
	for {
		next, more, err := s.pass(ctx, at, sealed, want, out)
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
			end, signed, err := s.pulse.last(ctx, s.resolver)
			if err != nil {
				return err
			}
			more = end > at.seq && (!sealed || signed > at.seq)
		}
	}
}

// pass hands on what there is from a spot on, and returns where it stands then.
func (s subscriptions) pass(ctx context.Context, at spot, sealed bool, want evidence, out chan<- *gen.FeedEdge) (spot, bool, error) {
	f, err := s.feed(ctx, sealed, want)
	if err != nil {
		return at, false, err
	}
	got, err := f.read(ctx, at, feedBatch)
	if err != nil {
		return at, false, err
	}
	for _, one := range got.steps {
		edge, err := f.show(one)
		if err != nil {
			return at, false, err
		}
		select {
		case out <- edge:
		case <-ctx.Done():
			return at, false, errs.Wrap(ctx.Err(), errs.Timeout, tooLate)
		}
	}
	return got.next, got.more, nil
}
