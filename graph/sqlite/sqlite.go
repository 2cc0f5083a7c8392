// Package sqlite is the embedded engine of graph: one file, no server, pure Go.
//
// One connection writes; several read, each in a transaction of its own, so that what a question sees is of one
// moment. A commit is on the disk when it is answered. Other processes may open the same file beside a server, so what is
// remembered from one transaction to the next is only what is never changed: which number stands for which name.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"weir/errs"
	"weir/graph"
)

// Options say how a store is opened.
type Options struct {
	// Serve makes this the one process that serves the store: a second one is refused with errs.Conflict until this one
	// ends. Without it a store may be used beside a server, as an operator's commands do.
	Serve bool
}

// The sizes of what a store keeps in memory and on the side.
const (
	readers        = 8         // connections that read at once
	readerCache    = 48 << 10  // KiB
	writerCache    = 128 << 10 // KiB, of a large file
	smallCache     = 16 << 10  // KiB, of a small one
	cachedPart     = 8         // of the file: so much of it the writer may keep
	backstopPages  = 64_000    // of the write-ahead log: then a commit checkpoints it itself
	writerPatience = 30 * time.Second
)

// store is the engine behind Checked.
type store struct {
	path    string
	plan    *plan
	lock    *os.File      // held while serving
	writer  chan *session // holds the one session that writes, while nobody uses it
	readers *pool
	closing chan struct{}
	done    chan error    // how the checkpointer has ended
	dirty   chan struct{} // something was committed
	trouble atomic.Value  // of the checkpointer: its last error, as a text

	closed sync.Once
}

// Open opens the store in the file at path, and makes it if there is none. When its layout or schema is another one
// than this program's, it is brought up to date first, which fails with errs.Conflict while another process serves it.
func Open(ctx context.Context, path string, schema graph.Schema, o Options) (graph.Store, error) {
	s, err := open(ctx, path, schema, o)
	if err != nil {
		return nil, exit(ctx, err)
	}
	return graph.Checked(s, schema), nil
}

func open(ctx context.Context, path string, schema graph.Schema, o Options) (*store, error) {
	if err := prepare(path); err != nil {
		return nil, err
	}
	s := &store{
		path: path, writer: make(chan *session, 1), readers: newPool(readers),
		closing: make(chan struct{}), done: make(chan error, 1), dirty: make(chan struct{}, 1),
	}
	if o.Serve {
		var err error
		if s.lock, err = awaitLock(ctx, path); err != nil {
			return nil, err
		}
	}
	if err := s.start(ctx, schema); err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

// start opens the connections, the writer first: it brings the file up to date.
func (s *store) start(ctx context.Context, schema graph.Schema) error {
	w, err := firstSession(ctx, s.path)
	if err != nil {
		return err
	}
	s.writer <- w
	if err := s.update(ctx, w, schema); err != nil {
		return err
	}
	if s.plan, err = w.compile(schema); err != nil {
		return err
	}
	w.plan = s.plan
	for range readers {
		r, err := newSession(s.path, readerCache)
		if err != nil {
			return err
		}
		r.plan = s.plan
		s.readers.put(r)
	}
	c, err := newSession(s.path, 1<<10)
	if err == nil {
		go s.checkpoints(c)
	}
	return err
}

// update brings layout and derived tables up to date. It takes the server's lock for that if something is to be done. A
// server that has the lock may be about to do the same, so it is looked at again for a while.
func (s *store) update(ctx context.Context, w *session, schema graph.Schema) error {
	for end := time.Now().Add(lockWait); ; {
		old, err := w.outdated()
		if err == nil && !old {
			old, err = w.stale(schema)
		}
		if err != nil || !old {
			return err
		}
		if err = s.renew(ctx, w, schema); !errs.Is(err, errs.Conflict) || time.Now().After(end) {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// renew does what update finds to do.
func (s *store) renew(ctx context.Context, w *session, schema graph.Schema) error {
	renew := func() error {
		if err := w.migrate(); err != nil {
			return err
		}
		return w.adopt(schema)
	}
	if s.lock != nil {
		return w.write(ctx, renew)
	}
	lock, err := serveLock(s.path)
	if err != nil {
		return err
	}
	return errors.Join(w.write(ctx, renew), lock.Close())
}

// release closes what a start that failed has opened; nobody uses it.
func (s *store) release() error {
	err := s.readers.close(len(s.readers.tokens))
	select {
	case w := <-s.writer:
		err = errors.Join(err, w.close())
	default:
	}
	return errors.Join(err, s.unlock())
}

func (s *store) unlock() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Close()
}

// Close waits for running transactions and frees everything. It may be called again.
func (s *store) Close() (err error) {
	s.closed.Do(func() {
		close(s.closing)
		err = <-s.done
		w := <-s.writer
		err = errors.Join(err, w.close(), s.readers.close(readers), s.unlock())
		err = exit(context.Background(), err)
	})
	return err
}

// Ready takes the store for a moment as a writer does and flushes the disk.
func (s *store) Ready(ctx context.Context) error {
	if text, ok := s.trouble.Load().(string); ok && text != "" {
		return errs.Wrap(errors.New(text), errs.Unavailable, "The store's log can't be copied into its file.")
	}
	if err := s.read(ctx, func(*session) error { return nil }); err != nil {
		return err
	}
	return s.withWriter(ctx, func(w *session) error {
		return w.write(ctx, func() error { return w.exec("UPDATE state SET clock = clock") })
	})
}

// read runs fn in a read transaction of its own.
func (s *store) read(ctx context.Context, fn func(*session) error) error {
	r, err := s.readers.take(ctx, s.closing)
	if err != nil {
		return err
	}
	defer s.readers.put(r)
	return exit(ctx, r.snapshot(ctx, func() error { return fn(r) }))
}

// withWriter runs fn while nobody else in this process writes.
func (s *store) withWriter(ctx context.Context, fn func(*session) error) error {
	w, err := receive(ctx, s.closing, s.writer)
	if err != nil {
		return err
	}
	defer func() { s.writer <- w }()
	if err := s.fit(w); err != nil {
		return exit(ctx, err)
	}
	return exit(ctx, fn(w))
}

// fit lets the writer's page cache grow with the file: events that are large beyond all measure must not fill the memory
// of a server whose store is small.
func (s *store) fit(w *session) error {
	info, err := os.Stat(s.path)
	if err != nil {
		return err
	}
	size := min(writerCache, int(info.Size()>>10)/cachedPart)
	if size < 2*w.cache && (size < writerCache || w.cache == writerCache) {
		return nil
	}
	w.cache = size
	return w.exec(fmt.Sprintf("PRAGMA cache_size = -%d", size))
}
