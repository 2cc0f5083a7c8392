package graphtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"weir/graph"
)

// Step is one transaction of a random history. It does the same on every store.
type Step func(ctx context.Context, tx graph.Tx) error

// History is how a random graph came about: nodes and edges that are made, changed, cut and deleted again, with
// cycles, self-loops, diamonds, parallel edges, closed spans and sometimes a hub of 300 neighbours.
type History struct {
	Group string // begins the ids, after their prefix, and is every node's "grp"
	Nodes []graph.ID
	Steps []Step
}

// hubEvery is how many graphs have one with a hub among them.
const hubEvery = 25

// Random makes the history with that number. The same seed and number give the same history.
func Random(seed uint64, number int) History {
	r := &historian{Rand: rand.New(rand.NewPCG(seed, uint64(number)))}
	r.history.Group = fmt.Sprintf("r%dx", number)
	nodes := 3 + r.IntN(20)
	if number%hubEvery == 0 {
		nodes = 305
	}
	for i := range nodes {
		prefix := "th"
		if r.IntN(5) == 0 {
			prefix = "pl"
		}
		r.history.Nodes = append(r.history.Nodes, graph.ID(fmt.Sprintf("%s_%s%03d", prefix, r.history.Group, i)))
	}
	r.grow(number%hubEvery == 0)
	for range 3 {
		r.change()
	}
	return r.history
}

// historian draws a history.
type historian struct {
	*rand.Rand
	history History
}

func (r *historian) step(s Step) { r.history.Steps = append(r.history.Steps, s) }

// grow makes all nodes and the first edges.
func (r *historian) grow(hub bool) {
	var ws []graph.NodeWrite
	for _, id := range r.history.Nodes {
		ws = append(ws, graph.NodeWrite{Node: r.node(id)})
	}
	es := r.edges(2 * min(len(ws), 30))
	if hub {
		for _, id := range r.history.Nodes[1:301] {
			e := r.edge(r.history.Nodes[0], id)
			if r.IntN(3) == 0 {
				e.From, e.To = e.To, e.From
			}
			es = append(es, e)
		}
	}
	r.step(func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, es...)
	})
}

// change makes one transaction of a few random operations.
func (r *historian) change() {
	var ops []Step
	for range 1 + r.IntN(4) {
		ops = append(ops, r.operation())
	}
	r.step(func(ctx context.Context, tx graph.Tx) error {
		for _, op := range ops {
			if err := op(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *historian) operation() Step {
	switch r.IntN(6) {
	case 0:
		n := r.node(r.pick())
		return func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, graph.NodeWrite{Node: n})
			return err
		}
	case 1:
		id := r.pick()
		n := r.node(id)
		again := r.IntN(3) > 0
		return func(ctx context.Context, tx graph.Tx) error {
			err := tx.Delete(ctx, id)
			if err == nil && again {
				_, err = tx.Put(ctx, graph.NodeWrite{Node: n})
			}
			return err
		}
	case 2, 3:
		es, at := r.edges(1+r.IntN(8)), r.time()
		return func(ctx context.Context, tx graph.Tx) error { return tx.Unlink(ctx, at, es...) }
	}
	es := r.edges(1 + r.IntN(8))
	return func(ctx context.Context, tx graph.Tx) error { return linkThere(ctx, tx, es) }
}

// linkThere links those edges whose ends are there.
func linkThere(ctx context.Context, tx graph.Tx, es []graph.Edge) error {
	var ids []graph.ID
	for _, e := range es {
		ids = append(ids, e.From, e.To)
	}
	nodes, err := tx.Nodes(ctx, ids...)
	if err != nil {
		return err
	}
	var there []graph.Edge
	for _, e := range es {
		if nodes[e.From].ID != "" && nodes[e.To].ID != "" {
			there = append(there, e)
		}
	}
	return tx.Link(ctx, there...)
}

func (r *historian) pick() graph.ID { return r.history.Nodes[r.IntN(min(len(r.history.Nodes), 25))] }

func (r *historian) node(id graph.ID) graph.Node {
	names := []string{"alpha", "beta gamma", "gammaRay", "Delta_9", "épsilon", "alphabet", ""}
	n := graph.Node{ID: id, Kind: Thing, Props: graph.Props{"grp": r.history.Group, "name": names[r.IntN(len(names))]}}
	if id[:2] == "pl" {
		n.Kind = Place
	}
	if r.IntN(2) == 0 {
		n.Props["note"] = names[r.IntN(len(names))] + " " + names[r.IntN(len(names))]
	}
	if r.IntN(2) == 0 {
		n.Props["state"] = []string{"new", "old", "New"}[r.IntN(3)]
	}
	if r.IntN(2) == 0 {
		n.Props["rank"] = int64(r.IntN(5) - 2)
	}
	if r.IntN(3) > 0 {
		n.Props["audience"] = []string{"all", "few", "team 1"}[r.IntN(3)]
	}
	return n
}

func (r *historian) edges(n int) []graph.Edge {
	out := make([]graph.Edge, n)
	for i := range out {
		out[i] = r.edge(r.pick(), r.pick())
	}
	return out
}

func (r *historian) edge(from, to graph.ID) graph.Edge {
	e := graph.Edge{From: from, To: to, Rel: []graph.Rel{Feeds, Feeds, Feeds, Holds, PartOf}[r.IntN(5)]}
	e.Key = []string{"", "", "", "k", "é"}[r.IntN(5)]
	e.Valid.Since = r.time()
	if r.IntN(3) == 0 {
		e.Valid.Until = latest(e.Valid.Since, day(r.IntN(10))).AddDate(0, 0, 1+r.IntN(3))
	}
	if r.IntN(2) == 0 {
		e.Props = graph.Props{"how": []any{"observed", "declared", nil}[r.IntN(3)], "n": int64(r.IntN(3))}
	}
	return e
}

// time is one of ten days, or none.
func (r *historian) time() time.Time {
	if n := r.IntN(12); n < 10 {
		return day(n)
	}
	return time.Time{}
}

// number reads a positive number from the environment.
func number(name string, otherwise int) (int, error) {
	text := os.Getenv(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%s=%q is not a positive number", name, text)
	}
	return n, nil
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
