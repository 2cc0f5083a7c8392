package graphtest

import (
	"fmt"
	"strings"
	"time"

	"weir/graph"
)

func traverseCases() []testCase {
	return []testCase{
		{"depth, direction and order", traverseDepth},
		{"a diamond with parallel edges and loops", traverseDiamond},
		{"max takes the nearest", traverseMax},
		{"keep counts but still walks", traverseKeep},
		{"what a viewer sees", traverseVisible},
		{"fields", traverseFields},
		{"from many, from nothing", traverseFrom},
		{"a ladder of diamonds is not exponential", traverseLadder},
		{"a hub", traverseHub},
	}
}

// chain links names to a chain that holds from day 1 on.
func (c *check) chain(names ...string) {
	c.Helper()
	var es []graph.Edge
	for i := 1; i < len(names); i++ {
		es = append(es, c.edge(names[i-1], names[i], day(1)))
	}
	c.link(es...)
}

func (c *check) walk(w graph.Walk) graph.Subgraph {
	c.Helper()
	if w.Max == 0 {
		w.Max = 1000
	}
	sub, err := c.store.Traverse(c.ctx, w)
	c.ok(err)
	return sub
}

// reached shows the nodes of a walk in short, as "name:depth".
func (c *check) reached(sub graph.Subgraph) string {
	var out []string
	for _, n := range sub.Nodes {
		out = append(out, fmt.Sprintf("%s:%d", strings.TrimPrefix(string(n.Node.ID), "th_"+c.group), n.Depth))
	}
	return strings.Join(out, " ")
}

func traverseDepth(c *check) {
	c.things("a", "b", "d", "e", "f")
	c.chain("a", "d", "e", "f")
	c.chain("a", "b", "e")
	c.chain("f", "a")
	for _, tc := range []struct {
		from  string
		dir   graph.Dir
		depth int
		want  string
	}{
		{"a", graph.Out, 1, "a:0 b:1 d:1"}, {"a", graph.Out, 2, "a:0 b:1 d:1 e:2"}, {"a", graph.Out, 100, "a:0 b:1 d:1 e:2 f:3"},
		{"a", graph.In, 1, "a:0 f:1"}, {"e", graph.In, 2, "e:0 b:1 d:1 a:2"}, {"e", graph.In, 50, "e:0 b:1 d:1 a:2 f:3"},
	} {
		sub := c.walk(graph.Walk{From: c.ids(tc.from), Dir: tc.dir, Depth: tc.depth})
		c.same(fmt.Sprint(tc.from, tc.dir, tc.depth), c.reached(sub), tc.want)
		c.same("totals", sub.Totals, map[graph.Kind]int{Thing: len(sub.Nodes) - 1})
	}
}

func traverseDiamond(c *check) {
	c.things("a", "b", "d", "e")
	c.chain("a", "b", "e")
	c.chain("a", "d", "e")
	second, held := c.edge("a", "b", day(1)), c.edge("a", "b", day(1))
	second.Key = "2"
	held.Rel = Holds
	closed := c.edge("a", "e", day(1))
	closed.Valid.Until = day(2)
	c.link(second, held, closed, c.edge("e", "e", day(1)), c.edge("e", "a", day(1)))
	sub := c.walk(graph.Walk{From: c.ids("a"), Rels: []graph.Rel{Feeds}, Depth: 9})
	c.same("nodes", c.reached(sub), "a:0 b:1 d:1 e:2")
	first := c.edge("a", "b", day(1))
	c.same("edges", sub.Edges, []graph.Edge{first, second, c.edge("a", "d", day(1)), c.edge("b", "e", day(1)),
		c.edge("d", "e", day(1)), c.edge("e", "a", day(1)), c.edge("e", "e", day(1))})
	c.same("degrees", fmt.Sprint(sub.Nodes[0].In, sub.Nodes[0].Out, sub.Nodes[3].In, sub.Nodes[3].Out), "1 2 3 2")
	all := c.walk(graph.Walk{From: c.ids("a"), Depth: 1})
	c.same("all relations", c.reached(all), "a:0 b:1 d:1")
	c.same("their edges", len(all.Edges), 4)
	c.same("their degrees", fmt.Sprint(all.Nodes[0].In, all.Nodes[0].Out), "1 3")
	c.same("then", c.reached(c.walk(graph.Walk{From: c.ids("a"), Depth: 1, At: day(1)})), "a:0 b:1 d:1 e:1")
}

