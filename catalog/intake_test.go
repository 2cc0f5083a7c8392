package catalog_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// picky is a store that refuses every transaction in which a certain job is written, and counts those it took.
type picky struct {
	graph.Store
	bad     graph.ID
	mu      sync.Mutex
	commits int
}

func (s *picky) Update(ctx context.Context, id string, fn func(context.Context, graph.Tx) error) error {
	err := s.Store.Update(ctx, id, func(ctx context.Context, tx graph.Tx) error {
		if err := fn(ctx, tx); err != nil {
			return err
		}
		there, err := tx.Nodes(ctx, s.bad)
		if err == nil && len(there) > 0 {
			err = errs.E(errs.TooLarge, "This one is too large.")
		}
		return err
	})
	if err == nil {
		s.mu.Lock()
		s.commits++
		s.mu.Unlock()
	}
	return err
}

func jobNamed(name string) catalog.Event {
	raw := []byte(`{"name":"` + name + `"}`)
	return catalog.Event{
		At: day, How: catalog.Declared, Producer: "p", Source: "p", Raw: raw, Hash: sha256.Sum256(raw),
		Job: &catalog.JobFact{Namespace: "ns", Name: name},
	}
}

// Of a group in which one event is wrong, all others are taken, and only the wrong one is refused.
func TestIntake_TheGuiltyEventStandsAlone(t *testing.T) {
	store := &picky{Store: memory(t), bad: catalog.TransformID("ns", "17")}
	in := catalog.NewIntake(catalog.New(store, time.Now))
	defer in.Close()
	var events []catalog.Event
	for i := range 40 {
		events = append(events, jobNamed(fmt.Sprint(i)))
	}
	for i, err := range in.Accept(t.Context(), "acc", events...) {
		if want := i == 17; errs.Is(err, errs.TooLarge) != want || !want && err != nil {
			t.Errorf("event %d: %v", i, err)
		}
	}
	for i := range 40 {
		id := catalog.TransformID("ns", fmt.Sprint(i))
		nodes, err := store.Nodes(t.Context(), id)
		if err != nil || (len(nodes) == 1) != (i != 17) {
			t.Errorf("job %d: %v, %v", i, nodes, err)
		}
	}
	if store.commits >= 39 {
		t.Errorf("%d commits for 40 events: they were not grouped", store.commits)
	}
}

// What was handed in before the end is applied and answered; what comes later is refused and may be sent again.
func TestIntake_Close(t *testing.T) {
	store := memory(t)
	in := catalog.NewIntake(catalog.New(store, time.Now))
	var senders sync.WaitGroup
	var mu sync.Mutex
	taken := map[graph.ID]bool{}
	for i := range 50 {
		senders.Go(func() {
			name := fmt.Sprint(i)
			err := in.Accept(t.Context(), "acc", jobNamed(name))[0]
			if err != nil && !errs.Is(err, errs.Unavailable) {
				t.Errorf("event %d: %v", i, err)
			}
			mu.Lock()
			defer mu.Unlock()
			taken[catalog.TransformID("ns", name)] = err == nil
		})
	}
	in.Close()
	senders.Wait()
	for id, want := range taken {
		nodes, err := store.Nodes(t.Context(), id)
		if err != nil || (len(nodes) == 1) != want {
			t.Errorf("%s: acknowledged %v, there %v, %v", id, want, len(nodes) == 1, err)
		}
	}
	if err := in.Accept(t.Context(), "acc", jobNamed("late"))[0]; !errs.Is(err, errs.Unavailable) {
		t.Errorf("after the end: %v", err)
	}
}

// Column lineage that multiplies out beyond the limit is refused before it takes memory; at the limit it is taken.
func TestPrepare_LimitsThePairsOfColumns(t *testing.T) {
	of := func(named, rows int) catalog.Event {
		e := jobNamed("j")
		f := catalog.DatasetFact{Namespace: "ns", Name: "d", Role: catalog.Output}
		for i := range named {
			f.Derivations = append(f.Derivations, catalog.Derivation{Column: fmt.Sprint(i), Namespace: "ns", Name: "in", From: "a"})
		}
		for i := range rows {
			f.Derivations = append(f.Derivations, catalog.Derivation{Namespace: "ns", Name: "in", From: fmt.Sprint("r", i), Indirect: true})
		}
		e.Datasets = append(e.Datasets, f)
		return e
	}
	if _, err := catalog.Prepare("acc", of(200, 99)); err != nil {
		t.Errorf("20,000 pairs: %v", err)
	}
	_, err := catalog.Prepare("acc", of(200, 100))
	if e, ok := errs.As(err); !ok || e.Kind != errs.TooLarge || e.Fields[0].Name != "columnLineage" {
		t.Errorf("20,200 pairs: %v", err)
	}
}
