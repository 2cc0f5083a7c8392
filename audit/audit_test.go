package audit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
)

type thing struct {
	Name string `graph:"name"`
}

var (
	thingType = graph.Declare[thing]("Thing", graph.Spec{Prefix: "th"})
	noon      = time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC)
)

func newStore(t testing.TB) graph.Store {
	t.Helper()
	s, err := graph.Merge(audit.Schema(), thingType.Schema())
	if err != nil {
		t.Fatal(err)
	}
	return graphtest.Memory(s)
}

// write makes things and an entry about them in one transaction.
func write(t *testing.T, s graph.Store, action string, things ...graph.ID) {
	t.Helper()
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		var changes []audit.Change
		for _, id := range things {
			if _, err := tx.Put(ctx, thingType.Write(id, graph.Upsert, thing{Name: action})); err != nil {
				return err
			}
			changes = append(changes, audit.Change{Asset: id, Field: "name", Before: "<old>", After: action})
		}
		return audit.Append(ctx, tx, noon, audit.Entry{Actor: "ann", Action: action, Decision: audit.Allowed, Request: "r1", Changes: changes})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAppend_NumbersEntriesAndGivesThemBack(t *testing.T) {
	s := newStore(t)
	for i := range 3 {
		write(t, s, fmt.Sprintf("act.%d", i), "th_a")
	}
	entries, err := audit.Since(t.Context(), s, 1, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 || entries[0].Seq != 2 || entries[1].Seq != 3 {
		t.Fatalf("%+v", entries)
	}
	e := entries[1]
	if e.Action != "act.2" || e.Actor != "ann" || e.Request != "r1" || !e.At.Equal(noon.Truncate(time.Microsecond)) {
		t.Errorf("%+v", e)
	}
	if want := (audit.Change{Asset: "th_a", Field: "name", Before: "<old>", After: "act.2"}); len(e.Changes) != 1 || e.Changes[0] != want {
		t.Errorf("%+v", e.Changes)
	}
}

func TestAppend_CommitsWithTheChangeOrNotAtAll(t *testing.T) {
	s := newStore(t)
	mine := errors.New("mine")
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if err := audit.Append(ctx, tx, noon, audit.Entry{Actor: "ann", Action: "lost"}); err != nil {
			return err
		}
		return mine
	})
	if !errors.Is(err, mine) {
		t.Fatal(err)
	}
	write(t, s, "kept", "th_a")
	entries, err := audit.Since(t.Context(), s, 0, 10)
	if err != nil || len(entries) != 1 || entries[0].Seq != 1 || entries[0].Action != "kept" {
		t.Errorf("%+v, %v", entries, err)
	}
}

// The leaf is what gets hashed: its bytes must follow from its content alone, and hold nothing of the payload.
func TestLeaf_IsCanonicalAndHoldsNoValues(t *testing.T) {
	s := newStore(t)
	write(t, s, "act", "th_a")
	leaf := leafOf(t, s, 1)
	var members map[string]any
	if err := json.Unmarshal(leaf, &members); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(leaf, sorted) {
		t.Errorf("not canonical:\n%s\n%s", leaf, sorted)
	}
	if strings.Contains(string(leaf), "old") || !strings.Contains(string(leaf), `"c":{"changes":"`) {
		t.Errorf("the leaf holds values, or no commitment: %s", leaf)
	}
}

