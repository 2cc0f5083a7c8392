package graphtest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"weir/errs"
	"weir/graph"
)

func raceCases() []testCase {
	return []testCase{
		{"64 goroutines add one", raceModify},
		{"one of many deciders wins", raceDeciders},
		{"one owner of a unique value", raceUnique},
		{"one maker of a node", raceCreate},
		{"everybody ensures and changes a new node", raceUpsert},
		{"one update of an id", raceID},
		{"a sequence without gaps", raceAppend},
		{"a lock excludes", raceLock},
		{"links of one edge unite", raceLink},
		{"no edge without its ends", raceDelete},
	}
}

// many runs n goroutines at once and returns their errors.
func many(n int, run func(i int) error) []error {
	out := make([]error, n)
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-start
			out[i] = run(i)
		})
	}
	close(start)
	wait.Wait()
	return out
}

// winners wants exactly one success; all others must have failed with the kind.
func (c *check) winners(errors []error, kind errs.Kind) int {
	c.Helper()
	winner, n := -1, 0
	for i, err := range errors {
		if err == nil {
			winner = i
			n++
		} else if !errs.Is(err, kind) {
			c.Fatalf("error %v, want %v", err, kind)
		}
	}
	if n != 1 {
		c.Fatalf("%d winners, want 1", n)
	}
	return winner
}

func (c *check) allOK(errors []error) {
	c.Helper()
	for _, err := range errors {
		c.ok(err)
	}
}

func raceModify(c *check) {
	const n = 64
	c.put(c.thing("a", "rank", int64(0)))
	c.allOK(many(n, func(int) error {
		_, err := graph.Modify(c.ctx, c.store, c.id("a"), func(n graph.Node) (graph.Props, error) {
			return graph.Props{"rank": n.Props["rank"].(int64) + 1}, nil
		})
		return err
	}))
	a := c.get(c.id("a"))
	c.same("rank", a.Props["rank"], int64(n))
	c.same("version", a.Version, int64(n+1))
}

func raceDeciders(c *check) {
	for round := range 5 {
		name := fmt.Sprint("a", round)
		version := c.put(c.thing(name))[0].Version
		winner := c.winners(many(16, func(i int) error {
			w := c.thing(name, "state", fmt.Sprint("decided by ", i))
			w.Mode, w.Version = graph.IfVersion, version
			_, err := c.tryPut(w)
			return err
		}), errs.Conflict)
		c.same("decision", c.get(c.id(name)).Props["state"], fmt.Sprint("decided by ", winner))
	}
}

func raceUnique(c *check) {
	for round := range 5 {
		code := fmt.Sprint("code ", c.group, round)
		winner := c.winners(many(16, func(i int) error {
			w := c.thing(fmt.Sprint(round, "x", i), "code", code)
			w.Mode = graph.Create
			_, err := c.tryPut(w)
			return err
		}), errs.Exists)
		c.same("owner", c.get(c.id(fmt.Sprint(round, "x", winner))).Props["code"], code)
	}
}

func raceCreate(c *check) {
	winner := c.winners(many(32, func(i int) error {
		w := c.thing("a", "rank", int64(i))
		w.Mode = graph.Create
		_, err := c.tryPut(w)
		return err
	}), errs.Exists)
	c.same("made by", c.get(c.id("a")).Props["rank"], int64(winner))
}

func raceUpsert(c *check) {
	const n = 32
	c.allOK(many(n, func(i int) error {
		w := c.thing("a", fmt.Sprint("key", i/2), int64(i/2))
		if i%2 == 0 {
			w = c.thing("e")
			w.Mode = graph.Ensure
		}
		_, err := c.tryPut(w)
		return err
	}))
	a := c.get(c.id("a"))
	c.same("props", len(a.Props), 1+n/2)
	c.same("version", a.Version, int64(n/2))
	c.same("ensured", c.get(c.id("e")).Version, int64(1))
}

