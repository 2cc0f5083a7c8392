package graphtest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"weir/errs"
	"weir/graph"
)

// Open gives an empty store with that schema, which it closes when the test ends. Only one is in use at a time.
type Open func(t *testing.T, schema graph.Schema) graph.Store

// group is a part of the contract. Its cases share a store and keep apart by their names.
type group struct {
	name  string
	cases []testCase
}

type testCase struct {
	name string
	run  func(c *check)
}

// groups is the whole suite.
func groups() []group {
	return []group{
		{"nodes", nodeCases()},
		{"edges", edgeCases()},
		{"time", timeCases()},
		{"list", listCases()},
		{"search", searchCases()},
		{"traverse", traverseCases()},
		{"path", pathCases()},
		{"update", updateCases()},
		{"race", raceCases()},
		{"fidelity", fidelityCases()},
		{"limits", limitCases()},
		{"random", randomCases()},
	}
}

// Run holds the stores that open gives to the contract.
func Run(t *testing.T, open func(t *testing.T, schema graph.Schema) graph.Store) {
	for i, g := range groups() {
		t.Run(g.name, func(t *testing.T) {
			store := open(t, Schema())
			for j, tc := range g.cases {
				t.Run(tc.name, func(t *testing.T) {
					tc.run(&check{T: t, ctx: t.Context(), store: store, group: fmt.Sprintf("g%dx%dx", i, j)})
				})
			}
		})
	}
	t.Run("dump", func(t *testing.T) { runDump(t, open) })
	t.Run("plan", func(t *testing.T) { runPlan(t, open) })
}

// check is one case at work on a store.
type check struct {
	*testing.T
	ctx   context.Context
	store graph.Store
	group string // begins every id of the case and is its "grp"
}

// id makes a Thing's id of the case.
func (c *check) id(name string) graph.ID { return graph.ID("th_" + c.group + name) }

func (c *check) ids(names ...string) []graph.ID {
	out := make([]graph.ID, len(names))
	for i, name := range names {
		out[i] = c.id(name)
	}
	return out
}

// thing makes a Thing of the case; props are pairs of name and value.
func (c *check) thing(name string, props ...any) graph.NodeWrite {
	p := graph.Props{"grp": c.group}
	for i := 0; i < len(props); i += 2 {
		p[props[i].(string)] = props[i+1]
	}
	return graph.NodeWrite{Node: graph.Node{ID: c.id(name), Kind: Thing, Props: p}}
}

// edge is a FEEDS edge between two Things of the case that holds from since on.
func (c *check) edge(from, to string, since time.Time) graph.Edge {
	return graph.Edge{From: c.id(from), To: c.id(to), Rel: Feeds, Valid: graph.Span{Since: since}}
}

// update runs a transaction that has to succeed.
func (c *check) update(fn func(tx graph.Tx) error) {
	c.Helper()
	c.ok(c.try(fn))
}

// try runs a transaction and returns its error.
func (c *check) try(fn func(tx graph.Tx) error) error {
	return c.store.Update(c.ctx, "", func(_ context.Context, tx graph.Tx) error { return fn(tx) })
}

func (c *check) put(ws ...graph.NodeWrite) []graph.Node {
	c.Helper()
	var nodes []graph.Node
	c.update(func(tx graph.Tx) (err error) {
		nodes, err = tx.Put(c.ctx, ws...)
		return err
	})
	return nodes
}

// things makes Things with nothing but a name.
func (c *check) things(names ...string) {
	c.Helper()
	ws := make([]graph.NodeWrite, len(names))
	for i, name := range names {
		ws[i] = c.thing(name, "name", name)
	}
	c.put(ws...)
}

func (c *check) link(es ...graph.Edge) {
	c.Helper()
	c.update(func(tx graph.Tx) error { return tx.Link(c.ctx, es...) })
}

func (c *check) unlink(at time.Time, es ...graph.Edge) {
	c.Helper()
	c.update(func(tx graph.Tx) error { return tx.Unlink(c.ctx, at, es...) })
}

// get returns a node that has to be there.
func (c *check) get(id graph.ID) graph.Node {
	c.Helper()
	n, err := graph.One(c.ctx, c.store, id)
	c.ok(err)
	return n
}

func (c *check) ok(err error) {
	c.Helper()
	if err != nil {
		c.Fatalf("error: %v", err)
	}
}

// fails wants an error of a kind.
func (c *check) fails(err error, kind errs.Kind) {
	c.Helper()
	if err == nil {
		c.Fatalf("no error, want %v", kind)
	}
	if errs.KindOf(err) != kind {
		c.Fatalf("error %v, want %v", err, kind)
	}
}

// same wants two values to look the same in detail.
func (c *check) same(what string, got, want any) {
	c.Helper()
	g, w := show(got), show(want)
	if g != w {
		c.Fatalf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// day is a fixed day to tell spans by: day(0) is 2024-01-01.
func day(n int) time.Time { return time.Date(2024, 1, 1+n, 0, 0, 0, 0, time.UTC) }
