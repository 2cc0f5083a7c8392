package catalog

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"weir/authz"
	"weir/errs"
)

// The limits of a group, which is what is committed together, and of what may wait for it.
const (
	groupEvents = 256
	groupCost   = 4 << 20
	groupWait   = 5 * time.Millisecond
	waitEvents  = 8_192 // more are refused with Unavailable, so that an answer always comes in time
	waitCost    = 8 << 20
	retryAfter  = time.Second
)

// What the parts of an event take in memory beside its text, in bytes, while it is prepared and applied. Short texts can
// have very many parts.
const (
	datasetCost    = 4 << 10
	columnCost     = 512
	derivationCost = 512
)

// Intake groups events that arrive in masses, since each durable commit costs a flush of the disk: callers prepare in
// parallel, one writer applies what came together, and each event is answered for itself after the commit that holds it.
type Intake struct {
	service *Service
	queue   chan *waiting
	stopped chan struct{}
	room    *semaphore.Weighted // cost of the events that are prepared, wait or are being applied

	mu     sync.Mutex
	closed bool
}

// waiting is an event whose sender waits for its answer.
type waiting struct {
	ctx    context.Context
	event  Prepared
	cost   int64
	answer chan error // one answer, buffered
}

// NewIntake starts the writer. Close ends it.
func NewIntake(s *Service) *Intake {
	in := &Intake{
		service: s, queue: make(chan *waiting, waitEvents), stopped: make(chan struct{}),
		room: semaphore.NewWeighted(waitCost),
	}
	go in.write()
	return in
}

// Accept takes events in and returns, in their order, nil for each that is durably there, or why it is not. It returns
// after the commits. account is the id of the principal in ctx; what he reports has to be allowed, and its token good for
// the namespace. Errors per event: Unauthenticated, Forbidden; Unavailable when there was no room for it before ctx ended or the intake is closed,
// and those of Prepare and Apply. When ctx ends later, the events without an answer have Timeout; they may still be
// applied, and sending them again is safe.
func (in *Intake) Accept(ctx context.Context, account string, events ...Event) []error {
	out := in.service.refusals(ctx, events)
	waits := make([]*waiting, len(events))
	for i, e := range events {
		if out[i] == nil {
			waits[i], out[i] = in.enqueue(ctx, account, e)
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

// enqueue prepares an event once there is room for it, and hands it to the writer.
func (in *Intake) enqueue(ctx context.Context, account string, e Event) (*waiting, error) {
	cost := min(costOf(&e), waitCost)
	if err := in.room.Acquire(ctx, cost); err != nil {
		return nil, full()
	}
	p, err := Prepare(account, e)
	if err != nil {
		in.room.Release(cost)
		return nil, err
	}
	p.token = authz.From(ctx).Token
	w := &waiting{ctx: ctx, event: p, cost: cost, answer: make(chan error, 1)}
	if !in.push(w) {
		in.room.Release(cost)
		return nil, full()
	}
	return w, nil
}

// costOf estimates what an event takes in memory, in bytes.
func costOf(e *Event) int64 {
	cost := len(e.Raw) + len(e.Datasets)*datasetCost
	for _, f := range e.Datasets {
		cost += len(f.Columns)*columnCost + spread(f.Derivations)*derivationCost
	}
	for _, l := range e.Links {
		cost += len(l.Inputs)*datasetCost + spread(l.Derivations)*derivationCost
	}
	return int64(cost)
}

func full() error {
	e := errs.E(errs.Unavailable, "Too many events are waiting. Send this one again in a second.")
	e.RetryAfter = retryAfter
	return e
}

// push is false if too many events wait already, or the intake is closed.
func (in *Intake) push(w *waiting) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.closed {
		return false
	}
	select {
	case in.queue <- w:
		return true
	default:
		return false
	}
}

// reply answers an event and gives its room back.
func (in *Intake) reply(w *waiting, err error) {
	w.answer <- err
	in.room.Release(w.cost)
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
		in.apply(group)
	}
}

// gather collects a group: what waits already, or else comes within groupWait, whoever reported it. It returns the first
// event that belongs to the next group.
func (in *Intake) gather(first *waiting) (group []*waiting, next *waiting) {
	group = []*waiting{first}
	cost := first.cost
	timer := time.NewTimer(groupWait)
	defer timer.Stop()
	for len(group) < groupEvents {
		select {
		case w, ok := <-in.queue:
			if !ok {
				return group, nil
			}
			cost += w.cost
			if cost > groupCost {
				return group, w
			}
			group = append(group, w)
		case <-timer.C:
			return group, nil
		}
	}
	return group, nil
}

// apply applies a group, and one that fails for a reason of its own in halves, until the guilty event stands alone.
func (in *Intake) apply(group []*waiting) {
	live := group[:0:0]
	for _, w := range group {
		if w.ctx.Err() != nil {
			in.reply(w, errs.Wrap(w.ctx.Err(), errs.Timeout, "This took too long; nothing was saved."))
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
		in.reply(w, err)
	}
}

// applyTimeout bounds one commit. Clients give up before; but a very large event has to come through at some time, or its
// sender would send it for ever: when it is sent again, it is there.
const applyTimeout = 30 * time.Second

// ownFault tells whether an error is of one of the events, not of the store as a whole.
func ownFault(err error) bool {
	switch errs.KindOf(err) {
	case errs.Unavailable, errs.Unknown, errs.Timeout:
		return false
	}
	return true
}
