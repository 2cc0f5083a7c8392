package graphtest

import (
	"context"
	"fmt"
	"testing"

	"weir/graph"
)

// Explainer is an engine that shows how it finds its answers.
type Explainer interface {
	// Explain returns the plan of every shape of question that the contract and the Schema declare, by a name, and an
	// error that names the plans which look at everything instead of using an index.
	Explain(ctx context.Context) (map[string]string, error)
}

// Explain of the oracle is for the suite's sake: it looks at everything, but there is nothing to look at that an
// index would spare.
func (m *memory) Explain(context.Context) (map[string]string, error) {
	return map[string]string{"every question": "is answered from memory"}, nil
}

// explainerOf finds the engine behind Checked and the like.
func explainerOf(s graph.Store) (Explainer, bool) {
	for s != nil {
		if e, ok := s.(Explainer); ok {
			return e, true
		}
		wrapped, ok := s.(interface{ Unwrap() graph.Store })
		if !ok {
			return nil, false
		}
		s = wrapped.Unwrap()
	}
	return nil, false
}

// runPlan wants every declared question to use an index on an empty, a small and a large database (WEIR_TEST_LARGE
// nodes, 5,000 unless said), since planners choose by what is there.
func runPlan(t *testing.T, open Open) {
	c := &check{T: t, ctx: t.Context(), store: open(t, Schema()), group: "plan"}
	large, err := number("WEIR_TEST_LARGE", 5000)
	c.ok(err)
	e, ok := explainerOf(c.store)
	if !ok {
		t.Fatal("the engine doesn't implement graphtest.Explainer")
	}
	filled := 0
	for _, n := range []int{0, 20, large} {
		for filled < n {
			to := min(n, filled+graph.MaxBatch)
			c.fillPlan(filled, to)
			filled = to
		}
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			plans, err := e.Explain(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(plans) == 0 {
				t.Fatal("no plans")
			}
			for name, plan := range plans {
				t.Logf("%s:\n%s", name, plan)
			}
		})
	}
}

// fillPlan adds nodes and a chain of edges.
func (c *check) fillPlan(from, to int) {
	var ws []graph.NodeWrite
	var es []graph.Edge
	for i := from; i < to; i++ {
		ws = append(ws, c.thing(fmt.Sprint(i), "name", fmt.Sprintf("name %d", i*7919%to), "rank", int64(i%100), "state", fmt.Sprint(i%5),
			"audience", fmt.Sprint("a", i%50), "code", fmt.Sprint("c", i), "due", day(i%1000)))
		es = append(es, c.edge(fmt.Sprint(i), fmt.Sprint(max(i-1, 0)), day(1)))
	}
	c.put(ws...)
	c.link(es...)
}