func leafOf(t *testing.T, s graph.Store, seq int64) []byte {
	t.Helper()
	page, err := s.List(t.Context(), graph.Query{Kind: "Entry", Sort: graph.PropSeq, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	leaf, ok := page.Nodes[seq-1].Props["leaf"].([]byte)
	if !ok {
		t.Fatalf("entry %d has no leaf", seq)
	}
	return leaf
}

func payloadOf(t *testing.T, s graph.Store) graph.Node {
	t.Helper()
	page, err := s.Edges(t.Context(), graph.EdgeQuery{Of: []graph.ID{"th_a"}, Dir: graph.In, Rels: []graph.Rel{audit.RelAbout}})
	if err != nil || len(page.Edges) == 0 {
		t.Fatalf("no payload: %v", err)
	}
	n, err := graph.One(t.Context(), s, page.Edges[0].From)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPayload_TamperedStopsTheReader(t *testing.T) {
	for _, prop := range []string{"key", "body"} {
		s := newStore(t)
		write(t, s, "act", "th_a")
		write(t, s, "other", "th_a")
		err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			entries, err := tx.List(ctx, graph.Query{Kind: "Entry", Sort: graph.PropSeq, Limit: 2})
			if err != nil {
				return err
			}
			id, _ := entries.Nodes[0].Props["payload"].(string)
			otherID, _ := entries.Nodes[1].Props["payload"].(string)
			other, err := graph.One(ctx, tx, graph.ID(otherID))
			if err != nil {
				return err
			}
			_, err = tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: graph.ID(id), Kind: "Payload", Props: graph.Props{prop: other.Props[prop]}}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := audit.Since(t.Context(), s, 0, 10); !errs.Is(err, errs.Internal) {
			t.Errorf("another %s is not noticed: %v", prop, err)
		}
	}
}

func TestPayload_ErasedLeavesTheEntry(t *testing.T) {
	s := newStore(t)
	write(t, s, "act", "th_a")
	pay := payloadOf(t, s)
	if err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error { return tx.Delete(ctx, pay.ID) }); err != nil {
		t.Fatal(err)
	}
	entries, err := audit.Since(t.Context(), s, 0, 10)
	if err != nil || len(entries) != 1 || !entries[0].Erased || len(entries[0].Changes) != 0 {
		t.Errorf("%+v, %v", entries, err)
	}
}

func TestOf_IsTheHistoryOfOneAsset(t *testing.T) {
	s := newStore(t)
	for i := range 5 {
		write(t, s, fmt.Sprintf("act.%d", i), "th_a", "th_b")
	}
	seen := map[string]bool{}
	after := ""
	for {
		h, err := audit.Of(t.Context(), s, "th_b", 2, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range h.Entries {
			if len(e.Changes) != 1 || e.Changes[0].Asset != "th_b" || seen[e.Action] {
				t.Errorf("%+v", e)
			}
			seen[e.Action] = true
		}
		if after = h.Next; after == "" {
			break
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d of 5 entries: %v", len(seen), seen)
	}
}

func TestAppend_RefusesTooLargeLeaves(t *testing.T) {
	s := newStore(t)
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, noon, audit.Entry{Facts: map[string]string{"x": strings.Repeat("y", audit.MaxLeaf)}})
	})
	if !errs.Is(err, errs.TooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestFollower_GoesOnWhereItStopped(t *testing.T) {
	s := newStore(t)
	for i := range 7 {
		write(t, s, fmt.Sprintf("act.%d", i), "th_a")
	}
	var done []int64
	fail := true
	f := audit.Follower{Name: "test", Batch: 3, Do: func(_ context.Context, es []audit.Entry) error {
		if len(done) == 3 && fail {
			fail = false
			return errors.New("away")
		}
		for _, e := range es {
			done = append(done, e.Seq)
		}
		return nil
	}}
	for steps := 0; ; steps++ {
		n, err := f.Step(t.Context(), s)
		if err == nil && n == 0 {
			break
		}
		if steps > 10 {
			t.Fatal("it never catches up")
		}
	}
	if fmt.Sprint(done) != "[1 2 3 4 5 6 7]" {
		t.Errorf("dealt with %v", done)
	}
	at, last, err := audit.Position(t.Context(), s, "test")
	if err != nil || at != 7 || last != 7 {
		t.Errorf("at %d of %d, %v", at, last, err)
	}
}

// Two that race on one name: one moves the position, the other is told.
func TestFollower_OnlyOneMovesThePosition(t *testing.T) {
	s := newStore(t)
	write(t, s, "act", "th_a")
	other := audit.Follower{Name: "test", Batch: 10, Do: func(context.Context, []audit.Entry) error { return nil }}
	f := audit.Follower{Name: "test", Batch: 10, Do: func(ctx context.Context, _ []audit.Entry) error {
		_, err := other.Step(ctx, s)
		return err
	}}
	if _, err := f.Step(t.Context(), s); !errs.Is(err, errs.Exists) && !errs.Is(err, errs.Conflict) {
		t.Errorf("the slower one is not told: %v", err)
	}
}
