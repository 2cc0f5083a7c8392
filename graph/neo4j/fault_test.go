package neo4j_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j"
	"weir/graph/neo4j/neo4jtest"
)

// through opens a wiped database through a proxy.
func through(t *testing.T, patience time.Duration) (graph.Store, *proxy) {
	t.Helper()
	uri := neo4jtest.URI(t)
	neo4jtest.Wipe(t)
	p := newProxy(t, uri)
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: p.uri(), Patience: patience}, graphtest.Schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // its connections may be cut
	return s, p
}

func create(id string) func(context.Context, graph.Tx) error {
	return func(ctx context.Context, tx graph.Tx) error {
		w := graph.NodeWrite{Node: graph.Node{ID: graph.ID(id), Kind: graphtest.Thing, Props: graph.Props{"name": id}}, Mode: graph.Create}
		_, err := tx.Put(ctx, w)
		return err
	}
}

func thereIs(t *testing.T, s graph.Store, id string) bool {
	t.Helper()
	nodes, err := s.Nodes(t.Context(), graph.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	return len(nodes) == 1
}

// once cuts the first piece of data that matches.
func once(match func(fromServer bool, data []byte) bool, before bool) *func(bool, []byte) (bool, bool) {
	var done atomic.Bool
	cut := func(fromServer bool, data []byte) (bool, bool) {
		if !match(fromServer, data) || done.Swap(true) {
			return false, false
		}
		return before, !before
	}
	return &cut
}

func TestCommitWhoseAnswerIsLost(t *testing.T) {
	commits := func(fromServer bool, data []byte) bool { return !fromServer && isCommit(data) }
	for _, tc := range []struct {
		name   string
		before bool // cut before the server hears of the commit
		runs   int32
	}{{"before it was sent", true, 2}, {"after it was sent", false, 1}} {
		t.Run(tc.name, func(t *testing.T) {
			s, p := through(t, 10*time.Second)
			var runs atomic.Int32
			p.cut.Store(once(commits, tc.before))
			err := s.Update(t.Context(), "once", func(ctx context.Context, tx graph.Tx) error {
				runs.Add(1)
				return create("th_lost")(ctx, tx)
			})
			if err != nil {
				t.Fatal(err)
			}
			if !thereIs(t, s, "th_lost") {
				t.Fatal("acknowledged, but not there")
			}
			// A commit that was sent may be found, or be lost with its connection before the server carried it out.
			if n := runs.Load(); n > 2 || tc.before && n != tc.runs {
				t.Fatalf("fn ran %d times, want %d", n, tc.runs)
			}
		})
	}
}

func TestCommitThatCannotBeFoundOut(t *testing.T) {
	s, p := through(t, 500*time.Millisecond)
	cut := func(fromServer bool, data []byte) (bool, bool) {
		if !fromServer && isCommit(data) {
			p.mu.Lock()
			p.away = true
			p.mu.Unlock()
			return false, true
		}
		return false, false
	}
	p.cut.Store(&cut)
	err := s.Update(t.Context(), "doubt", create("th_doubt"))
	if !errs.Is(err, errs.Unknown) {
		t.Fatalf("error %v, want unknown", err)
	}
	p.cut.Store(nil)
	p.stop(false)
	// Asking again is safe: either it was saved, or it is saved now.
	if err := s.Update(t.Context(), "doubt", create("th_doubt")); err != nil && !errs.Is(err, errs.Exists) {
		t.Fatal(err)
	}
	if !thereIs(t, s, "th_doubt") {
		t.Fatal("not there after asking again")
	}
}

func TestServerIsAway(t *testing.T) {
	s, p := through(t, 300*time.Millisecond)
	p.stop(true)
	for name, err := range map[string]error{
		"update": s.Update(t.Context(), "", create("th_away")),
		"ready":  s.Ready(t.Context()),
		"nodes":  func() error { _, err := s.Nodes(t.Context(), "th_away"); return err }(),
	} {
		if !errs.Is(err, errs.Unavailable) {
			t.Errorf("%s: error %v, want unavailable", name, err)
		}
	}
	p.stop(false)
	if err := s.Ready(t.Context()); err != nil {
		t.Fatalf("the server is back: %v", err)
	}
	if thereIs(t, s, "th_away") {
		t.Fatal("what failed is there")
	}
}

func TestRetriesTransientFaultsOnly(t *testing.T) {
	s, p := through(t, 10*time.Second)
	own := errors.New("own")
	for _, tc := range []struct {
		name string
		fn   func(ctx context.Context, tx graph.Tx, run int32) error
		runs int32
		want func(error) bool
	}{
		{"fn's own error", func(context.Context, graph.Tx, int32) error { return own }, 1, func(err error) bool { return errors.Is(err, own) }},
		{"a refused write", func(ctx context.Context, tx graph.Tx, _ int32) error {
			_, err := tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: "th_none", Kind: graphtest.Thing}, Mode: graph.IfVersion, Version: 1})
			return err
		}, 1, func(err error) bool { return errs.Is(err, errs.NotFound) }},
		{"a broken connection", func(ctx context.Context, tx graph.Tx, run int32) error {
			if run == 1 {
				p.drop()
			}
			return create("th_broken")(ctx, tx)
		}, 2, func(err error) bool { return err == nil }},
		{"a broken connection that fn hides", func(ctx context.Context, tx graph.Tx, run int32) error {
			if run > 1 {
				return create("th_hidden")(ctx, tx)
			}
			p.drop()
			if create("th_hidden")(ctx, tx) == nil {
				return errors.New("the connection was not broken")
			}
			return own
		}, 2, func(err error) bool { return err == nil }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var runs atomic.Int32
			err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error { return tc.fn(ctx, tx, runs.Add(1)) })
			if !tc.want(err) || runs.Load() != tc.runs {
				t.Fatalf("error %v after %d runs, want %d", err, runs.Load(), tc.runs)
			}
		})
	}
}

