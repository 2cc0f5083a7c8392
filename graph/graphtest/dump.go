package graphtest

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"weir/errs"
	"weir/graph"
)

// runDump moves a graph with its history from the store to the oracle and back into an empty store. Only one store is
// open at a time, since an engine may have only one database.
func runDump(t *testing.T, open Open) {
	oracle := Memory(Schema())
	var dumped []string
	t.Run("out", func(t *testing.T) {
		c := &check{T: t, ctx: t.Context(), store: open(t, Schema()), group: "dump"}
		c.fillForDump()
		records := c.records()
		c.inOrder(records)
		c.ok(oracle.Restore(c.ctx, replay(records, nil)))
		dumped = shown(records)
		c.fails(c.store.Restore(c.ctx, replay(records, nil)), errs.Conflict)
	})
	t.Run("in", func(t *testing.T) {
		c := &check{T: t, ctx: t.Context(), store: open(t, Schema()), group: "dump"}
		from := &check{T: t, ctx: t.Context(), store: oracle, group: "dump"}
		records := from.records()
		c.same("what the oracle holds", shown(records), dumped)
		c.ok(c.store.Restore(c.ctx, replay(records, nil)))
		c.same("what came back", shown(c.records()), dumped)
		c.restored(oracle)
	})
	t.Run("broken", func(t *testing.T) {
		c := &check{T: t, ctx: t.Context(), store: open(t, Schema()), group: "dump"}
		broken := errs.E(errs.Forbidden, "The file is broken.")
		c.fails(c.store.Restore(c.ctx, replay(nil, broken)), errs.Forbidden)
		c.fails(c.store.Restore(c.ctx, replay([]graph.Record{{}}, nil)), errs.Invalid)
		c.ok(c.store.Restore(c.ctx, replay(nil, nil)))
		c.same("nothing", len(c.records()), 0)
	})
}

// fillForDump makes some random graphs, values of every type, a sequence and a unique value.
func (c *check) fillForDump() {
	for i := 1; i < 6; i++ {
		for _, step := range Random(99, i).Steps {
			c.ok(c.store.Update(c.ctx, "", step))
		}
	}
	w := c.thing("values")
	for k, v := range values() {
		w.Node.Props[k] = v
	}
	c.put(w, c.thing("unique", "code", "dumped", "name", "dumped words"))
	c.put(c.thing("unique", "rank", int64(2)))
	c.update(func(tx graph.Tx) error {
		_, err := tx.Append(c.ctx, "dumped", c.thing("entry1"), c.thing("entry2"))
		return err
	})
}

func (c *check) records() []graph.Record {
	c.Helper()
	var out []graph.Record
	for r, err := range c.store.Dump(c.ctx) {
		c.ok(err)
		out = append(out, r)
	}
	for _, err := range c.store.Dump(c.ctx) {
		c.ok(err)
		break // a reader may stop early
	}
	return out
}

// inOrder wants nodes before edges.
func (c *check) inOrder(records []graph.Record) {
	c.Helper()
	edges := 0
	for i, r := range records {
		if r.Edge != nil {
			edges++
		}
		if r.Node != nil && edges > 0 {
			c.Fatalf("record %d is a node after an edge", i)
		}
	}
	if edges == 0 {
		c.Fatal("no edges")
	}
}

func replay(records []graph.Record, end error) iter.Seq2[graph.Record, error] {
	return func(yield func(graph.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if end != nil {
			yield(graph.Record{}, end)
		}
	}
}

// shown writes records with all of their times, in an order that doesn't depend on the store.
func shown(records []graph.Record) []string {
	var out []string
	for _, r := range records {
		switch {
		case r.Node != nil:
			out = append(out, fmt.Sprintf("%s %s %s", show(*r.Node), showTime(r.Node.Created), showTime(r.Node.Updated)))
		case r.Edge != nil:
			out = append(out, fmt.Sprintf("%s %s %s", show(*r.Edge), showTime(r.Edge.Known.Since), showTime(r.Edge.Known.Until)))
		case r.Sequence != nil:
			out = append(out, fmt.Sprintf("%s %d", r.Sequence.Name, r.Sequence.Last))
		}
	}
	slices.Sort(out)
	return out
}

// restored wants a restored store to answer and go on as the one it came from.
func (c *check) restored(oracle graph.Store) {
	c.same("found", c.find(graph.Search{Text: "dumped"}).Total, 1)
	_, err := c.tryPut(c.thing("other", "code", "dumped"))
	c.fails(err, errs.Exists)
	for i := 1; i < 6; i++ {
		h := Random(99, i)
		p := &pair{check: c, oracle: oracle, history: h, Rand: newRand(uint64(i)), where: fmt.Sprintf("restored graph %d: ", i)}
		p.known = append(p.known, between())
		p.compare()
		p.step(h.Steps[len(h.Steps)-1])
		p.compare()
	}
	c.update(func(tx graph.Tx) error {
		first, err := tx.Append(c.ctx, "dumped", c.thing("entry3"))
		c.same("next number", first, int64(3))
		return err
	})
}
