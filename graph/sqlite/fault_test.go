package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
)

// openRaw opens an engine without Checked, so that a test can reach into it.
func openRaw(t *testing.T) *store {
	t.Helper()
	s, err := open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), graphtest.Schema(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// onWriter runs a statement on the connection that writes.
func (s *store) onWriter(t *testing.T, query string) {
	t.Helper()
	if err := s.withWriter(t.Context(), func(w *session) error { return w.exec(query) }); err != nil {
		t.Fatal(err)
	}
}

func putThing(ctx context.Context, s graph.Store, id, name string) error {
	return s.Update(ctx, "put "+id, func(ctx context.Context, tx graph.Tx) error {
		n := graph.Node{ID: graph.ID(id), Kind: graphtest.Thing, Props: graph.Props{"name": name, "audience": "audience of " + id}}
		_, err := tx.Put(ctx, graph.NodeWrite{Node: n, Mode: graph.Create})
		return err
	})
}

func TestAFullDiskLosesNothing(t *testing.T) {
	s := openRaw(t)
	s.onWriter(t, "PRAGMA max_page_count = 200")
	filler := strings.Repeat("long ", 1500)
	saved := 0
	var err error
	for err == nil && saved < 1000 {
		if err = putThing(t.Context(), s, fmt.Sprint("th_", saved), filler); err == nil {
			saved++
		}
	}
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.Shown(err), "full") {
		t.Fatalf("after %d: %v", saved, err)
	}
	page, err := s.List(t.Context(), graph.Query{Kind: graphtest.Thing, Limit: 1000})
	if err != nil || len(page.Nodes) != saved {
		t.Fatalf("%d of %d are there: %v", len(page.Nodes), saved, err)
	}
	s.onWriter(t, "PRAGMA max_page_count = 100000")
	if err := putThing(t.Context(), s, fmt.Sprint("th_", saved), "there is room again"); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), s.path); err != nil {
		t.Fatal(err)
	}
}

func TestARollbackForgetsInternedNames(t *testing.T) {
	s := openRaw(t)
	own := errors.New("no")
	err := s.Update(t.Context(), "first", func(ctx context.Context, tx graph.Tx) error {
		n := graph.Node{ID: "th_a", Kind: graphtest.Thing, Props: graph.Props{"never_seen_before": "x"}}
		if _, err := tx.Put(ctx, graph.NodeWrite{Node: n}); err != nil {
			return err
		}
		return own
	})
	if !errors.Is(err, own) {
		t.Fatal(err)
	}
	other, err := open(t.Context(), s.path, graphtest.Schema(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
	for i, writer := range []*store{other, s} { // other takes the number that was given up
		err := writer.Update(t.Context(), fmt.Sprint("again ", i), func(ctx context.Context, tx graph.Tx) error {
			n := graph.Node{ID: graph.ID(fmt.Sprint("th_", i)), Kind: graphtest.Thing, Props: graph.Props{fmt.Sprint("name_", i): "x", "never_seen_before": "y"}}
			_, err := tx.Put(ctx, graph.NodeWrite{Node: n})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, reader := range []*store{other, s} {
		nodes, err := reader.Nodes(t.Context(), "th_0", "th_1")
		if err != nil || nodes["th_0"].Props["name_0"] != "x" || nodes["th_1"].Props["name_1"] != "x" || nodes["th_1"].Props["never_seen_before"] != "y" {
			t.Errorf("%v %v", nodes, err)
		}
	}
}

func TestALongReadEndsWithItsContext(t *testing.T) {
	s := openRaw(t)
	ctx, cancel := context.WithCancel(t.Context())
	began := make(chan struct{})
	done := make(chan error)
	go func() {
		done <- s.read(ctx, func(r *session) error {
			close(began)
			return r.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
		})
	}()
	<-began
	cancel()
	if err := <-done; !errs.Is(err, errs.Timeout) {
		t.Fatalf("ended with %v", err)
	}
	for range readers { // every connection still answers
		if _, err := s.Nodes(t.Context(), "th_a"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAWriterWaitsForAnotherProcess(t *testing.T) {
	s := openRaw(t)
	other, err := newSession(s.path, 1000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.close(); err != nil {
			t.Error(err)
		}
	})
	if err := other.exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := putThing(ctx, s, "th_a", "too early"); !errs.Is(err, errs.Timeout) {
		t.Fatalf("while another writes: %v", err)
	}
	done := make(chan error)
	go func() { done <- putThing(t.Context(), s, "th_a", "in time") }()
	if err := other.exec("COMMIT"); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestCloseWaitsAndThenRefuses(t *testing.T) {
	s := openRaw(t)
	inside, leave := make(chan struct{}), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		err := s.Update(t.Context(), "slow", func(ctx context.Context, tx graph.Tx) error {
			close(inside)
			<-leave
			_, err := tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: "th_a", Kind: graphtest.Thing}})
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-inside
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	<-s.closing
	if err := putThing(t.Context(), s, "th_b", "late"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a write to a closed store: %v", err)
	}
	close(leave)
	if err := <-closed; err != nil {
		t.Error(err)
	}
	running.Wait()
	if _, err := s.Nodes(t.Context(), "th_a"); !errs.Is(err, errs.Unavailable) {
		t.Errorf("a read of a closed store: %v", err)
	}
}

func TestTimesGrowThoughTheClockGoesBack(t *testing.T) {
	s := openRaw(t)
	future := time.Now().Add(time.Hour).UnixMicro()
	s.onWriter(t, fmt.Sprintf("UPDATE state SET clock = %d", future))
	if err := putThing(t.Context(), s, "th_a", "a"); err != nil {
		t.Fatal(err)
	}
	if err := putThing(t.Context(), s, "th_b", "b"); err != nil {
		t.Fatal(err)
	}
	nodes, err := s.Nodes(t.Context(), "th_a", "th_b")
	if err != nil {
		t.Fatal(err)
	}
	a, b := nodes["th_a"].Created.UnixMicro(), nodes["th_b"].Created.UnixMicro()
	if a <= future || b <= a {
		t.Errorf("clock %d, then %d, then %d", future, a, b)
	}
}

func TestOldIDsAreForgotten(t *testing.T) {
	s := openRaw(t)
	if err := putThing(t.Context(), s, "th_a", "a"); err != nil {
		t.Fatal(err)
	}
	s.onWriter(t, fmt.Sprintf("UPDATE done SET time = time - %d", (keepIDs+time.Hour).Microseconds()))
	for _, id := range []string{"th_b", "th_c"} {
		if err := putThing(t.Context(), s, id, id); err != nil {
			t.Fatal(err)
		}
	}
	var kept int64
	err := s.read(t.Context(), func(r *session) (err error) {
		kept, err = r.number("SELECT count(*) FROM done")
		return err
	})
	if err != nil || kept != 2 {
		t.Errorf("%d ids are kept: %v", kept, err)
	}
}
