package catalog

import (
	"context"
	"sync"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/graph"
)

// ReadEvery is how often reading one restricted asset by one viewer is written down.
const ReadEvery = 5 * time.Minute

// maxReads is how many reads a process remembers; when they are more, it forgets all and writes a few down twice.
const maxReads = 100_000

// readLog remembers which reads were written down lately.
type readLog struct {
	mu   sync.Mutex
	last map[readKey]time.Time
}

type readKey struct {
	viewer string
	asset  graph.ID
}

func newReadLog() *readLog { return &readLog{last: map[readKey]time.Time{}} }

// due tells whether a read has to be written down now.
func (l *readLog) due(k readKey, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	last, ok := l.last[k]
	return !ok || now.Sub(last) >= ReadEvery
}

// done remembers that reads were written down; only then, so that one which failed is due again.
func (l *readLog) done(keys []readKey, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last)+len(keys) > maxReads {
		clear(l.last)
	}
	for _, k := range keys {
		l.last[k] = now
	}
}

// recordReads writes down, before they are answered, that somebody reads datasets, as far as they are restricted. An
// error means that nothing may be answered. Without a policy nobody is known, and nothing is written.
func (s *Service) recordReads(ctx context.Context, datasets ...Dataset) error {
	if s.policy == nil {
		return nil
	}
	now, viewer := s.now(), authz.Actor(ctx)
	var due []readKey
	for _, d := range datasets {
		if k := (readKey{viewer, d.ID}); d.Classification == Restricted && s.reads.due(k, now) {
			due = append(due, k)
		}
	}
	if len(due) == 0 {
		return nil
	}
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		entries := make([]audit.Entry, len(due))
		for i, k := range due {
			entries[i] = audit.Entry{Actor: viewer, Action: "catalog.read", Target: k.asset, Decision: audit.Allowed,
				Facts: map[string]string{"classification": string(Restricted)}}
		}
		return audit.Append(ctx, tx, now, entries...)
	})
	if err == nil {
		s.reads.done(due, now)
	}
	return err
}