func traverseMax(c *check) {
	c.things("a", "b", "d", "e", "f")
	c.chain("a", "e", "b", "f")
	c.chain("a", "d")
	for most, want := range map[int]string{1: "a:0", 2: "a:0 d:1", 3: "a:0 d:1 e:1", 4: "a:0 d:1 e:1 b:2", 5: "a:0 d:1 e:1 b:2 f:3", 6: "a:0 d:1 e:1 b:2 f:3"} {
		sub := c.walk(graph.Walk{From: c.ids("a"), Depth: 5, Max: most})
		c.same(fmt.Sprint("max ", most), c.reached(sub), want)
		c.same("cut", sub.Cut, most < 5)
		c.same("totals", sub.Totals, map[graph.Kind]int{Thing: 4})
		c.same("edges", len(sub.Edges), min(most, 5)-1)
	}
	c.same("from too", c.reached(c.walk(graph.Walk{From: c.ids("e", "b", "d"), Depth: 1, Max: 2})), "b:0 d:0")
}

func traverseKeep(c *check) {
	c.put(c.thing("a", "state", "no"), c.thing("b", "state", "no"), c.thing("d", "state", "yes", "note", "odd"), c.thing("e"),
		graph.NodeWrite{Node: graph.Node{ID: graph.ID("pl_" + c.group), Kind: Place}})
	c.chain("a", "b", "d", "e")
	c.link(graph.Edge{From: c.id("e"), To: graph.ID("pl_" + c.group), Rel: Feeds}, graph.Edge{From: c.id("b"), To: c.id("e"), Rel: Holds})
	where := func(op graph.Op, values ...any) *graph.Keep {
		return &graph.Keep{Where: []graph.Filter{{Prop: "state", Op: op, Values: values}}}
	}
	for i, tc := range []struct {
		keep *graph.Keep
		want string
	}{
		{nil, "a:0 b:1 d:2 e:3 pl:4"}, {&graph.Keep{}, "a:0 b:1 d:2 e:3 pl:4"}, {where(graph.OneOf, "yes"), "a:0 d:2"},
		{where(graph.Missing), "a:0 e:3 pl:4"}, {&graph.Keep{Kinds: []graph.Kind{Place}}, "a:0 pl:4"},
		{&graph.Keep{Where: []graph.Filter{{Prop: "note", Values: []any{"odd"}}}}, "a:0 d:2"}, // not declared: the walk is there anyway
		{&graph.Keep{Near: []graph.Near{{Rel: Holds, Dir: graph.In, To: c.ids("b", "none")}}}, "a:0 e:3"},
		{&graph.Keep{Kinds: []graph.Kind{Thing}, Where: where(graph.Missing).Where}, "a:0 e:3"}, {where(graph.More, "o"), "a:0 d:2"},
	} {
		sub := c.walk(graph.Walk{From: c.ids("a"), Rels: []graph.Rel{Feeds}, Depth: 9, Keep: tc.keep})
		got := strings.ReplaceAll(c.reached(sub), "pl_"+c.group, "pl")
		c.same(fmt.Sprint("case ", i), got, tc.want)
		counted := 0
		for _, n := range sub.Totals {
			counted += n
		}
		c.same("counted", counted, len(sub.Nodes)-1)
	}
	cut := c.walk(graph.Walk{From: c.ids("a"), Rels: []graph.Rel{Feeds}, Depth: 9, Max: 1, Keep: where(graph.Missing)})
	c.same("totals whatever max", cut.Totals, map[graph.Kind]int{Thing: 1, Place: 1})
}

func traverseVisible(c *check) {
	c.put(c.thing("a", "audience", "x"), c.thing("b", "audience", "hidden"), c.thing("d", "audience", "x"), c.thing("e", "audience", "y"), c.thing("f"))
	c.chain("b", "a", "f", "d", "e")
	for i, tc := range []struct {
		v     *graph.Visible
		want  string
		total int
	}{
		{nil, "b:0 a:1 f:2 d:3 e:4", 4}, {&graph.Visible{}, "b:0", 0}, {&graph.Visible{Audiences: []string{"x"}}, "b:0 a:1 d:3", 2},
		{&graph.Visible{IDs: c.ids("f", "b", "none")}, "b:0 f:2", 1},
		{&graph.Visible{Audiences: []string{"y", "x"}, IDs: c.ids("f", "d")}, "b:0 a:1 f:2 d:3 e:4", 4},
	} {
		w := graph.Walk{From: c.ids("b"), Depth: 9, Keep: &graph.Keep{Visible: tc.v}}
		c.same(fmt.Sprint("viewer ", i), c.reached(c.walk(w)), tc.want)
		w.Max = 1
		c.same(fmt.Sprint("total of viewer ", i), c.walk(w).Totals[Thing], tc.total)
	}
}

