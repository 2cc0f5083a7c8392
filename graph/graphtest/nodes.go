package graphtest

import (
	"time"

	"weir/errs"
	"weir/graph"
)

func nodeCases() []testCase {
	return []testCase{
		{"missing ids are absent", nodesMissing},
		{"upsert makes, merges and deletes keys", nodesUpsert},
		{"a write that changes nothing leaves version and updated", nodesUnchanged},
		{"create fails on what is there", nodesCreate},
		{"ensure leaves what is there", nodesEnsure},
		{"if version looks at the version", nodesIfVersion},
		{"put returns nodes in order", nodesOrder},
		{"a batch is all or nothing", nodesBatch},
		{"unique values", nodesUnique},
		{"unique values move within a transaction", nodesUniqueMoves},
		{"delete takes edges and history", nodesDelete},
		{"a transaction sees its own writes", nodesOwnWrites},
		{"one and modify", nodesModify},
	}
}

func nodesMissing(c *check) {
	c.things("a")
	nodes, err := c.store.Nodes(c.ctx, c.id("none"), c.id("a"), c.id("a"))
	c.ok(err)
	if len(nodes) != 1 || nodes[c.id("a")].ID != c.id("a") {
		c.Fatalf("got %s", show(nodes))
	}
	nodes, err = c.store.Nodes(c.ctx)
	c.ok(err)
	c.same("no ids", nodes, map[graph.ID]graph.Node{})
}

func nodesUpsert(c *check) {
	before := time.Now().Add(-time.Second)
	c.put(c.thing("a", "name", "one", "note", "stays", "rank", int64(1)))
	n := c.get(c.id("a"))
	c.same("made", n.Props, graph.Props{"grp": c.group, "name": "one", "note": "stays", "rank": int64(1)})
	if n.Version != 1 || !n.Created.Equal(n.Updated) || n.Created.Before(before) || n.Created.After(time.Now()) {
		c.Fatalf("version %d created %v updated %v", n.Version, n.Created, n.Updated)
	}
	c.put(c.thing("a", "name", "two", "rank", nil, "state", "new", "due", nil))
	m := c.get(c.id("a"))
	c.same("changed", m.Props, graph.Props{"grp": c.group, "name": "two", "note": "stays", "state": "new"})
	if m.Version != 2 || !m.Created.Equal(n.Created) || !m.Updated.After(n.Updated) {
		c.Fatalf("version %d created %v updated %v after %v", m.Version, m.Created, m.Updated, n.Updated)
	}
}

func nodesUnchanged(c *check) {
	w := c.thing("a", "name", "one", "due", day(3), "blob", []byte{1}, "list", []string{"x"}, "gone", nil)
	first := c.put(w)[0]
	again := c.put(w)[0]
	if again.Version != 1 || !again.Updated.Equal(first.Updated) {
		c.Fatalf("version %d, updated %v, want 1, %v", again.Version, again.Updated, first.Updated)
	}
	w.Mode, w.Version = graph.IfVersion, 1
	c.same("if version", c.put(w)[0].Version, int64(1))
	w.Node.Props["list"] = []string{"x", "y"}
	c.same("a longer list", c.put(w)[0].Version, int64(2))
}

func nodesCreate(c *check) {
	w := c.thing("a", "name", "one")
	w.Mode = graph.Create
	c.same("made", c.put(w)[0].Version, int64(1))
	_, err := c.tryPut(w)
	c.fails(err, errs.Exists)
	c.same("after", c.get(c.id("a")).Version, int64(1))
}

func (c *check) tryPut(ws ...graph.NodeWrite) (nodes []graph.Node, err error) {
	err = c.try(func(tx graph.Tx) (err error) {
		nodes, err = tx.Put(c.ctx, ws...)
		return err
	})
	return nodes, err
}

