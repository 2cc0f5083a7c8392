package sqlite

import (
	"context"
	"errors"
	"sync"

	"weir/errs"
)

// pool holds sessions that read. The one that came back last is given first: its page cache is warm, and sessions
// beyond those that are needed at once stay small.
type pool struct {
	tokens chan struct{} // one for each session that is free
	mu     sync.Mutex
	free   []*session
}

func newPool(size int) *pool { return &pool{tokens: make(chan struct{}, size)} }

// put gives a session back, or a new one.
func (p *pool) put(s *session) {
	p.mu.Lock()
	p.free = append(p.free, s)
	p.mu.Unlock()
	p.tokens <- struct{}{}
}

// take waits for a session; closing ends the wait, as ctx does.
func (p *pool) take(ctx context.Context, closing <-chan struct{}) (*session, error) {
	if err := wait(ctx, closing, p.tokens); err != nil {
		return nil, err
	}
	return p.pop(), nil
}

// pop takes the newest session for which there was a token.
func (p *pool) pop() *session {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.free) - 1
	s := p.free[last]
	p.free = p.free[:last]
	return s
}

// close waits for so many sessions and closes them.
func (p *pool) close(size int) error {
	var err error
	for range size {
		<-p.tokens
		err = errors.Join(err, p.pop().close())
	}
	return err
}

// wait takes a token before the store closes and ctx ends.
func wait[T any](ctx context.Context, closing <-chan struct{}, tokens <-chan T) error {
	_, err := receive(ctx, closing, tokens)
	return err
}

// receive takes what a channel gives, unless the store closes or ctx ends before.
func receive[T any](ctx context.Context, closing <-chan struct{}, from <-chan T) (T, error) {
	var none T
	select {
	case <-closing:
		return none, errClosed
	default:
	}
	select {
	case v := <-from:
		return v, nil
	case <-closing:
		return none, errClosed
	case <-ctx.Done():
		return none, errs.Wrap(ctx.Err(), errs.Timeout, "That took longer than allowed. Nothing was saved.")
	}
}
