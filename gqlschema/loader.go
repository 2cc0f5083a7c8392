package gqlschema

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"weir/errs"
	"weir/graph"
)

// quiet is how long no further key has to come before a batch is read: what one level of a query asks for comes at once.
const quiet = time.Millisecond

// loader reads what the fields of one request ask for in as few calls as it can: keys that come at about the same time
// are read together, and each key once. It lives for one request.
type loader[K, V any] struct {
	id    func(K) graph.ID
	fetch func(ctx context.Context, keys []K) (map[graph.ID]V, error) // absent: there is none

	mu    sync.Mutex
	known map[graph.ID]*batch[V]
	open  *batch[V] // takes keys still
	keys  []K       // of open
}

// batch is what was read together. Found and err are set when done is closed.
type batch[V any] struct {
	done  chan struct{}
	found map[graph.ID]V
	err   error
}

func newLoader[K, V any](id func(K) graph.ID, fetch func(context.Context, []K) (map[graph.ID]V, error)) *loader[K, V] {
	return &loader[K, V]{id: id, fetch: fetch, known: map[graph.ID]*batch[V]{}}
}

// load returns the value of a key; false if there is none.
func (l *loader[K, V]) load(ctx context.Context, key K) (V, bool, error) {
	all, err := l.loadAll(ctx, []K{key})
	v, ok := all[l.id(key)]
	return v, ok, err
}

// loadAll returns the values of keys; those that have none are absent.
func (l *loader[K, V]) loadAll(ctx context.Context, keys []K) (map[graph.ID]V, error) {
	batches := l.enter(ctx, keys)
	out := make(map[graph.ID]V, len(keys))
	for i, key := range keys {
		id, b := l.id(key), batches[i]
		select {
		case <-b.done:
		case <-ctx.Done():
			return nil, errs.Wrap(ctx.Err(), errs.Timeout, tooLate)
		}
		if b.err != nil {
			return nil, b.err
		}
		if v, ok := b.found[id]; ok {
			out[id] = v
		}
	}
	return out, nil
}

// enter puts keys that nobody asked for yet into the open batch, and returns the batch of each key.
func (l *loader[K, V]) enter(ctx context.Context, keys []K) []*batch[V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := make([]*batch[V], len(keys))
	for i, key := range keys {
		id := l.id(key)
		b, ok := l.known[id]
		if !ok {
			if l.open == nil {
				l.open = &batch[V]{done: make(chan struct{})}
				go l.read(ctx, l.open)
			}
			b = l.open
			l.known[id] = b
			l.keys = append(l.keys, key)
		}
		out[i] = b
	}
	return out
}

// read waits until the batch is complete and reads it.
func (l *loader[K, V]) read(ctx context.Context, b *batch[V]) {
	defer close(b.done)
	defer func() {
		if what := recover(); what != nil {
			slog.ErrorContext(ctx, "panic", "panic", fmt.Sprint(what), "stack", string(debug.Stack()))
			b.err = errs.E(errs.Internal, "")
		}
	}()
	keys := l.complete()
	b.found = make(map[graph.ID]V, len(keys))
	for part := range slices.Chunk(keys, graph.MaxBatch) {
		found, err := l.fetch(ctx, part)
		if err != nil {
			b.err = err
			return
		}
		for id, v := range found {
			b.found[id] = v
		}
	}
}

// complete closes the open batch once no further key comes, and returns its keys.
func (l *loader[K, V]) complete() []K {
	for n := 0; ; {
		time.Sleep(quiet)
		l.mu.Lock()
		if len(l.keys) == n {
			keys := l.keys
			l.open, l.keys = nil, nil
			l.mu.Unlock()
			return keys
		}
		n = len(l.keys)
		l.mu.Unlock()
	}
}

// prime tells the loader a value that was read on another way.
func (l *loader[K, V]) prime(id graph.ID, v V) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.known[id]; ok {
		return
	}
	b := &batch[V]{done: make(chan struct{}), found: map[graph.ID]V{id: v}}
	close(b.done)
	l.known[id] = b
}

// forget drops everything, after a change.
func (l *loader[K, V]) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known = map[graph.ID]*batch[V]{}
}