func nodesEnsure(c *check) {
	w := c.thing("a", "name", "one")
	w.Mode = graph.Ensure
	c.same("made", c.put(w)[0].Props["name"], "one")
	w = c.thing("a", "name", "two")
	w.Mode = graph.Ensure
	n := c.put(w)[0]
	c.same("left", n.Props, graph.Props{"grp": c.group, "name": "one"})
	c.same("version", n.Version, int64(1))
}

func nodesIfVersion(c *check) {
	c.things("a")
	w := c.thing("a", "name", "two")
	w.Mode, w.Version = graph.IfVersion, 2
	_, err := c.tryPut(w)
	c.fails(err, errs.Conflict)
	w.Version = 1
	c.same("changed", c.put(w)[0].Version, int64(2))
	_, err = c.tryPut(w)
	c.fails(err, errs.Conflict)
	w = c.thing("none")
	w.Mode, w.Version = graph.IfVersion, 1
	_, err = c.tryPut(w)
	c.fails(err, errs.NotFound)
	nodes, err := c.store.Nodes(c.ctx, c.id("none"))
	c.ok(err)
	c.same("not made", len(nodes), 0)
}

func nodesOrder(c *check) {
	c.things("b")
	nodes := c.put(c.thing("c", "name", "c"), c.thing("b", "name", "bb"), c.thing("a", "name", "a"))
	c.same("order", []graph.ID{nodes[0].ID, nodes[1].ID, nodes[2].ID}, c.ids("c", "b", "a"))
	c.same("versions", []int64{nodes[0].Version, nodes[1].Version, nodes[2].Version}, []int64{1, 2, 1})
	place := graph.NodeWrite{Node: graph.Node{ID: graph.ID("pl_" + c.group), Kind: Place, Props: graph.Props{"name": "p"}}}
	mixed := c.put(place, c.thing("d"), c.thing("a", "note", "n"))
	c.same("kinds", []graph.Kind{mixed[0].Kind, mixed[1].Kind, mixed[2].Kind}, []graph.Kind{Place, Thing, Thing})
	c.same("merged", mixed[2].Props, graph.Props{"grp": c.group, "name": "a", "note": "n"})
}

func nodesBatch(c *check) {
	c.things("there")
	create := c.thing("there")
	create.Mode = graph.Create
	_, err := c.tryPut(c.thing("new"), create)
	c.fails(err, errs.Exists)
	nodes, err := c.store.Nodes(c.ctx, c.id("new"))
	c.ok(err)
	c.same("nothing stays", len(nodes), 0)
	_, err = c.tryPut(c.thing("x"), c.thing("x"))
	c.fails(err, errs.Invalid)
}

func nodesUnique(c *check) {
	code := "code " + c.group
	c.put(c.thing("a", "code", code), c.thing("none1"), c.thing("none2"))
	_, err := c.tryPut(c.thing("b", "code", code))
	c.fails(err, errs.Exists)
	c.put(c.thing("b", "code", code+"B"), c.thing("c", "code", "CODE "+c.group))
	_, err = c.tryPut(c.thing("b", "code", code))
	c.fails(err, errs.Exists)
	_, err = c.tryPut(c.thing("d", "code", code+"D"), c.thing("e", "code", code+"D"))
	c.fails(err, errs.Exists)
	c.put(c.thing("a", "code", code, "note", "its own value is no other's"))
	place := graph.Node{ID: graph.ID("pl_" + c.group), Kind: Place, Props: graph.Props{"code": code}}
	c.put(graph.NodeWrite{Node: place}) // unique within the kind
	c.same("b", c.get(c.id("b")).Props["code"], code+"B")
}

func nodesUniqueMoves(c *check) {
	code := "code " + c.group
	c.put(c.thing("a", "code", code))
	c.update(func(tx graph.Tx) error {
		if _, err := tx.Put(c.ctx, c.thing("a", "code", nil)); err != nil {
			return err
		}
		_, err := tx.Put(c.ctx, c.thing("b", "code", code))
		return err
	})
	c.update(func(tx graph.Tx) error {
		if err := tx.Delete(c.ctx, c.id("b")); err != nil {
			return err
		}
		_, err := tx.Put(c.ctx, c.thing("a", "code", code))
		return err
	})
	_, err := c.tryPut(c.thing("b", "code", code))
	c.fails(err, errs.Exists)
}

