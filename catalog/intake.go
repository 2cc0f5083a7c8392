package catalog

import (
	"context"
	"sync"
	"time"

	"weir/errs"
)

// The limits of a group, which is what is committed together, and of what may wait for it.
const (
	groupEvents = 256
	groupBytes  = 8 << 20
	groupWait   = 5 * time.Millisecond
	waitEvents  = 8_192 // more are refused with Unavailable, so that an answer always comes in time
	waitBytes   = 64 << 20
	retryAfter  = time.Second
)

// Intake groups events that arrive in masses, since each durable commit costs a flush of the disk: callers prepare in
// parallel, one writer applies what came together, and each event is answered for itself after the commit that holds it.
type Intake struct {
	service *Service
	queue   chan *waiting
	stopped chan struct{}

	mu     sync.Mutex
	closed bool
	bytes  int // of the events that wait
}

// waiting is an event whose sender waits for its answer.
type waiting struct {
	ctx    context.Context
	event  Prepared
	answer chan error // one answer, buffered
}

// NewIntake starts the writer. Close ends it.
func NewIntake(s *Service) *Intake {
	in := &Intake{service: s, queue: make(chan *waiting, waitEvents), stopped: make(chan struct{})}
	go in.write()
	return in
}

// Accept takes events in and returns, in their order, nil for each that is durably there, or why it is not. It returns
// after the commits. Errors per event: Unavailable when too much waits already or the intake is closed, and those of Apply.
// When ctx ends first the events without an answer have Timeout; they may still be applied, and sending them again is safe.
func (in *Intake) Accept(ctx context.Context, account string, events ...Event) []error {
	out := make([]error, len(events))
	waits := make([]*waiting, len(events))
	for i, e := range events {
		p, err := Prepare(account, e)
		if err != nil {
			out[i] = err
			continue
		}
		w := &waiting{ctx: ctx, event: p, answer: make(chan error, 1)}
		if out[i] = in.enqueue(w); out[i] == nil {
			waits[i] = w
		}
	}
	for i, w := range waits {
		if w == nil {
			continue
		}
		select {
		case out[i] = <-w.answer:
		case <-ctx.Done():
			out[i] = errs.Wrap(ctx.Err(), errs.Timeout, "This took too long. It may have been saved; sending it again is safe.")
		}
	}
	return out
}

func (in *Intake) enqueue(w *waiting) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	full := errs.E(errs.Unavailable, "Too many events are waiting. Send this one again in a second.")
	full.RetryAfter = retryAfter
	if in.closed || in.bytes+w.event.docSize > waitBytes {
		return full
	}
	select {
	case in.queue <- w:
		in.bytes += w.event.docSize
		return nil
	default:
		return full
	}
}

// Close refuses new events, applies those that wait and returns when all are answered.
func (in *Intake) Close() {
	in.mu.Lock()
	if !in.closed {
		in.closed = true
		close(in.queue)
	}
	in.mu.Unlock()
	<-in.stopped
}

// write applies group after group.
func (in *Intake) write() {
	defer close(in.stopped)
	var next *waiting // did not fit into the group before
	for {
		if next == nil {
			w, ok := <-in.queue
			if !ok {
				return
			}
			next = w
		}
		var group []*waiting
		group, next = in.gather(next)
		in.release(group)
		in.apply(group)
	}
}

// gather collects a group: what waits already, or else comes within groupWait. One account makes a group, so
// that each entry of the log is of one. It returns the first event that belongs to the next group.
func (in *Intake) gather(first *waiting) (group []*waiting, next *waiting) {
	group = []*waiting{first}
	size := first.event.docSize
	timer := time.NewTimer(groupWait)
	defer timer.Stop()
	for len(group) < groupEvents {
		select {
		case w, ok := <-in.queue:
			if !ok {
				return group, nil
			}
			size += w.event.docSize
			if w.event.account != first.event.account || size > groupBytes {
				return group, w
			}
			group = append(group, w)
		case <-timer.C:
			return group, nil
		}
	}
	return group, nil
}

func (in *Intake) release(group []*waiting) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for _, w := range group {
		in.bytes -= w.event.docSize
	}
}

// apply applies a group, and one that fails for a reason of its own in halves, until the guilty event stands alone.
func (in *Intake) apply(group []*waiting) {
	live := group[:0:0]
	for _, w := range group {
		if w.ctx.Err() != nil {
			w.answer <- errs.Wrap(w.ctx.Err(), errs.Timeout, "This took too long; nothing was saved.")
			continue
		}
		live = append(live, w)
	}
	if len(live) == 0 {
		return
	}
	events := make([]Prepared, len(live))
	for i, w := range live {
		events[i] = w.event
	}
	// The senders' contexts must not end each other's work: the group has a time of its own.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(live[0].ctx), applyTimeout)
	defer cancel()
	err := in.service.Apply(ctx, events)
	if err != nil && len(live) > 1 && ownFault(err) {
		in.apply(live[:len(live)/2])
		in.apply(live[len(live)/2:])
		return
	}
	for _, w := range live {
		w.answer <- err
	}
}

// applyTimeout bounds one commit: clients give up after five seconds.
const applyTimeout = 4 * time.Second

// ownFault tells whether an error is of one of the events, not of the store as a whole.
func ownFault(err error) bool {
	switch errs.KindOf(err) {
	case errs.Unavailable, errs.Unknown, errs.Timeout:
		return false
	}
	return true
}