func traverseFields(c *check) {
	c.put(c.thing("a", "name", "n", "rank", int64(1), "blob", []byte("b")), c.thing("b"))
	c.chain("a", "b")
	for i, tc := range []struct {
		fields []string
		want   graph.Props
	}{
		{nil, graph.Props{"grp": c.group, "name": "n", "rank": int64(1), "blob": []byte("b")}},
		{[]string{}, graph.Props{}}, {[]string{"rank", "absent"}, graph.Props{"rank": int64(1)}},
	} {
		sub := c.walk(graph.Walk{From: c.ids("a"), Depth: 1, Fields: tc.fields})
		c.same(fmt.Sprint("case ", i), sub.Nodes[0].Node.Props, tc.want)
		n := sub.Nodes[0].Node
		if n.Kind != Thing || n.Version != 1 || n.Created.IsZero() || n.Updated.IsZero() {
			c.Fatalf("got %+v", n)
		}
	}
}

func traverseFrom(c *check) {
	c.things("a", "b", "d", "e")
	c.chain("a", "b", "d")
	c.chain("e", "d")
	c.same("many", c.reached(c.walk(graph.Walk{From: c.ids("e", "none", "a", "e"), Depth: 2})), "a:0 e:0 b:1 d:1")
	c.same("related", c.reached(c.walk(graph.Walk{From: c.ids("b", "a"), Depth: 2})), "a:0 b:0 d:1")
	for _, from := range [][]graph.ID{nil, c.ids("none")} {
		sub := c.walk(graph.Walk{From: from, Depth: 2})
		c.same("nothing", sub, graph.Subgraph{})
	}
}

func traverseLadder(c *check) {
	const steps = 40 // 2^40 paths
	names := []string{"s0"}
	var es []graph.Edge
	for i := range steps {
		top, left, right, bottom := fmt.Sprintf("s%d", i), fmt.Sprintf("l%d", i), fmt.Sprintf("r%d", i), fmt.Sprintf("s%d", i+1)
		names = append(names, left, right, bottom)
		es = append(es, c.edge(top, left, day(1)), c.edge(top, right, day(1)), c.edge(left, bottom, day(1)), c.edge(right, bottom, day(1)))
	}
	c.things(names...)
	c.link(es...)
	sub := c.walk(graph.Walk{From: c.ids("s0"), Depth: 100})
	c.same("nodes", len(sub.Nodes), len(names))
	c.same("edges", len(sub.Edges), len(es))
	c.same("deepest", sub.Nodes[len(names)-1].Depth, 2*steps)
	known := c.walk(graph.Walk{From: c.ids("s0"), Depth: 100, Known: between()})
	c.same("nodes as known", len(known.Nodes), len(names))
	paths, err := c.store.Path(c.ctx, c.id("s0"), c.id("s40"), graph.Walk{Depth: 100, Paths: 3})
	c.ok(err)
	c.same("paths", len(paths), 3)
	c.same("length", len(paths[0]), 2*steps)
}

func traverseHub(c *check) {
	names := []string{"hub"}
	var es []graph.Edge
	for i := range 300 {
		names = append(names, fmt.Sprintf("n%03d", i))
		es = append(es, c.edge("hub", names[i+1], day(1)), c.edge(names[i+1], "hub", day(1)))
	}
	c.things(names...)
	c.link(es...)
	sub := c.walk(graph.Walk{From: c.ids("n007"), Depth: 2, Max: 10})
	c.same("nearest", c.reached(sub), "n007:0 hub:1 n000:2 n001:2 n002:2 n003:2 n004:2 n005:2 n006:2 n008:2")
	c.same("total", sub.Totals, map[graph.Kind]int{Thing: 300})
	c.same("hub", fmt.Sprint(sub.Nodes[1].In, sub.Nodes[1].Out), "300 300")
	c.same("edges", len(sub.Edges), 18)
	degrees, err := c.store.Degrees(c.ctx, c.ids("hub", "n001"), nil, time.Time{})
	c.ok(err)
	c.same("degrees", degrees, map[graph.ID]graph.Degree{c.id("hub"): {In: 300, Out: 300}, c.id("n001"): {In: 1, Out: 1}})
}
