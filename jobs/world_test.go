package jobs_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
	"weir/jobs"
)

// eachEngine runs a test on the oracle, on SQLite, and on Neo4j if there is one.
func eachEngine(t *testing.T, run func(t *testing.T, s graph.Store)) {
	t.Run("memory", func(t *testing.T) { run(t, graphtest.Memory(jobs.Schema())) })
	t.Run("sqlite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), jobs.Schema(), sqlite.Options{Serve: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		run(t, s)
	})
	t.Run("neo4j", func(t *testing.T) { run(t, neo4jtest.Open(t, jobs.Schema())) })
}

// link is one server's way to the store. It can be cut.
type link struct {
	graph.Store
	cut  atomic.Bool
	fate func() error // called before each call; nil: nothing happens
}

var errCut = errs.E(errs.Unavailable, "The store can't be reached.")

func (l *link) pass() error {
	if l.cut.Load() {
		return errCut
	}
	if l.fate != nil {
		return l.fate()
	}
	return nil
}

func (l *link) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	if err := l.pass(); err != nil {
		return nil, err
	}
	return l.Store.Nodes(ctx, ids...)
}

func (l *link) Update(ctx context.Context, id string, fn func(context.Context, graph.Tx) error) error {
	if err := l.pass(); err != nil {
		return err
	}
	return l.Store.Update(ctx, id, fn)
}

// witness is told of runs and remembers whether two ever went on at once.
type witness struct {
	mu      sync.Mutex
	inside  int
	crowded bool
	begun   []time.Time
	by      []string
}

// run takes a while, unless its context ends first.
func (w *witness) run(ctx context.Context, who string, takes time.Duration) error {
	w.mu.Lock()
	w.inside++
	w.crowded = w.crowded || w.inside > 1
	w.begun, w.by = append(w.begun, time.Now()), append(w.by, who)
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.inside--
		w.mu.Unlock()
	}()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(takes):
		return nil
	}
}

// two tells whether two ran at once.
func (w *witness) two() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.crowded
}

func (w *witness) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.begun)
}

// start runs a server until the returned function is called, which waits for its end.
func start(t *testing.T, r jobs.Runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- r.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func state(t *testing.T, s graph.Store, job string) jobs.State {
	t.Helper()
	all, err := jobs.Status(authz.With(t.Context(), authz.Operator), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		if x.Name == job {
			return x
		}
	}
	t.Fatalf("job %s has no state", job)
	return jobs.State{}
}

var errJob = errors.New("no such luck")