func nodesDelete(c *check) {
	c.things("a", "b", "d")
	c.link(c.edge("a", "b", day(1)), c.edge("b", "d", day(1)), c.edge("b", "b", day(1)))
	c.unlink(day(2), c.edge("a", "b", day(1)))
	c.update(func(tx graph.Tx) error { return tx.Delete(c.ctx, c.id("b"), c.id("never")) })
	page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("a", "b", "d"), All: true})
	c.ok(err)
	c.same("edges out", page, graph.EdgePage{})
	page, err = c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("a", "b", "d"), Dir: graph.In, All: true})
	c.ok(err)
	c.same("edges in", page, graph.EdgePage{})
	c.things("b")
	c.same("made anew", c.get(c.id("b")).Version, int64(1))
}

func nodesOwnWrites(c *check) {
	c.things("a")
	c.update(func(tx graph.Tx) error {
		if _, err := tx.Put(c.ctx, c.thing("b", "name", "own words")); err != nil {
			return err
		}
		if err := tx.Link(c.ctx, c.edge("a", "b", time.Now())); err != nil {
			return err
		}
		c.seesOwn(tx)
		return nil
	})
	c.seesOwn(c.store)
}

// seesOwn wants a reader to see b and the edge to it, in every way of reading.
func (c *check) seesOwn(r graph.Reader) {
	c.Helper()
	n, err := graph.One(c.ctx, r, c.id("b"))
	c.ok(err)
	c.same("node", n.Props["name"], "own words")
	page, err := r.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("a")})
	c.ok(err)
	c.same("edges", len(page.Edges), 1)
	sub, err := r.Traverse(c.ctx, graph.Walk{From: c.ids("a"), Depth: 1, Max: 10})
	c.ok(err)
	c.same("traverse", len(sub.Nodes), 2)
	paths, err := r.Path(c.ctx, c.id("a"), c.id("b"), graph.Walk{Depth: 1})
	c.ok(err)
	c.same("path", len(paths), 1)
	degrees, err := r.Degrees(c.ctx, c.ids("b"), nil, time.Time{})
	c.ok(err)
	c.same("degrees", degrees, map[graph.ID]graph.Degree{c.id("b"): {In: 1}})
	list, err := r.List(c.ctx, graph.Query{Kind: Thing, Where: c.mine(), Sort: "name", Limit: 10})
	c.ok(err)
	c.same("list", idsOf(list.Nodes), c.ids("a", "b"))
}

// mine filters by the case's group.
func (c *check) mine() []graph.Filter {
	return []graph.Filter{{Prop: "grp", Values: []any{c.group}}}
}

func idsOf(nodes []graph.Node) []graph.ID {
	out := make([]graph.ID, len(nodes))
	for i, n := range nodes {
		out[i] = n.ID
	}
	return out
}

func nodesModify(c *check) {
	_, err := graph.One(c.ctx, c.store, c.id("none"))
	c.fails(err, errs.NotFound)
	_, err = graph.One(c.ctx, c.store, "not an id")
	c.fails(err, errs.NotFound)
	keep := func(graph.Node) (graph.Props, error) { return nil, nil }
	_, err = graph.Modify(c.ctx, c.store, c.id("none"), keep)
	c.fails(err, errs.NotFound)
	c.put(c.thing("a", "rank", int64(4)))
	n, err := graph.Modify(c.ctx, c.store, c.id("a"), func(n graph.Node) (graph.Props, error) {
		return graph.Props{"rank": n.Props["rank"].(int64) + 1}, nil
	})
	c.ok(err)
	c.same("modified", n.Props, graph.Props{"grp": c.group, "rank": int64(5)})
	c.same("stored", c.get(c.id("a")), n)
}
