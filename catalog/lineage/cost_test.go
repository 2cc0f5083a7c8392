package lineage

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// counting counts the calls of a store's reads.
type counting struct {
	graph.Reader
	calls atomic.Int64
}

func (c *counting) Nodes(ctx context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	c.calls.Add(1)
	return c.Reader.Nodes(ctx, ids...)
}

func (c *counting) Edges(ctx context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	c.calls.Add(1)
	return c.Reader.Edges(ctx, q)
}

func (c *counting) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	c.calls.Add(1)
	return c.Reader.Traverse(ctx, w)
}

func (c *counting) Path(ctx context.Context, from, to graph.ID, w graph.Walk) ([][]graph.Edge, error) {
	c.calls.Add(1)
	return c.Reader.Path(ctx, from, to, w)
}

// TestCalls holds each question to its number of store calls, and that to be the same for a small and a large graph.
func TestCalls(t *testing.T) {
	for _, width := range []int{2, 200} {
		w := newWorld(t, openSQLite(t))
		first, last, column := w.stages(4, width)
		w.write()
		store := &counting{Reader: w.store}
		s := New(store, time.Now)
		ctx := context.Background()
		filter := Filter{Kinds: []graph.Kind{catalog.DatasetType.Kind}, Classes: []graph.ID{catalog.ClassID("none")}}
		for _, tt := range []struct {
			name string
			most int64
			ask  func() error
		}{
			{"lineage", 3, func() error {
				_, err := s.Lineage(ctx, Query{Root: first, Direction: Downstream, Depth: 9})
				return err
			}},
			{"both", 4, func() error { _, err := s.Lineage(ctx, Query{Root: first, Direction: Both, Depth: 9}); return err }},
			{"both, cut", 6, func() error {
				_, err := s.Lineage(ctx, Query{Root: first, Direction: Both, Depth: 9, MaxNodes: 2})
				return err
			}},
			{"filtered", 4, func() error {
				_, err := s.Lineage(ctx, Query{Root: first, Direction: Downstream, Depth: 9, Filter: filter})
				return err
			}},
			{"with columns", 6, func() error {
				_, err := s.Lineage(ctx, Query{Root: first, Direction: Downstream, Depth: 9, Columns: true})
				return err
			}},
			{"impact", 4, func() error { _, err := s.Impact(ctx, ImpactQuery{Root: first, Depth: 9}); return err }},
			{"impact, filtered", 5, func() error { _, err := s.Impact(ctx, ImpactQuery{Root: first, Depth: 9, Filter: filter}); return err }},
			{"paths", 6, func() error { _, err := s.Paths(ctx, PathQuery{From: first, To: last}); return err }},
			{"paths against the flow", 7, func() error { _, err := s.Paths(ctx, PathQuery{From: last, To: first}); return err }},
			{"column", 4, func() error {
				_, err := s.ColumnLineage(ctx, ColumnQuery{Column: column, Direction: Upstream, Depth: 9})
				return err
			}},
			{"origins", 5, func() error { _, err := s.ColumnOrigins(ctx, OriginQuery{Column: column}); return err }},
			{"diff", 6, func() error {
				_, err := s.Diff(ctx, DiffQuery{Root: first, Direction: Both, Depth: 9, From: day(-1)})
				return err
			}},
			{"versions", 5, func() error {
				_, err := s.Versions(ctx, VersionQuery{Root: first, Direction: Downstream, Depth: 4})
				return err
			}},
		} {
			store.calls.Store(0)
			if err := tt.ask(); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			if n := store.calls.Load(); n > tt.most || n == 0 {
				t.Errorf("%s: %d calls with a width of %d, at most %d", tt.name, n, width, tt.most)
			}
		}
	}
}

// stages tells a pipeline of that many stages, each with that many datasets, a column in each; every stage is made from
// the one before by one transform. It returns a first dataset, a last one, and its column.
func (w *world) stages(stages, width int) (first, last, column graph.ID) {
	spark := w.source("spark")
	var before, beforeColumns []graph.ID
	for i := range stages {
		var datasets, columns []graph.ID
		job := w.transform("job" + strconv.Itoa(i))
		for j := range width {
			d := w.dataset(strconv.Itoa(i) + "." + strconv.Itoa(j))
			c := w.column(d, "c")
			datasets, columns = append(datasets, d), append(columns, c)
			if i > 0 {
				w.link(before[j], catalog.RelInput, job, key(spark), prop(catalog.EdgeConfirmed, day(1)))
				w.link(job, catalog.RelOutput, d, key(spark), prop(catalog.EdgeConfirmed, day(1)))
				w.link(beforeColumns[j], catalog.RelDerives, c, key(spark+"/"+job), prop(catalog.EdgeVia, string(job)))
			}
		}
		if i == 0 {
			first = datasets[0]
		}
		before, beforeColumns = datasets, columns
	}
	return first, before[0], beforeColumns[0]
}

// slow answers walks beyond a depth only when their time is over.
type slow struct {
	graph.Reader
	depth int
}

func (s slow) Traverse(ctx context.Context, w graph.Walk) (graph.Subgraph, error) {
	if w.Depth > s.depth {
		<-ctx.Done()
		return graph.Subgraph{}, errs.E(errs.Timeout, "That took too long.")
	}
	return s.Reader.Traverse(ctx, w)
}

func TestBudget(t *testing.T) {
	c := newCompany(t, openMemory(t))
	ask := func(depth int, budget time.Duration) (Answer, error) {
		s := New(slow{c.store, depth}, time.Now).Within(budget)
		return s.Lineage(context.Background(), Query{Root: c.raw, Direction: Downstream, Depth: 9})
	}
	a, err := ask(2, 50*time.Millisecond)
	if err != nil || !a.IsPartial || a.PartialReason != ReasonTimeout || len(a.Nodes) != 5 {
		t.Errorf("%d nodes, partial %q (%v): the first step within the budget", len(a.Nodes), a.PartialReason, err)
	}
	if _, err := ask(0, 10*time.Millisecond); !errs.Is(err, errs.Timeout) {
		t.Errorf("not even a step: %v", err)
	}
	if a, err := ask(9, time.Minute); err != nil || a.IsPartial {
		t.Errorf("within the budget: partial %t (%v)", a.IsPartial, err)
	}
}
