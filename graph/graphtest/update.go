package graphtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"weir/errs"
	"weir/graph"
)

func updateCases() []testCase {
	return []testCase{
		{"an error of fn is returned as it is and rolls back", updateRollback},
		{"an error of fn is not retried", updateNoRetry},
		{"an error that fn ignored", updateDoomed},
		{"an id counts once", updateID},
		{"an id of a failed update is free", updateIDFree},
		{"a panic rolls back", updatePanic},
		{"an ended context saves nothing", updateContext},
		{"a transaction after its end", updateOver},
		{"locks come first", updateLocks},
		{"append numbers without gaps", updateAppend},
		{"uncommitted writes are not seen", updateIsolation},
		{"ready", updateReady},
	}
}

// everyWrite writes in every way there is.
func (c *check) everyWrite(tx graph.Tx) error {
	if _, err := tx.Put(c.ctx, c.thing("new", "name", "words", "code", "code "+c.group), c.thing("there", "name", "changed")); err != nil {
		return err
	}
	if err := tx.Link(c.ctx, c.edge("there", "new", day(1)), c.edge("there", "other", day(1))); err != nil {
		return err
	}
	if err := tx.Unlink(c.ctx, time.Time{}, c.edge("other", "there", day(1))); err != nil {
		return err
	}
	if err := tx.Delete(c.ctx, c.id("gone")); err != nil {
		return err
	}
	_, err := tx.Append(c.ctx, "seq_"+c.group, c.thing("entry"))
	return err
}

// before is what everyWrite changes.
func (c *check) before() {
	c.Helper()
	c.things("there", "other", "gone")
	c.link(c.edge("other", "there", day(1)), c.edge("there", "gone", day(1)))
}

// unchanged wants nothing of everyWrite to be seen.
func (c *check) unchanged() {
	c.Helper()
	nodes, err := c.store.Nodes(c.ctx, c.ids("there", "other", "gone", "new", "entry")...)
	c.ok(err)
	c.same("nodes", len(nodes), 3)
	c.same("version", nodes[c.id("there")].Version, int64(1))
	c.same("edge in", c.all(c.id("there"), graph.In), []graph.Edge{c.edge("other", "there", day(1))})
	c.same("edges out", c.all(c.id("there"), graph.Out), []graph.Edge{c.edge("there", "gone", day(1))})
	c.same("listed", c.pages(graph.Query{Kind: Thing, Where: c.mine(), Sort: "name", Limit: 9}), c.ids("gone", "other", "there"))
	c.same("found", c.find(graph.Search{Text: "words"}).Total, 0)
	c.update(func(tx graph.Tx) error { // the sequence, the unique value and the locks are free
		first, err := tx.Append(c.ctx, "seq_"+c.group, c.thing("entry", "code", "code "+c.group))
		c.same("first number", first, int64(1))
		return err
	})
}

// failure is an error of fn's own: it has no kind, and can't be compared.
type failure struct{ notes []string }

func (f failure) Error() string { return fmt.Sprint("my own: ", f.notes) }

func updateRollback(c *check) {
	c.before()
	err := c.try(func(tx graph.Tx) error {
		if err := c.everyWrite(tx); err != nil {
			return err
		}
		return fmt.Errorf("wrapped: %w", failure{[]string{"x"}})
	})
	var own failure
	if !errors.As(err, &own) || err.Error() != "wrapped: my own: [x]" {
		c.Fatalf("error %v, want fn's own", err)
	}
	c.unchanged()
}

func updateNoRetry(c *check) {
	for _, own := range []error{errors.New("mine"), errs.E(errs.Conflict, "mine"), errs.E(errs.Unavailable, "mine"), failure{}} {
		runs := 0
		err := c.try(func(graph.Tx) error { runs++; return own })
		if runs != 1 || err == nil || err.Error() != own.Error() {
			c.Fatalf("%d runs, error %v, want one and %v", runs, err, own)
		}
	}
}

func updateDoomed(c *check) {
	for name, bad := range map[string]func(c *check, tx graph.Tx) error{
		"exists": func(c *check, tx graph.Tx) error {
			w := c.thing("a")
			w.Mode = graph.Create
			_, err := tx.Put(c.ctx, w)
			return err
		},
		"refused": func(c *check, tx graph.Tx) error { return tx.Delete(c.ctx, "not an id") },
		"missing": func(c *check, tx graph.Tx) error { return tx.Link(c.ctx, c.edge("a", "none", day(1))) },
	} {
		c.Run(name, func(t *testing.T) {
			sub := *c
			sub.T, sub.group = t, c.group+name
			sub.doomed(bad)
		})
	}
}

func (c *check) doomed(bad func(c *check, tx graph.Tx) error) {
	c.things("a")
	var first error
	err := c.try(func(tx graph.Tx) error {
		if _, err := tx.Put(c.ctx, c.thing("b")); err != nil {
			return err
		}
		first = bad(c, tx)
		if _, again := tx.Nodes(c.ctx, c.id("a")); again == nil {
			return errors.New("the transaction goes on")
		}
		return nil
	})
	if first == nil || err == nil || err.Error() != first.Error() {
		c.Fatalf("error %v, want %v", err, first)
	}
	nodes, err := c.store.Nodes(c.ctx, c.id("b"))
	c.ok(err)
	c.same("nothing stays", len(nodes), 0)
}

