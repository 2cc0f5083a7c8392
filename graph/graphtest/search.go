package graphtest

import (
	"fmt"
	"slices"
	"strings"

	"weir/errs"
	"weir/graph"
)

func searchCases() []testCase {
	return []testCase{
		{"words", searchWords},
		{"the syntax of engines means nothing", searchSyntax},
		{"rank", searchRank},
		{"filters", searchFilters},
		{"facets", searchFacets},
		{"sort and window", searchSort},
		{"viewers", searchVisible},
		{"what changes is found anew", searchChanges},
		{"kinds", searchKinds},
		{"only what is declared", searchUndeclared},
		{"totals are exact up to a limit", searchCapped},
	}
}

// find searches the case's nodes.
func (c *check) find(s graph.Search) graph.Result {
	c.Helper()
	s.Where = append(c.mine(), s.Where...)
	if s.Limit == 0 {
		s.Limit = 100
	}
	res, err := c.store.Search(c.ctx, s)
	c.ok(err)
	return res
}

// names are the hits in short: their ids without the case's beginning, in order of the hits or, for sets, sorted.
func (c *check) names(res graph.Result, sorted bool) string {
	var out []string
	for _, h := range res.Hits {
		out = append(out, strings.TrimPrefix(string(h.Node.ID), "th_"+c.group))
	}
	if sorted {
		slices.Sort(out)
	}
	return strings.Join(out, " ")
}

func searchWords(c *check) {
	c.put(
		c.thing("a", "name", "sales_orders_1", "note", "All orders of the shop"),
		c.thing("b", "name", "salesOrders2", "note", "Überweisung nach Zürich, naïve café"),
		c.thing("d", "name", "SALES", "note", "日本語 テスト Ελλάδα"),
		c.thing("e", "name", "customer.address", "note", ""),
		c.thing("f", "name", "wholesale"),
		c.thing("g", "note", "x86 HTTPServer "+strings.Repeat("w", 80)),
		c.thing("h"),
	)
	for _, tc := range []struct {
		text   string
		prefix bool
		want   string
	}{
		{"sales", false, "a b d"}, {"Sales ORDERS", false, "a b"}, {"orders sales", false, "a b"}, {"sales shop", false, "a"},
		{"sal", false, ""}, {"sal", true, "a b d"}, {"orders sal", true, "a b"}, {"sal orders", true, ""},
		{"uberweisung", false, "b"}, {"ÜBERWEISUNG zurich", false, "b"}, {"cafe", false, "b"}, {"naiv", true, "b"},
		{"salesorders", false, ""}, {"salesorders2", false, ""}, {"salesOrders", false, "a b"}, {"salesord", true, "b"}, {"orders2", false, "b"}, {"2", false, "b"},
		{"address", false, "e"}, {"customer.address", false, "e"}, {"ελλαδα", false, "d"}, {"日本語", false, "d"},
		{"86", false, "g"}, {"x86", false, "g"}, {"httpserver", false, "g"}, {strings.Repeat("W", 90), false, "g"},
		{strings.Repeat("w", 64), false, "g"}, {strings.Repeat("w", 63), false, ""}, {strings.Repeat("w", 63), true, "g"},
		{"nothing", false, ""}, {"", false, "a b d e f g h"}, {"  \t", true, "a b d e f g h"}, {"!?", false, ""}, {"!?", true, ""},
		{"sales !?", true, "a b d"},
	} {
		res := c.find(graph.Search{Text: tc.text, Prefix: tc.prefix})
		c.same(fmt.Sprintf("%q %t", tc.text, tc.prefix), c.names(res, true), tc.want)
		c.same(fmt.Sprintf("total of %q", tc.text), res.Total, len(res.Hits))
	}
}

