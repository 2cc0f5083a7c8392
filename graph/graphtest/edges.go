package graphtest

import (
	"fmt"
	"time"

	"weir/errs"
	"weir/graph"
)

func edgeCases() []testCase {
	return []testCase{
		{"order by since, other end, relation, key", edgesOrder},
		{"nodes in the order asked, each with its limit", edgesBatch},
		{"pages of one node while edges are added", edgesPages},
		{"a cursor belongs to its question", edgesForeignCursor},
		{"relations and directions", edgesRels},
		{"ends have to exist", edgesEnds},
		{"props merge in place", edgesProps},
		{"degrees count distinct neighbours", edgesDegrees},
	}
}

// all reads every row that a node has along a direction.
func (c *check) all(id graph.ID, dir graph.Dir) []graph.Edge {
	c.Helper()
	page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: []graph.ID{id}, Dir: dir, All: true})
	c.ok(err)
	return page.Edges
}

// at reads what holds of a node's edges out at a time.
func (c *check) at(name string, at time.Time) []graph.Edge {
	c.Helper()
	page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids(name), At: at})
	c.ok(err)
	return page.Edges
}

// ends shows edges in short: the other end, relation and key of each.
func ends(es []graph.Edge, dir graph.Dir) []string {
	var out []string
	for _, e := range es {
		out = append(out, fmt.Sprintf("%s %s %s", other(e, dir), e.Rel, e.Key))
	}
	return out
}

func edgesOrder(c *check) {
	c.things("a", "b", "d", "e")
	b, d, e := c.edge("a", "b", day(1)), c.edge("a", "d", day(1)), c.edge("a", "e", day(5))
	key := d
	key.Key = "k"
	held := d
	held.Rel = Holds
	ever := c.edge("a", "e", time.Time{})
	ever.Key = "ever"
	c.link(d, b, e, key, held, ever)
	want := []graph.Edge{e, b, d, key, held, ever}
	c.same("out", ends(c.at("a", time.Time{}), graph.Out), ends(want, graph.Out))
	c.same("all", ends(c.all(c.id("a"), graph.Out), graph.Out), ends(want, graph.Out))
	c.same("in", ends(c.all(c.id("d"), graph.In), graph.In), ends([]graph.Edge{d, key, held}, graph.In))
}

func edgesBatch(c *check) {
	c.things("a", "b", "d", "e")
	c.link(c.edge("a", "b", day(1)), c.edge("a", "d", day(2)), c.edge("b", "d", day(3)), c.edge("b", "e", day(3)), c.edge("b", "a", day(1)))
	page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("b", "none", "e", "a", "b"), Limit: 2})
	c.ok(err)
	want := []graph.Edge{c.edge("b", "d", day(3)), c.edge("b", "e", day(3)), c.edge("a", "d", day(2)), c.edge("a", "b", day(1))}
	c.same("edges", page.Edges, want)
	c.same("more", page.More, c.ids("b"))
	c.same("next", page.Next, "")
}

func edgesPages(c *check) {
	names := []string{"a"}
	var es []graph.Edge
	for i := range 20 {
		names = append(names, fmt.Sprintf("n%02d", i))
		es = append(es, c.edge("a", names[i+1], day(i/3)))
	}
	c.things(append(names, "new0", "new1", "new2")...)
	c.link(es...)
	q := graph.EdgeQuery{Of: c.ids("a"), Limit: 3}
	seen := map[graph.ID]int{}
	for i := range 30 {
		page, err := c.store.Edges(c.ctx, q)
		c.ok(err)
		for _, e := range page.Edges {
			seen[e.To]++
		}
		if page.Next == "" {
			break
		}
		if i < 3 { // before and after the cursor
			c.link(c.edge("a", fmt.Sprintf("new%d", i), day(7*(i%2))))
		}
		q.After = page.Next
	}
	for _, e := range es {
		if seen[e.To] != 1 {
			c.Fatalf("%s was seen %d times", e.To, seen[e.To])
		}
	}
}