func updateID(c *check) {
	runs := 0
	once := func(ctx context.Context, tx graph.Tx) error {
		runs++
		_, err := tx.Put(ctx, c.thing("a", "rank", int64(runs)))
		return err
	}
	id := "id of " + c.group + " é"
	c.ok(c.store.Update(c.ctx, id, once))
	c.fails(c.store.Update(c.ctx, id, once), errs.Exists)
	n := c.get(c.id("a"))
	c.same("version", n.Version, int64(1))
	c.same("rank", n.Props["rank"], int64(1))
	c.ok(c.store.Update(c.ctx, id+"2", func(context.Context, graph.Tx) error { return nil }))
	c.fails(c.store.Update(c.ctx, id+"2", func(context.Context, graph.Tx) error { return nil }), errs.Exists)
}

func updateIDFree(c *check) {
	id := "id of " + c.group
	err := c.store.Update(c.ctx, id, func(context.Context, graph.Tx) error { return errs.E(errs.Forbidden, "no") })
	c.fails(err, errs.Forbidden)
	c.ok(c.store.Update(c.ctx, id, func(context.Context, graph.Tx) error { return nil }))
}

func updatePanic(c *check) {
	c.before()
	func() {
		defer func() {
			if r := recover(); r != "mine" {
				c.Fatalf("recovered %v, want fn's own panic", r)
			}
		}()
		c.ok(c.try(func(tx graph.Tx) error {
			c.ok(c.everyWrite(tx))
			panic("mine")
		}))
	}()
	c.unchanged()
}

func updateContext(c *check) {
	c.before()
	ended, cancel := context.WithCancel(c.ctx)
	cancel()
	_, err := c.store.Nodes(ended, c.id("there"))
	c.fails(err, errs.Timeout)
	_, err = c.store.Search(ended, graph.Search{})
	c.fails(err, errs.Timeout)
	c.fails(c.store.Update(ended, "", func(context.Context, graph.Tx) error { return nil }), errs.Timeout)

	during, cancel := context.WithCancel(c.ctx)
	defer cancel()
	err = c.store.Update(during, "", func(_ context.Context, tx graph.Tx) error {
		err := c.everyWrite(tx)
		cancel()
		return err
	})
	c.fails(err, errs.Timeout)
	c.unchanged()
}

func updateOver(c *check) {
	var kept graph.Tx
	c.update(func(tx graph.Tx) error { kept = tx; return nil })
	if _, err := kept.Put(c.ctx, c.thing("a")); err == nil {
		c.Fatal("a transaction wrote after its end")
	}
	if _, err := kept.Nodes(c.ctx, c.id("a")); err == nil {
		c.Fatal("a transaction read after its end")
	}
}

func updateLocks(c *check) {
	c.update(func(tx graph.Tx) error { return tx.Lock(c.ctx, "b"+c.group, "a"+c.group, "b"+c.group) })
	c.update(func(tx graph.Tx) error {
		if err := tx.Lock(c.ctx, "a"+c.group); err != nil {
			return err
		}
		if _, err := tx.Nodes(c.ctx, c.id("a")); err != nil {
			return err
		}
		return tx.Lock(c.ctx, "a"+c.group, "d"+c.group)
	})
	c.fails(c.try(func(tx graph.Tx) error {
		if _, err := tx.Put(c.ctx, c.thing("a")); err != nil {
			return err
		}
		return tx.Lock(c.ctx, "a"+c.group)
	}), errs.Invalid)
}

func updateAppend(c *check) {
	seq := "seq_" + c.group
	var firsts []int64
	appendTo := func(name string, names ...string) error {
		return c.try(func(tx graph.Tx) error {
			ws := make([]graph.NodeWrite, len(names))
			for i, n := range names {
				ws[i] = c.thing(n, "seq", "overwritten")
			}
			first, err := tx.Append(c.ctx, name, ws...)
			firsts = append(firsts, first)
			return err
		})
	}
	c.ok(appendTo(seq, "z"))
	c.ok(appendTo(seq, "y", "x", "w"))
	c.ok(appendTo(seq+"b", "v"))
	c.fails(appendTo(seq, "u", "x"), errs.Exists)
	c.ok(appendTo(seq, "u"))
	c.same("firsts", []int64{firsts[0], firsts[1], firsts[2], firsts[4]}, []int64{1, 2, 1, 5})
	for name, want := range map[string]int64{"z": 1, "y": 2, "x": 3, "w": 4, "v": 1, "u": 5} {
		n := c.get(c.id(name))
		c.same(name, n.Props[graph.PropSeq], want)
		c.same("version of "+name, n.Version, int64(1))
	}
	c.update(func(tx graph.Tx) error {
		for i, name := range []string{"t1", "t2"} {
			first, err := tx.Append(c.ctx, seq, c.thing(name))
			c.same("within one transaction", first, int64(6+i))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func updateIsolation(c *check) {
	c.before()
	stop := errs.E(errs.Forbidden, "stop")
	c.fails(c.try(func(tx graph.Tx) error {
		if err := c.everyWrite(tx); err != nil {
			return err
		}
		nodes, err := c.store.Nodes(c.ctx, c.ids("new", "gone", "entry")...)
		c.ok(err)
		c.same("nodes outside", len(nodes), 1)
		c.same("edges outside", len(c.all(c.id("there"), graph.Out)), 1)
		c.same("found outside", c.find(graph.Search{Text: "words"}).Total, 0)
		return stop
	}), errs.Forbidden)
	c.unchanged()
}

func updateReady(c *check) { c.ok(c.store.Ready(c.ctx)) }