func raceID(c *check) {
	winner := c.winners(many(16, func(i int) error {
		return c.store.Update(c.ctx, "id of "+c.group, func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, c.thing(fmt.Sprint(i)))
			return err
		})
	}), errs.Exists)
	c.same("written", c.pages(graph.Query{Kind: Thing, Where: c.mine(), Limit: 100}), c.ids(fmt.Sprint(winner)))
}

func raceAppend(c *check) {
	const n, times = 16, 5
	seq := "seq_" + c.group
	var mu sync.Mutex
	given := map[int64]graph.ID{}
	c.allOK(many(n, func(i int) error {
		for k := range times {
			name := fmt.Sprintf("%dx%d", i, k)
			rollback := errs.E(errs.Forbidden, "rolled back")
			var first int64
			run := func(end error) error {
				return c.try(func(tx graph.Tx) (err error) {
					if first, err = tx.Append(c.ctx, seq, c.thing(name)); err != nil {
						return err
					}
					return end
				})
			}
			if err := run(rollback); !errs.Is(err, errs.Forbidden) {
				return fmt.Errorf("rolled back with %w", err)
			}
			if err := run(nil); err != nil {
				return err
			}
			mu.Lock()
			given[first] = c.id(name)
			mu.Unlock()
		}
		return nil
	}))
	for i := int64(1); i <= n*times; i++ {
		id, ok := given[i]
		if !ok {
			c.Fatalf("number %d was given to nobody", i)
		}
		c.same(string(id), c.get(id).Props[graph.PropSeq], i)
	}
}

func raceLock(c *check) {
	const n = 24
	c.put(c.thing("a", "rank", int64(0)))
	c.allOK(many(n, func(i int) error {
		return c.try(func(tx graph.Tx) error {
			keys := []string{"one " + c.group, fmt.Sprintf("%c %d %s", 'n'+rune(i%3), i, c.group), "two " + c.group}
			if err := tx.Lock(c.ctx, keys...); err != nil {
				return err
			}
			a, err := graph.One(c.ctx, tx, c.id("a"))
			if err != nil {
				return err
			}
			_, err = tx.Put(c.ctx, c.thing("a", "rank", a.Props["rank"].(int64)+1)) // no condition: the lock protects it
			return err
		})
	}))
	c.same("rank", c.get(c.id("a")).Props["rank"], int64(n))
}

func raceLink(c *check) {
	const n = 16
	c.things("a", "b")
	c.allOK(many(n, func(i int) error {
		e := c.edge("a", "b", day(i))
		e.Valid.Until = day(i + 2)
		e.Props = graph.Props{fmt.Sprint("p", i): int64(i)}
		return c.try(func(tx graph.Tx) error { return tx.Link(c.ctx, e) })
	}))
	c.same("one span", c.spans(), []graph.Span{span(0, n+1)})
	for _, e := range c.all(c.id("a"), graph.Out) {
		if e.Known.Until.IsZero() {
			c.same("props", len(e.Props), n)
		}
	}
}

func raceDelete(c *check) {
	for round := range 10 {
		a, b := fmt.Sprint("a", round), fmt.Sprint("b", round)
		c.things(a, b)
		failed := many(8, func(i int) error {
			return c.try(func(tx graph.Tx) error {
				if i == 0 {
					return tx.Delete(c.ctx, c.id(b))
				}
				e := c.edge(a, b, day(1))
				e.Key = fmt.Sprint(i)
				return tx.Link(c.ctx, e)
			})
		})
		for _, err := range failed {
			if err != nil && !errs.Is(err, errs.NotFound) {
				c.Fatal(err)
			}
		}
		c.same("rows", c.all(c.id(a), graph.Out), []graph.Edge{})
		degrees, err := c.store.Degrees(c.ctx, c.ids(a), nil, time.Time{})
		c.ok(err)
		c.same("degree", degrees[c.id(a)], graph.Degree{})
	}
}
