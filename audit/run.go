package audit

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"weir/errs"
)

const (
	lookEvery = 250 * time.Millisecond // how often Run counts the entries that aren't sealed
	sealAfter = 256                    // so many are sealed before Every is over
	lastSeal  = 10 * time.Second       // what the last checkpoint may take when the program ends
)

// Run seals and anchors until ctx ends, then once more. What fails is logged when it begins and ends to fail, and tried
// again; the server goes on meanwhile, and Log.State tells. It returns the error of the last attempt.
func (s *Sealer) Run(ctx context.Context) error {
	unfinished := false
	report(ctx, "what was pruned can't be deleted", s.Log.sweep(ctx), &unfinished)
	var anchors sync.WaitGroup
	for _, a := range s.Anchors {
		anchors.Go(func() { s.Log.anchorAll(ctx, a) })
	}
	every := s.Every
	if every == 0 {
		every = time.Second
	}
	tick := time.NewTicker(min(lookEvery, every))
	defer tick.Stop()
	last, failing := time.Time{}, false
	for ctx.Err() == nil {
		if time.Since(last) >= every || s.Log.waiting(ctx) {
			err := s.catchUp(ctx)
			report(ctx, "the log can't be sealed", err, &failing)
			last = time.Now()
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	anchors.Wait()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastSeal)
	defer cancel()
	err := s.catchUp(ctx)
	for _, a := range s.Anchors {
		err = errors.Join(err, s.Log.anchor(ctx, a))
	}
	return err
}

// catchUp seals until nothing is left.
func (s *Sealer) catchUp(ctx context.Context) error {
	for {
		c, err := s.Step(ctx)
		if err != nil || c.Size-c.Prev < sealBatch {
			return err
		}
	}
}

// waiting tells whether many entries aren't sealed.
func (l *Log) waiting(ctx context.Context) bool {
	last, err := lastNumber(ctx, l.store)
	if err != nil {
		return false // the next attempt to seal meets the same trouble and reports it
	}
	at, err := readStanding(ctx, l.store)
	return err == nil && last-at.Size >= sealAfter
}

// anchorAll sends checkpoints to an anchor until ctx ends.
func (l *Log) anchorAll(ctx context.Context, a Anchor) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	failing := false
	for {
		err := l.anchor(ctx, a)
		if errs.Is(err, errs.Conflict) { // another server wrote the same state
			err = nil
		}
		report(ctx, "the state of an anchor can't be kept", err, &failing)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// report logs when something begins to fail, and when it works again.
func report(ctx context.Context, what string, err error, failing *bool) {
	if ctx.Err() != nil {
		return
	}
	if err != nil && !*failing {
		slog.Error(what+"; trying again", "error", err)
	}
	if err == nil && *failing {
		slog.Info(what + ": over")
	}
	*failing = err != nil
}
