package graphtest

import (
	"fmt"
	"strings"
	"time"

	"weir/graph"
)

func pathCases() []testCase {
	return []testCase{
		{"the shortest, in order", pathOrder},
		{"against the direction", pathIn},
		{"parallel edges", pathParallel},
		{"none", pathNone},
		{"as of a time", pathTime},
	}
}

// route shows a path by the names of its nodes.
func (c *check) route(from string, path []graph.Edge, dir graph.Dir) string {
	out := []string{from}
	for _, e := range path {
		out = append(out, strings.TrimPrefix(string(other(e, dir)), "th_"+c.group))
	}
	return strings.Join(out, "")
}

func (c *check) routes(from, to string, w graph.Walk) string {
	c.Helper()
	if w.Depth == 0 {
		w.Depth = 20
	}
	paths, err := c.store.Path(c.ctx, c.id(from), c.id(to), w)
	c.ok(err)
	var out []string
	for _, p := range paths {
		out = append(out, c.route(from, p, w.Dir))
	}
	return strings.Join(out, " ")
}

// pathGraph has three shortest ways from a to z, a longer one and loops.
func (c *check) pathGraph() {
	c.things("a", "b", "d", "e", "f", "g", "z")
	c.chain("a", "b", "e", "z")
	c.chain("a", "d", "e")
	c.chain("b", "f", "z")
	c.chain("a", "g", "d", "f", "f")
	c.chain("z", "a", "a")
}

func pathOrder(c *check) {
	c.pathGraph()
	for _, tc := range []struct {
		paths int
		want  string
	}{{0, "abez"}, {1, "abez"}, {2, "abez abfz"}, {3, "abez abfz adez"}, {100, "abez abfz adez adfz"}} {
		c.same(fmt.Sprint(tc.paths), c.routes("a", "z", graph.Walk{Paths: tc.paths}), tc.want)
	}
	c.same("one edge", c.routes("a", "b", graph.Walk{Depth: 1, Paths: 5}), "ab")
	c.same("within", c.routes("a", "z", graph.Walk{Depth: 3, Paths: 1}), "abez")
}

func pathIn(c *check) {
	c.pathGraph()
	c.same("in", c.routes("z", "a", graph.Walk{Dir: graph.In, Paths: 9}), "zeba zeda zfba zfda")
	paths, err := c.store.Path(c.ctx, c.id("e"), c.id("a"), graph.Walk{Dir: graph.In, Depth: 5})
	c.ok(err)
	c.same("edges keep their direction", paths, [][]graph.Edge{{c.edge("b", "e", day(1)), c.edge("a", "b", day(1))}})
}

func pathParallel(c *check) {
	c.things("a", "b")
	k1, k0, held := c.edge("a", "b", day(1)), c.edge("a", "b", day(1)), c.edge("a", "b", day(1))
	k1.Key, k0.Key, held.Rel = "k1", "k0", Holds
	closed := c.edge("a", "b", day(1))
	closed.Valid.Until = day(2)
	k0.Props = graph.Props{"how": "declared"}
	c.link(held, k1, k0, closed)
	for _, tc := range []struct {
		rels []graph.Rel
		at   time.Time
		want graph.Edge
	}{{nil, time.Time{}, k0}, {nil, day(1), closed}, {[]graph.Rel{Holds}, time.Time{}, held}} {
		paths, err := c.store.Path(c.ctx, c.id("a"), c.id("b"), graph.Walk{Depth: 5, Paths: 5, Rels: tc.rels, At: tc.at})
		c.ok(err)
		c.same(fmt.Sprint(tc.rels, tc.at), paths, [][]graph.Edge{{tc.want}})
	}
}

func pathNone(c *check) {
	c.pathGraph()
	for _, tc := range []struct {
		from, to string
		w        graph.Walk
	}{
		{"a", "a", graph.Walk{}}, {"a", "none", graph.Walk{}}, {"none", "a", graph.Walk{}}, {"a", "z", graph.Walk{Depth: 2}},
		{"g", "b", graph.Walk{Depth: 2}}, {"a", "z", graph.Walk{Rels: []graph.Rel{Holds}}}, {"a", "z", graph.Walk{At: day(0)}},
		{"a", "z", graph.Walk{Known: day(1)}},
	} {
		c.same(fmt.Sprint(tc), c.routes(tc.from, tc.to, tc.w), "")
	}
}

func pathTime(c *check) {
	c.things("a", "b", "d", "e")
	c.chain("a", "d", "e", "b")
	short := c.edge("a", "b", day(1))
	short.Valid.Until = day(4)
	c.link(short)
	c.same("then", c.routes("a", "b", graph.Walk{At: day(3)}), "ab")
	c.same("now", c.routes("a", "b", graph.Walk{}), "adeb")
	before := between()
	c.unlink(time.Time{}, c.edge("d", "e", day(1)))
	c.same("gone", c.routes("a", "b", graph.Walk{}), "")
	c.same("as known", c.routes("a", "b", graph.Walk{Known: before}), "adeb")
}
