package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"weir/errs"
	"weir/graph"
)

const (
	firstRetry  = 10 * time.Second // after a failure; it doubles with each that follows, up to the period
	giveBack    = 5 * time.Second  // what giving a lease back may take when the program ends
	longestText = 1_000            // bytes of an error that are kept
)

// Run does the jobs until ctx ends, and returns when the last of them has. What fails is logged when it begins and ends to
// fail. Errors: only of a list of jobs that can't be right, before anything is done.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.check(); err != nil {
		return err
	}
	var all sync.WaitGroup
	for _, j := range r.Jobs {
		all.Go(func() { r.loop(ctx, newKeeper(r, j)) })
	}
	all.Wait()
	return nil
}

func (r *Runner) now() time.Time {
	if r.Now == nil {
		return time.Now()
	}
	return r.Now()
}

// loop does one job until ctx ends, then gives its lease back, so that nobody has to wait for it.
func (r *Runner) loop(ctx context.Context, k *keeper) {
	failing := false
	for ctx.Err() == nil {
		wait, err := r.turn(ctx, k)
		if ctx.Err() == nil {
			report(ctx, "job "+k.job.Name, err, &failing)
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	if !k.held {
		return
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBack)
	defer cancel()
	if err := k.renew(last, true); err != nil {
		slog.Warn("the lease of a job can't be given back; others wait until it ends", "job", k.job.Name, "error", err)
	}
}

// turn does what is to be done now and tells how long there is nothing more to do. Its error is the run's or the store's.
func (r *Runner) turn(ctx context.Context, k *keeper) (time.Duration, error) {
	poll := min(k.job.Every, k.term/6)
	if !k.held {
		if err := r.acquire(ctx, k); err != nil || !k.held {
			return poll, err
		}
	}
	if k.tired() || k.unsaved {
		if err := k.renew(ctx, !k.kept() && k.unsaved); err != nil || !k.held {
			return poll, err
		}
	}
	if wait := k.at.due(r.now()); wait > 0 {
		return min(wait, poll), nil
	}
	return 0, r.run(ctx, k)
}

// acquire takes the lease if it is free, and the job is due or its lease is kept. That another server was faster is no error.
func (r *Runner) acquire(ctx context.Context, k *keeper) error {
	if err := k.look(ctx); err != nil {
		return err
	}
	if !k.free() || !k.kept() && k.at.due(r.now()) > 0 {
		return nil
	}
	if err := k.take(ctx); !errs.Is(err, errs.Conflict) {
		return err
	}
	return nil
}

// due is how long it is until the job is due; 0 or less: it is.
func (l lease) due(now time.Time) time.Duration {
	if l.Last.IsZero() {
		return 0
	}
	every := time.Duration(l.Every)
	if l.Last.Sub(now) > every {
		return 0 // the clock was set back; waiting for it to catch up could take years
	}
	return l.Last.Add(pause(every, l.Failures)).Sub(now)
}

// pause is how long after the begin of a run the next is due. A job of a long period is tried again soon after a failure, one
// of a short period less often.
func pause(every time.Duration, failures int64) time.Duration {
	doubled := min(failures-1, 20)
	switch {
	case failures == 0:
		return every
	case every >= firstRetry:
		return min(every, firstRetry<<doubled)
	}
	return min(firstRetry, every<<doubled)
}

// run does the job once and writes down how it went. A run that was cut off, by the end of the program or of the lease, leaves
// no trace: it is to be done again.
func (r *Runner) run(ctx context.Context, k *keeper) error {
	start, began := r.now(), time.Now()
	err := k.guard(ctx)
	if ctx.Err() != nil || !k.held {
		return err
	}
	was := k.at.Failures
	k.at.Last, k.at.Took, k.at.Error = graph.Time(start), int64(time.Since(began)), ""
	k.at.Runs++
	k.at.Failures = 0
	if err != nil {
		k.at.Error, k.at.Failures = short(err.Error()), was+1
	}
	if k.kept() && k.at.Failures == was && !k.tired() {
		return err // the next renewal writes it
	}
	k.unsaved = true
	return errors.Join(err, k.renew(ctx, !k.kept()))
}

// guard does the job and renews the lease meanwhile. When the lease is lost the job's context ends; guard waits for the job.
func (k *keeper) guard(ctx context.Context) error {
	within, cancel := context.WithCancelCause(k.within(ctx))
	defer cancel(nil)
	done := make(chan error, 1)
	go func() { done <- protect(within, k.job) }()
	tick := time.NewTicker(k.term / 6)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
		}
		if !k.tired() {
			continue
		}
		if err := k.renew(ctx, false); errors.Is(err, errLost) {
			cancel(errLost)
			return errors.Join(errLost, <-done)
		}
	}
}

// protect makes an error of a panic: one job must not end the others.
func protect(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "a job panicked", "job", j.Name, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return j.Do(ctx)
}

// short cuts a text where a character ends.
func short(s string) string {
	if len(s) <= longestText {
		return s
	}
	n := longestText
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// report logs when something begins to fail, and when it works again.
func report(ctx context.Context, what string, err error, failing *bool) {
	if err != nil && !*failing {
		slog.ErrorContext(ctx, what+" fails; trying again", "error", err)
	}
	if err == nil && *failing {
		slog.InfoContext(ctx, what+" works again")
	}
	*failing = err != nil
}