func edgesForeignCursor(c *check) {
	c.things("a", "b", "d")
	c.link(c.edge("a", "b", day(1)), c.edge("a", "d", day(1)))
	page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("a"), Limit: 1})
	c.ok(err)
	if page.Next == "" {
		c.Fatal("no next page")
	}
	for _, q := range []graph.EdgeQuery{
		{Of: c.ids("b"), After: page.Next}, {Of: c.ids("a"), Dir: graph.In, After: page.Next},
		{Of: c.ids("a"), All: true, After: page.Next}, {Of: c.ids("a"), After: "nonsense"},
		{Of: c.ids("a", "b"), After: page.Next},
	} {
		_, err := c.store.Edges(c.ctx, q)
		c.fails(err, errs.Invalid)
	}
}

func edgesRels(c *check) {
	c.things("a", "b")
	feeds, holds := c.edge("a", "b", day(1)), c.edge("b", "a", day(1))
	holds.Rel = Holds
	loop := c.edge("a", "a", day(1))
	loop.Rel = PartOf
	c.link(feeds, holds, loop)
	for _, tc := range []struct {
		dir  graph.Dir
		rels []graph.Rel
		want []graph.Edge
	}{
		{graph.Out, nil, []graph.Edge{loop, feeds}},
		{graph.In, nil, []graph.Edge{loop, holds}},
		{graph.Out, []graph.Rel{Feeds}, []graph.Edge{feeds}},
		{graph.In, []graph.Rel{Feeds}, nil},
		{graph.In, []graph.Rel{Feeds, Holds}, []graph.Edge{holds}},
		{graph.In, []graph.Rel{PartOf}, []graph.Edge{loop}},
	} {
		page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("a"), Dir: tc.dir, Rels: tc.rels})
		c.ok(err)
		c.same(fmt.Sprint(tc.dir, tc.rels), page.Edges, tc.want)
	}
}

func edgesEnds(c *check) {
	c.things("a")
	for _, e := range []graph.Edge{c.edge("a", "none", day(1)), c.edge("none", "a", day(1)), c.edge("none", "none", day(1))} {
		c.fails(c.try(func(tx graph.Tx) error { return tx.Link(c.ctx, c.edge("a", "a", day(1)), e) }), errs.NotFound)
	}
	c.same("nothing stays", len(c.all(c.id("a"), graph.Out)), 0)
	c.unlink(day(2), c.edge("a", "none", day(1))) // nothing holds: no error
	page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("none")})
	c.ok(err)
	c.same("of nothing", page, graph.EdgePage{})
}

func edgesProps(c *check) {
	c.things("a", "b")
	e := c.edge("a", "b", day(1))
	e.Props = graph.Props{"how": "observed", "run": "r1", "seen": day(2)}
	c.link(e)
	e.Props = graph.Props{"run": "r2", "seen": nil, "n": int64(7)}
	e.Valid = graph.Span{Since: day(3), Until: day(4)} // inside
	c.link(e)
	rows := c.all(c.id("a"), graph.Out)
	want := e
	want.Valid, want.Props = graph.Span{Since: day(1)}, graph.Props{"how": "observed", "run": "r2", "n": int64(7)}
	c.same("one row", rows, []graph.Edge{want})
}

func edgesDegrees(c *check) {
	c.things("a", "b", "d", "alone")
	key, held, loop := c.edge("a", "b", day(1)), c.edge("a", "b", day(1)), c.edge("a", "a", day(1))
	key.Key = "second"
	held.Rel = Holds
	closed := c.edge("a", "d", day(1))
	closed.Valid.Until = day(5)
	c.link(c.edge("a", "b", day(1)), key, held, loop, closed, c.edge("d", "a", day(6)))
	for _, tc := range []struct {
		rels []graph.Rel
		at   time.Time
		want graph.Degree
	}{
		{nil, time.Time{}, graph.Degree{In: 2, Out: 3}},
		{[]graph.Rel{Feeds}, time.Time{}, graph.Degree{In: 2, Out: 2}},
		{[]graph.Rel{Feeds}, day(4), graph.Degree{In: 1, Out: 3}},
		{[]graph.Rel{PartOf}, time.Time{}, graph.Degree{}},
	} {
		got, err := c.store.Degrees(c.ctx, c.ids("a", "none", "alone"), tc.rels, tc.at)
		c.ok(err)
		c.same(fmt.Sprint(tc.rels, tc.at), got, map[graph.ID]graph.Degree{c.id("a"): tc.want, c.id("alone"): {}})
	}
}