// TestConnectionsCutAtRandom writes from several goroutines while connections break at random moments, commits among
// them, and the server is away now and then. What was acknowledged must be there, and what was refused must not.
func TestConnectionsCutAtRandom(t *testing.T) {
	s, p := through(t, 20*time.Second)
	cut := func(fromServer bool, data []byte) (bool, bool) {
		chance := 0.02
		if !fromServer && isCommit(data) {
			chance = 0.2
		}
		return rand.Float64() < chance/2, rand.Float64() < chance/2
	}
	p.cut.Store(&cut)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				p.stop(false)
				return
			case <-time.After(200 * time.Millisecond):
				p.stop(true)
				time.Sleep(20 * time.Millisecond)
				p.stop(false)
			}
		}
	}()
	outcomes := writeAll(t, s, 8, 25)
	close(stop)
	<-stopped
	p.cut.Store(nil)
	saved := map[errs.Kind]int{}
	for id, err := range outcomes {
		there := thereIs(t, s, id)
		switch {
		case err == nil && !there:
			t.Errorf("%s was acknowledged and is not there", id)
		case err != nil && there && !errs.Is(err, errs.Unknown):
			t.Errorf("%s is there, but the answer was %v", id, err)
		case err != nil:
			saved[errs.KindOf(err)]++
		}
	}
	t.Logf("%d writes, failures by kind: %v", len(outcomes), saved)
	if seq := lastNumber(t, s); seq < 1 {
		t.Error("no write went through")
	}
}

// writeAll appends many entries and returns what each was answered.
func writeAll(t *testing.T, s graph.Store, writers, each int) map[string]error {
	var mu sync.Mutex
	out := map[string]error{}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("th_w%dn%d", w, i)
				err := s.Update(t.Context(), id, func(ctx context.Context, tx graph.Tx) error {
					n := graph.Node{ID: graph.ID(id), Kind: graphtest.Thing, Props: graph.Props{"name": id}}
					_, err := tx.Append(ctx, "cut", graph.NodeWrite{Node: n})
					return err
				})
				mu.Lock()
				out[id] = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return out
}

// lastNumber makes sure that the numbers have no gaps and returns the last one.
func lastNumber(t *testing.T, s graph.Store) int64 {
	t.Helper()
	numbers := map[int64]bool{}
	var last int64
	for r, err := range s.Dump(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Node != nil {
			numbers[r.Node.Props[graph.PropSeq].(int64)] = true
		}
		if r.Sequence != nil {
			last = r.Sequence.Last
		}
	}
	if int64(len(numbers)) != last {
		t.Errorf("%d numbers are there, the last is %d", len(numbers), last)
	}
	for n := int64(1); n <= last; n++ {
		if !numbers[n] {
			t.Errorf("number %d is missing", n)
		}
	}
	return last
}
