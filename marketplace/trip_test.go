package marketplace_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"weir/authz"
	"weir/graph"
	"weir/identity"
	"weir/marketplace"
)

// counted counts what a store is asked.
type counted struct {
	graph.Store
	calls *atomic.Int64
}

type countedTx struct {
	graph.Tx
	calls *atomic.Int64
}

func (c counted) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	c.calls.Add(1)
	return c.Store.Nodes(ctx, ids...)
}

func (c counted) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	c.calls.Add(1)
	return c.Store.Edges(ctx, q)
}

func (c counted) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	c.calls.Add(1)
	return c.Store.List(ctx, q)
}

func (c counted) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	c.calls.Add(1)
	return c.Store.Traverse(ctx, w)
}

func (c counted) Update(ctx context.Context, id string, fn func(ctx context.Context, tx graph.Tx) error) error {
	return c.Store.Update(ctx, id, func(ctx context.Context, tx graph.Tx) error { return fn(ctx, countedTx{tx, c.calls}) })
}

func (c countedTx) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	c.calls.Add(1)
	return c.Tx.Nodes(ctx, ids...)
}

func (c countedTx) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	c.calls.Add(1)
	return c.Tx.Edges(ctx, q)
}

func (c countedTx) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	c.calls.Add(1)
	return c.Tx.List(ctx, q)
}

func (c countedTx) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	c.calls.Add(1)
	return c.Tx.Traverse(ctx, w)
}

// TestRoundTrips: what is asked of the store grows neither with how much is upstream nor with how many can decide.
func TestRoundTrips(t *testing.T) {
	w := newBureau(t, shopFile(t))
	targets := []graph.ID{bureauMart, w.manyUpstream()}
	s := counted{w.store, new(atomic.Int64)}
	m := marketplace.New(s, w.policy, marketplace.Options{Now: func() time.Time { return w.at }})
	calls := map[string][]int64{}
	count := func(name string, most int64, do func() error) {
		t.Helper()
		s.calls.Store(0)
		w.must(do())
		calls[name] = append(calls[name], s.calls.Load())
		if got := s.calls.Load(); got > most {
			t.Errorf("%s asks the store %d times, want at most %d", name, got, most)
		}
	}
	for n, target := range slices.Concat(targets, targets) {
		if n == len(targets) {
			w.crowd("crm", 30)
		}
		ada, tom := w.as("ada"), w.as("tom")
		var req marketplace.RequestView
		count("preview", 45, func() error { return only(m.Preview(ada, w.ask("ada", target))) })
		count("submit", 95, func() (err error) {
			req, err = m.Submit(ada, w.ask("ada", target))
			return err
		})
		item := req.Items[0]
		count("look", 50, func() error { return only(m.Item(tom, item.ID)) })
		d := approves
		d.Item, d.Seen = item.ID, item.Facts
		count("decide", 95, func() error { return only(m.Decide(tom, d)) })
		w.must(m.Withdraw(ada, item.ID, 0))
	}
	t.Log(calls)
}

// crowd puts many people into a team.
func (w *bureau) crowd(team string, many int) {
	w.t.Helper()
	op := authz.With(w.t.Context(), authz.Operator)
	for n := range many {
		name := fmt.Sprint("crowd-", n)
		u := is(w.people.CreateUser(op, identity.NewUser{Login: name, Name: name}))(w.t)
		w.must(w.people.AddMember(op, w.id[team], u.ID))
	}
}