func searchSyntax(c *check) {
	c.put(c.thing("a", "name", "and or not near to"), c.thing("b", "name", "plain"), c.thing("d", "name", "kindThing idth audx"))
	for _, tc := range []struct{ text, want string }{
		{"AND", "a"}, {"a OR b", ""}, {"NOT plain", ""}, {"NEAR(or)", "a"}, {"to", "a"}, {`"plain"`, "b"}, {"pla*", ""}, {"plain~", "b"},
		{"name:plain", ""}, {"(plain", "b"}, {"plain^2", ""}, {"-plain", "b"}, {"+plain", "b"}, {"[a TO b]", ""}, {"/plain/", "b"},
		{`\`, ""}, {"'plain'", "b"}, {"plain; DROP", ""}, {"*:*", ""}, {"{plain}", "b"}, {"pl?in", ""}, {"&& plain ||", "b"},
		{c.group, ""}, {"thing", "d"}, {"audience", ""}, {"*", ""}, {"plain\x00", "b"},
	} {
		for _, prefix := range []bool{false, true} {
			res := c.find(graph.Search{Text: tc.text, Prefix: prefix})
			if prefix && (tc.text == "pla*" || tc.text == "a OR b") {
				continue // words of their own, of which the last one begins another
			}
			c.same(fmt.Sprintf("%q %t", tc.text, prefix), c.names(res, true), tc.want)
		}
	}
}

func searchRank(c *check) {
	c.put(
		c.thing("a", "name", "other", "note", "orders"),
		c.thing("b", "name", "orders"),
		c.thing("d", "name", "orders archive"),
		c.thing("e", "name", "Orders"),
		c.thing("f", "name", "ordersold thing", "note", "orders"),
		c.thing("g", "name", "orderly"),
	)
	res := c.find(graph.Search{Text: "orders"})
	c.same("order", c.names(res, false), "b e d f a")
	for i, h := range res.Hits {
		if want := graph.Score(Schema().Kinds[Thing], []string{"orders"}, h.Node.Props); h.Score != want {
			c.Fatalf("score of %s is %g, want %g", h.Node.ID, h.Score, want)
		}
		if i > 0 && h.Score > res.Hits[i-1].Score {
			c.Fatalf("score grows at %d", i)
		}
	}
	c.same("prefix", c.names(c.find(graph.Search{Text: "order", Prefix: true}), false), "b d e f g a")
	c.same("browsing", c.names(c.find(graph.Search{}), false), "a b d e f g")
}

func searchFilters(c *check) {
	c.put(
		c.thing("a", "name", "w one", "state", "new", "rank", int64(1), "weight", 0.5, "due", day(1), "done", true),
		c.thing("b", "name", "w two", "state", "old", "rank", int64(2), "weight", 1.5, "due", day(2), "done", false),
		c.thing("d", "name", "w three", "state", "New", "rank", int64(10)),
		c.thing("e", "name", "w four"),
	)
	c.link(c.edge("a", "b", day(1)), c.edge("a", "d", day(1)))
	c.link(graph.Edge{From: c.id("a"), To: c.id("e"), Rel: Feeds, Valid: span(1, 2)})
	filter := func(prop string, op graph.Op, values ...any) []graph.Filter {
		return []graph.Filter{{Prop: prop, Op: op, Values: values}}
	}
	for i, tc := range []struct {
		s    graph.Search
		want string
	}{
		{graph.Search{Where: filter("state", graph.OneOf, "new")}, "a"},
		{graph.Search{Where: filter("state", graph.OneOf, "new", "old", "x")}, "a b"},
		{graph.Search{Where: filter("state", graph.Missing)}, "e"},
		{graph.Search{Where: filter("rank", graph.OneOf, int64(2), int64(10))}, "b d"},
		{graph.Search{Where: filter("rank", graph.More, int64(2))}, "b d"},
		{graph.Search{Where: filter("rank", graph.Less, int64(2))}, "a"},
		{graph.Search{Where: filter("weight", graph.More, 1.0)}, "b"},
		{graph.Search{Where: filter("due", graph.Less, day(2))}, "a"},
		{graph.Search{Where: filter("done", graph.OneOf, false)}, "b"},
		{graph.Search{Where: append(filter("rank", graph.More, int64(1)), filter("rank", graph.Less, int64(3))...)}, "a b"},
		{graph.Search{Near: []graph.Near{{Rel: Feeds, Dir: graph.In, To: c.ids("a")}}}, "b d"},
		{graph.Search{Near: []graph.Near{{Rel: Feeds, Dir: graph.Out, To: c.ids("d", "e")}}}, "a"},
		{graph.Search{Near: []graph.Near{{Rel: Holds, Dir: graph.In, To: c.ids("a")}}}, ""},
		{graph.Search{Among: c.ids("a", "e", "none")}, "a e"},
		{graph.Search{Among: []graph.ID{}}, ""},
		{graph.Search{Kinds: []graph.Kind{Thing}, Among: c.ids("b"), Where: filter("state", graph.OneOf, "old")}, "b"},
	} {
		for _, text := range []string{"", "w"} {
			tc.s.Text = text
			res := c.find(tc.s)
			c.same(fmt.Sprintf("case %d %q", i, text), c.names(res, true), tc.want)
			c.same(fmt.Sprintf("total of case %d", i), res.Total, len(res.Hits))
		}
	}
}

func searchFacets(c *check) {
	c.put(
		c.thing("a", "name", "w", "state", "new", "rank", int64(7), "done", true, "weight", 0.5, "due", day(1)),
		c.thing("b", "name", "w", "state", "old", "rank", int64(7), "done", false),
		c.thing("d", "name", "w", "state", "new"),
		c.thing("e", "name", "w"), c.thing("f", "name", "other", "state", "new"),
		graph.NodeWrite{Node: graph.Node{ID: graph.ID("pl_" + c.group), Kind: Place, Props: graph.Props{"grp": c.group, "name": "w", "state": "undeclared"}}},
	)
	second := c.edge("a", "d", day(1))
	second.Key = "second"
	closed := c.edge("e", "d", day(1))
	closed.Valid.Until = day(2)
	c.link(c.edge("a", "d", day(1)), second, c.edge("b", "d", day(1)), c.edge("a", "b", day(1)), closed, c.edge("f", "d", day(1)))
	res := c.find(graph.Search{Text: "w", Facets: []graph.Facet{
		{Prop: "kind"}, {Prop: "state"}, {Prop: "rank"}, {Prop: "done"}, {Prop: "weight"}, {Prop: "due"}, {Rel: Feeds}, {Rel: Holds},
	}})
	c.same("total", res.Total, 5)
	c.same("facets", res.Facets, map[string][]graph.Bucket{
		"kind": {{Value: "Thing", Count: 4}, {Value: "Place", Count: 1}}, "state": {{Value: "new", Count: 2}, {Value: "old", Count: 1}},
		"rank": {{Value: "7", Count: 2}}, "done": {{Value: "false", Count: 1}, {Value: "true", Count: 1}},
		"weight": {{Value: "0.5", Count: 1}}, "due": {{Value: "2024-01-02T00:00:00Z", Count: 1}},
		"FEEDS": {{Value: string(c.id("d")), Count: 2}, {Value: string(c.id("b")), Count: 1}}, "HOLDS": nil,
	})
	res = c.find(graph.Search{Text: "w", Facets: []graph.Facet{{Rel: Feeds, Dir: graph.In}}, Where: []graph.Filter{{Prop: "state", Values: []any{"new"}}}})
	c.same("in", res.Facets, map[string][]graph.Bucket{"FEEDS": {{Value: string(c.id("a")), Count: 1}, {Value: string(c.id("b")), Count: 1}, {Value: string(c.id("f")), Count: 1}}})
	res, err := c.store.Search(c.ctx, graph.Search{Text: "w", Where: c.mine(), Facets: []graph.Facet{{Prop: "state"}}})
	c.ok(err)
	c.same("totals alone", fmt.Sprint(len(res.Hits), res.Total, res.Facets), "0 5 map[state:[{new 2} {old 1}]]")
	res = c.find(graph.Search{Text: "nothing", Facets: []graph.Facet{{Prop: "state"}}})
	c.same("of nothing", res.Facets, map[string][]graph.Bucket{"state": nil})
}

func searchSort(c *check) {
	c.put(c.thing("a", "name", "w b", "rank", int64(3)), c.thing("b", "name", "w a", "rank", int64(3)), c.thing("d", "name", "W c"),
		c.thing("e", "name", "w d", "rank", int64(-1)), c.thing("f", "note", "w"))
	for _, tc := range []struct {
		sort string
		desc bool
		want string
	}{
		{"rank", false, "e a b d f"}, {"rank", true, "b a e f d"}, {"name", false, "d b a e f"}, {"name", true, "e a b d f"},
	} {
		s := graph.Search{Text: "w", Sort: tc.sort, Desc: tc.desc}
		c.same(fmt.Sprint(tc.sort, tc.desc), c.names(c.find(s), false), tc.want)
		s.Offset, s.Limit = 1, 2
		res := c.find(s)
		c.same("window", c.names(res, false), strings.Join(strings.Fields(tc.want)[1:3], " "))
		c.same("total", res.Total, 5)
		s.Offset = 5
		c.same("beyond", c.names(c.find(s), false), "")
	}
}

func searchVisible(c *check) {
	c.put(c.thing("a", "name", "w", "audience", "one"), c.thing("b", "name", "w", "audience", "two words, \"quoted\" (a OR b) é"),
		c.thing("d", "name", "w"), c.thing("e", "name", "w", "audience", "One"), c.thing("f", "name", "other", "audience", "one"))
	for i, tc := range []struct {
		v    graph.Visible
		want string
	}{
		{graph.Visible{Audiences: []string{"one"}}, "a"}, {graph.Visible{Audiences: []string{"two words, \"quoted\" (a OR b) é"}}, "b"},
		{graph.Visible{Audiences: []string{"two"}}, ""}, {graph.Visible{}, ""}, {graph.Visible{IDs: c.ids("d", "f", "none")}, "d"},
		{graph.Visible{Audiences: []string{"One", "one", "absent"}, IDs: c.ids("d", "a")}, "a d e"}, {graph.Visible{Audiences: []string{""}}, ""},
	} {
		res := c.find(graph.Search{Text: "w", Visible: &tc.v, Facets: []graph.Facet{{Prop: "kind"}}})
		c.same(fmt.Sprint("viewer ", i), c.names(res, true), tc.want)
		counted := 0
		for _, b := range res.Facets["kind"] {
			counted += b.Count
		}
		c.same("counts", []int{res.Total, counted}, []int{len(res.Hits), len(res.Hits)})
		browsed := c.find(graph.Search{Visible: &tc.v, Among: c.ids("a", "b", "d", "e")})
		c.same(fmt.Sprint("browsing viewer ", i), c.names(browsed, true), tc.want)
	}
}

func searchChanges(c *check) {
	c.put(c.thing("a", "name", "first", "note", "stays", "audience", "x", "state", "s1"))
	seen := graph.Search{Text: "second", Visible: &graph.Visible{Audiences: []string{"y"}}, Where: []graph.Filter{{Prop: "state", Values: []any{"s2"}}}}
	c.same("not yet", c.find(seen).Total, 0)
	c.put(c.thing("a", "name", "second", "audience", "y", "state", "s2"))
	c.same("now", c.find(seen).Total, 1)
	c.same("no more", c.find(graph.Search{Text: "first"}).Total, 0)
	c.same("still", c.find(graph.Search{Text: "stays second"}).Total, 1)
	c.put(c.thing("a", "name", nil))
	c.same("gone", c.find(graph.Search{Text: "second"}).Total, 0)
	c.update(func(tx graph.Tx) error { return tx.Delete(c.ctx, c.id("a")) })
	c.same("deleted", c.find(graph.Search{Text: "stays"}).Total, 0)
	c.fails(c.try(func(tx graph.Tx) error {
		if _, err := tx.Put(c.ctx, c.thing("b", "name", "rolled")); err != nil {
			return err
		}
		return errs.E(errs.Forbidden, "no")
	}), errs.Forbidden)
	c.same("rolled back", c.find(graph.Search{Text: "rolled"}).Total, 0)
}

func searchKinds(c *check) {
	place := graph.Node{ID: graph.ID("pl_" + c.group), Kind: Place, Props: graph.Props{"grp": c.group, "name": "word", "note": "hidden"}}
	paper := graph.Node{ID: graph.ID("pa_" + c.group), Kind: Paper, Props: graph.Props{"grp": c.group, "name": "word"}}
	c.put(c.thing("a", "name", "word"), graph.NodeWrite{Node: place}, graph.NodeWrite{Node: paper})
	place.Props = graph.Props{"state": "undeclared"}
	c.put(graph.NodeWrite{Node: place})
	undeclared := []graph.Filter{{Prop: "state", Values: []any{"undeclared"}}}
	c.same("an undeclared property", c.find(graph.Search{Where: undeclared}).Total, 0)
	missing := []graph.Filter{{Prop: "state", Op: graph.Missing}}
	c.same("counts as missing", c.find(graph.Search{Where: missing}).Total, 2)
	for _, tc := range []struct {
		text  string
		kinds []graph.Kind
		want  int
	}{
		{"word", nil, 2}, {"word", []graph.Kind{Place}, 1}, {"word", []graph.Kind{Thing}, 1}, {"word", []graph.Kind{Thing, Place, Thing}, 2},
		{"hidden", nil, 0}, {"", nil, 2}, {"", []graph.Kind{Place}, 1},
	} {
		c.same(fmt.Sprint(tc.text, tc.kinds), c.find(graph.Search{Text: tc.text, Kinds: tc.kinds}).Total, tc.want)
	}
}

func searchUndeclared(c *check) {
	for i, s := range []graph.Search{
		{Kinds: []graph.Kind{Paper}}, {Kinds: []graph.Kind{"Nothing"}}, {Sort: "weight"}, {Facets: []graph.Facet{{Prop: "name"}}},
		{Facets: []graph.Facet{{Rel: "NOTHING"}}}, {Facets: []graph.Facet{{Prop: "state"}, {Prop: "state"}}}, {Facets: []graph.Facet{{}}},
		{Where: []graph.Filter{{Prop: "note", Values: []any{"x"}}}}, {Kinds: []graph.Kind{Place}, Where: []graph.Filter{{Prop: "state", Values: []any{"x"}}}},
		{Offset: -1}, {Limit: -1}, {Text: "\xff"}, {Near: []graph.Near{{Rel: Feeds}}},
		{Where: []graph.Filter{{Prop: "rank", Values: []any{1}}}}, {Where: []graph.Filter{{Prop: "rank", Op: 9, Values: []any{int64(1)}}}},
	} {
		if _, err := c.store.Search(c.ctx, s); !errs.Is(err, errs.Invalid) {
			c.Errorf("case %d: error %v, want invalid", i, err)
		}
	}
}

func searchCapped(c *check) {
	for _, n := range []int{graph.MaxHits, 1} {
		ws := make([]graph.NodeWrite, n)
		for i := range ws {
			ws[i] = c.thing(fmt.Sprintf("%d.%d", n, i), "name", "many")
		}
		c.put(ws...)
		for _, text := range []string{"many", ""} {
			res := c.find(graph.Search{Text: text, Limit: 3, Facets: []graph.Facet{{Prop: "kind"}}})
			c.same(fmt.Sprintf("%q", text), fmt.Sprint(res.Total, res.Capped, len(res.Hits)), fmt.Sprint(graph.MaxHits, n == 1, 3))
			counted := res.Facets["kind"][0].Count // beyond the limit a lower bound
			if counted > graph.MaxHits+1 || counted < 1 || !res.Capped && counted != graph.MaxHits {
				c.Fatalf("the facet counts %d of %d", counted, res.Total)
			}
		}
		last := c.find(graph.Search{Text: "many", Offset: graph.MaxWindow - 3, Limit: 3})
		c.same("end of the window", len(last.Hits), 3)
	}
}
