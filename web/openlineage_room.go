package web

import (
	"context"
	"slices"
	"sync"
)

// room is the memory that bodies share while they are read. Each takes more of it as it comes, and none can tell whether
// the rest will fit: were it given to whoever asks, many large bodies could each hold a part that none of them can end
// with. So the one that began first always finds room for the largest body that there may be, and the others share
// what remains; when the first is done, the next one is it. Somebody always gets on.
type room struct {
	mu     sync.Mutex
	free   int64
	most   int64         // the largest body
	bodies []*body       // that hold something, oldest first
	change chan struct{} // closed when something was given back
}

// newRoom makes a room of size bytes for bodies of at most most bytes; size must not be less than most.
func newRoom(size, most int64) *room {
	return &room{free: size, most: most, change: make(chan struct{})}
}

// take gives a body n bytes more, as soon as there are so many. Its error is that of ctx.
func (r *room) take(ctx context.Context, b *body, n int64) error {
	for {
		changed, ok := r.try(b, n)
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// try gives a body n bytes more if that leaves enough for the oldest; else it returns what tells of a change.
func (r *room) try(b *body, n int64) (changed <-chan struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	left := r.free - n
	oldest := len(r.bodies) == 0 || r.bodies[0] == b
	if left < 0 || !oldest && left < r.most-r.bodies[0].held {
		return r.change, false
	}
	if b.held == 0 {
		r.bodies = append(r.bodies, b)
	}
	r.free = left
	b.held += n
	return nil, true
}

// giveBack ends a body's share.
func (r *room) giveBack(b *body) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b.held == 0 {
		return
	}
	r.bodies = slices.DeleteFunc(r.bodies, func(o *body) bool { return o == b })
	r.free += b.held
	b.held = 0
	close(r.change)
	r.change = make(chan struct{})
}
