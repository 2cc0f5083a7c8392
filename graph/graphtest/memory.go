// Package graphtest is the conformance suite of graph.Store, with an oracle that answers every question in the simplest
// way, a generator of random graphs, and the benchmarks of engines. Run holds an engine to the contract; there is no
// way to skip a part.
package graphtest

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"weir/errs"
	"weir/graph"
)

// Memory opens the oracle: a store in memory that is plain instead of fast. Every transaction works on a copy of
// everything, and every question looks at everything. It keeps the whole contract and passes the suite itself.
func Memory(schema graph.Schema) graph.Store {
	m := &memory{schema: schema, writer: make(chan struct{}, 1)}
	m.current.Store(newState())
	return graph.Checked(m, schema)
}

// memory swaps in a new state with each commit, so that a reader's state never changes under it.
type memory struct {
	schema  graph.Schema
	writer  chan struct{} // held by the one transaction that runs
	current atomic.Pointer[state]
}

// state is everything that a store holds. Nodes, and slices of rows, are replaced and never changed in place.
type state struct {
	nodes     map[graph.ID]graph.Node
	rows      map[edgeName][]graph.Edge
	sequences map[string]int64
	updates   map[string]bool
	last      time.Time // of the last transaction

	// Of a committed state alone, made by its first reader: the edges of each node.
	indexed sync.Once
	ends    map[graph.ID][]edgeName
}

// edgeName is what the rows of one edge share.
type edgeName struct {
	from, to graph.ID
	rel      graph.Rel
	key      string
}

func nameOf(e graph.Edge) edgeName { return edgeName{e.From, e.To, e.Rel, e.Key} }

func newState() *state {
	return &state{
		nodes: map[graph.ID]graph.Node{}, rows: map[edgeName][]graph.Edge{},
		sequences: map[string]int64{}, updates: map[string]bool{},
	}
}

func (s *state) clone() *state {
	return &state{
		nodes: maps.Clone(s.nodes), rows: maps.Clone(s.rows),
		sequences: maps.Clone(s.sequences), updates: maps.Clone(s.updates), last: s.last,
	}
}

func now() time.Time { return graph.Time(time.Now()) }

func (m *memory) view() view {
	s := m.current.Load()
	s.indexed.Do(s.index)
	return view{state: s, schema: m.schema}
}

func (m *memory) Update(ctx context.Context, id string, fn func(ctx context.Context, tx graph.Tx) error) error {
	select {
	case m.writer <- struct{}{}:
		defer func() { <-m.writer }()
	case <-ctx.Done():
		return errs.Wrap(ctx.Err(), errs.Timeout, "It took too long.")
	}
	next := m.current.Load().clone()
	if next.updates[id] {
		return errs.E(errs.Exists, "That was done already.")
	}
	next.updates[id] = true
	next.last = latest(now(), next.last.Add(time.Microsecond))
	if err := fn(ctx, &memoryTx{view: view{state: next, schema: m.schema}}); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errs.Wrap(ctx.Err(), errs.Timeout, "It took too long.")
	}
	m.current.Store(next)
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (m *memory) Dump(context.Context) iter.Seq2[graph.Record, error] {
	s := m.current.Load()
	return func(yield func(graph.Record, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(s.nodes)) {
			n := s.nodes[id]
			if !yield(graph.Record{Node: &n}, nil) {
				return
			}
		}
		for _, rows := range s.rows {
			for _, row := range rows {
				if !yield(graph.Record{Edge: &row}, nil) {
					return
				}
			}
		}
		for name, last := range s.sequences {
			if !yield(graph.Record{Sequence: &graph.Sequence{Name: name, Last: last}}, nil) {
				return
			}
		}
	}
}

func (m *memory) Restore(_ context.Context, records iter.Seq2[graph.Record, error]) error {
	m.writer <- struct{}{}
	defer func() { <-m.writer }()
	next := m.current.Load().clone()
	if len(next.nodes) > 0 {
		return errs.E(errs.Conflict, "The store is not empty.")
	}
	for r, err := range records {
		if err != nil {
			return err
		}
		switch {
		case r.Node != nil:
			next.nodes[r.Node.ID] = *r.Node
		case r.Edge != nil:
			next.rows[nameOf(*r.Edge)] = append(next.rows[nameOf(*r.Edge)], *r.Edge)
			next.last = latest(next.last, latest(r.Edge.Known.Since, r.Edge.Known.Until))
		case r.Sequence != nil:
			next.sequences[r.Sequence.Name] = r.Sequence.Last
		}
	}
	m.current.Store(next)
	return nil
}

func (m *memory) Ready(context.Context) error { return nil }
func (m *memory) Close() error                { return nil }

func (m *memory) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	return m.view().Nodes(ctx, ids...)
}

func (m *memory) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	return m.view().Edges(ctx, q)
}

func (m *memory) Degrees(ctx context.Context, ids []graph.ID, rels []graph.Rel, at time.Time) (map[graph.ID]graph.Degree, error) {
	return m.view().Degrees(ctx, ids, rels, at)
}

func (m *memory) List(ctx context.Context, q graph.Query) (graph.Page, error) {
	return m.view().List(ctx, q)
}

func (m *memory) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	return m.view().Traverse(ctx, w)
}

func (m *memory) Path(ctx context.Context, from, to graph.ID, w graph.Walk) ([][]graph.Edge, error) {
	return m.view().Path(ctx, from, to, w)
}

func (m *memory) Search(_ context.Context, s graph.Search) (graph.Result, error) {
	return m.view().search(s), nil
}
