package graphtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

func listCases() []testCase {
	return []testCase{
		{"order of every type, missing values last", listOrder},
		{"strings sort bytewise, cut at a limit", listBytewise},
		{"ranges on the sorted property", listRanges},
		{"filters and near", listFilters},
		{"no gaps and no repeats while nodes come and go", listWhileWriting},
		{"a cursor belongs to its question", listForeignCursor},
		{"only declared lists", listUndeclared},
		{"viewers who see little, half and all", listVisible},
		{"a changed node moves", listMoves},
	}
}

// pages reads a list to its end and returns the ids.
func (c *check) pages(q graph.Query) []graph.ID {
	c.Helper()
	var out []graph.ID
	for range 10_000 {
		page, err := c.store.List(c.ctx, q)
		c.ok(err)
		if len(page.Nodes) > q.Limit || (page.Next != "" && len(page.Nodes) < q.Limit) {
			c.Fatalf("a page of %d nodes with limit %d, next %t", len(page.Nodes), q.Limit, page.Next != "")
		}
		out = append(out, idsOf(page.Nodes)...)
		if page.Next == "" {
			return out
		}
		q.After = page.Next
	}
	c.Fatal("the list never ends")
	return nil
}

// inBothWays wants a list's order forward and backward, in pages of any size.
func (c *check) inBothWays(q graph.Query, up, down []graph.ID) {
	c.Helper()
	for _, limit := range []int{1, 2, 3, 5, 100} {
		q.Limit, q.Desc = limit, false
		c.same(fmt.Sprintf("%s up by %d", q.Sort, limit), c.pages(q), up)
		q.Desc = true
		c.same(fmt.Sprintf("%s down by %d", q.Sort, limit), c.pages(q), down)
	}
}

func listOrder(c *check) {
	c.put(
		c.thing("a", "rank", int64(-5), "weight", -2.5, "due", day(3), "done", false),
		c.thing("b", "rank", int64(10), "weight", 1e300, "due", day(-900_000+200_000), "done", true),
		c.thing("d", "rank", int64(2), "weight", 0.25, "due", day(3), "done", true),
		c.thing("e"), c.thing("f"),
		c.thing("g", "rank", int64(2), "weight", -1e-300, "due", day(3).Add(time.Microsecond), "done", false),
		c.thing("h", "rank", int64(-1<<63), "weight", 10.0, "due", graph.MinTime, "done", false),
		c.thing("i", "rank", int64(1<<63-1), "weight", 2.0, "due", graph.MaxTime, "done", true),
	)
	for _, tc := range []struct{ sort, up, down string }{
		{"rank", "hadgbief", "ibgdahfe"},
		{"weight", "agdihbef", "bhidgafe"},
		{"due", "hbadgief", "igdabhfe"},
		{"done", "aghbdief", "idbhgafe"},
		{"", "abdefghi", "ihgfedba"},
	} {
		q := graph.Query{Kind: Thing, Where: c.mine(), Sort: tc.sort}
		c.inBothWays(q, c.ids(strings.Split(tc.up, "")...), c.ids(strings.Split(tc.down, "")...))
	}
}

func listBytewise(c *check) {
	long := strings.Repeat("x", graph.MaxSortBytes)
	names := []string{"", "\x00", "\x00\x01", " ", "A", "B", "Z", "a", "a\x00", "a\x00b", "a b", "aa", "b", "z", "é", "日本", "\uFFFD", "😀", "😀a"}
	up := []graph.ID{}
	var ws []graph.NodeWrite
	for i, name := range names {
		ws = append(ws, c.thing(fmt.Sprintf("%02d", i), "name", name))
		up = append(up, c.id(fmt.Sprintf("%02d", i)))
	}
	slices.Reverse(ws)
	c.put(ws...)
	down := slices.Clone(up)
	slices.Reverse(down)
	q := graph.Query{Kind: Thing, Where: c.mine(), Sort: "name"}
	c.inBothWays(q, up, down)

	sub := *c
	sub.group += "cut"
	sub.put(sub.thing("a", "name", long+"z"), sub.thing("b", "name", long+"a"), sub.thing("d", "name", long),
		sub.thing("e", "name", long[1:]+"é"), sub.thing("f", "name", long[1:]+"ä"), sub.thing("g", "name", long[1:]))
	q.Where = sub.mine()
	sub.inBothWays(q, sub.ids("e", "f", "g", "a", "b", "d"), sub.ids("d", "b", "a", "g", "f", "e"))
}

func listRanges(c *check) {
	for i := range 10 {
		c.put(c.thing(fmt.Sprint(i), "rank", int64(i), "name", fmt.Sprintf("n%d", i), "due", day(i)))
	}
	c.put(c.thing("none"))
	for _, tc := range []struct {
		sort       string
		from, till any
		want       string
	}{
		{"rank", int64(3), int64(6), "345"}, {"rank", nil, int64(2), "01"}, {"rank", int64(8), nil, "89"},
		{"rank", int64(6), int64(3), ""}, {"name", "n3", "n5", "34"}, {"name", "n", "n1", "0"}, {"name", "n95", nil, ""},
		{"due", day(2), day(4), "23"},
	} {
		where := c.mine()
		if tc.from != nil {
			where = append(where, graph.Filter{Prop: tc.sort, Op: graph.More, Values: []any{tc.from}})
		}
		if tc.till != nil {
			where = append(where, graph.Filter{Prop: tc.sort, Op: graph.Less, Values: []any{tc.till}})
		}
		up := c.ids(strings.Split(tc.want, "")...)
		down := slices.Clone(up)
		slices.Reverse(down)
		c.inBothWays(graph.Query{Kind: Thing, Where: where, Sort: tc.sort}, up, down)
	}
}

func listFilters(c *check) {
	c.put(c.thing("a", "state", "new", "name", "2"), c.thing("b", "state", "new", "name", "1"),
		c.thing("d", "state", "New", "name", "0"), c.thing("e", "name", "3"), c.thing("f", "state", "", "name", "4"))
	c.link(c.edge("a", "e", day(1)), c.edge("d", "b", day(1)), c.edge("a", "b", day(1)))
	c.link(graph.Edge{From: c.id("e"), To: c.id("d"), Rel: Feeds, Valid: span(1, 2)})
	state := func(op graph.Op, values ...any) []graph.Filter {
		return append(c.mine(), graph.Filter{Prop: "state", Op: op, Values: values})
	}
	near := func(dir graph.Dir, names ...string) []graph.Near {
		return []graph.Near{{Rel: Feeds, Dir: dir, To: c.ids(names...)}}
	}
	for i, tc := range []struct {
		where []graph.Filter
		near  []graph.Near
		want  string
	}{
		{state(graph.OneOf, "new"), nil, "ba"}, {state(graph.OneOf, ""), nil, "f"}, {state(graph.Missing), nil, "e"},
		{state(graph.OneOf, "ne"), nil, ""}, {c.mine(), nil, "dbaef"}, {c.mine(), near(graph.Out, "e", "b"), "da"},
		{c.mine(), near(graph.In, "a"), "be"}, {c.mine(), near(graph.In, "e"), ""},
		{c.mine(), append(near(graph.In, "a"), near(graph.In, "d")...), "b"},
		{state(graph.OneOf, "new"), near(graph.In, "none", "a"), "b"},
	} {
		q := graph.Query{Kind: Thing, Where: tc.where, Near: tc.near, Sort: "name", Limit: 2}
		c.same(fmt.Sprint("case ", i), c.pages(q), c.ids(strings.Split(tc.want, "")...))
	}
}

func listWhileWriting(c *check) {
	for i := range 30 {
		c.put(c.thing(fmt.Sprintf("%02d", i), "rank", int64(i/4*10)))
	}
	seen := map[graph.ID]int{}
	q := graph.Query{Kind: Thing, Where: c.mine(), Sort: "rank", Limit: 4}
	for i := range 100 {
		page, err := c.store.List(c.ctx, q)
		c.ok(err)
		for _, n := range page.Nodes {
			seen[n.ID]++
		}
		if page.Next == "" {
			break
		}
		last := page.Nodes[len(page.Nodes)-1]
		if i < 5 { // before, at and after the cursor; and the node of the cursor itself goes
			rank := last.Props["rank"].(int64)
			c.put(c.thing(fmt.Sprintf("new%da", i), "rank", rank-5), c.thing(fmt.Sprintf("0new%db", i), "rank", rank),
				c.thing(fmt.Sprintf("new%dc", i), "rank", rank+5))
			c.update(func(tx graph.Tx) error { return tx.Delete(c.ctx, last.ID) })
		}
		q.After = page.Next
	}
	for i := range 30 {
		if n := seen[c.id(fmt.Sprintf("%02d", i))]; n != 1 {
			c.Fatalf("%02d was seen %d times", i, n)
		}
	}
	for id, n := range seen {
		if n != 1 {
			c.Fatalf("%s was seen %d times", id, n)
		}
	}
}

func listForeignCursor(c *check) {
	c.put(c.thing("a", "name", "a"), c.thing("b", "name", "b"))
	q := graph.Query{Kind: Thing, Where: c.mine(), Sort: "name", Limit: 1}
	page, err := c.store.List(c.ctx, q)
	c.ok(err)
	if page.Next == "" {
		c.Fatal("no next page")
	}
	q.After = page.Next
	desc, sorted, filtered, broken := q, q, q, q
	desc.Desc = true
	sorted.Sort = "rank"
	filtered.Where = []graph.Filter{{Prop: "grp", Values: []any{"another"}}}
	broken.After = page.Next + "A"
	for _, q := range []graph.Query{desc, sorted, filtered, broken} {
		_, err := c.store.List(c.ctx, q)
		c.fails(err, errs.Invalid)
	}
	q.Limit = 100 // the size of a page may change
	c.same("the rest", c.pages(q), c.ids("b"))
}

func listUndeclared(c *check) {
	for i, q := range []graph.Query{
		{Kind: "Nothing", Limit: 1}, {Kind: Thing, Sort: "note", Limit: 1}, {Kind: Place, Limit: 1},
		{Kind: Thing, Where: []graph.Filter{{Prop: "state", Values: []any{"x"}}}, Limit: 1},
		{Kind: Thing, Where: []graph.Filter{{Prop: "grp", Values: []any{"x", "y"}}}, Limit: 1},
		{Kind: Thing, Where: append(c.mine(), graph.Filter{Prop: "rank", Op: graph.Less, Values: []any{int64(1)}}), Sort: "name", Limit: 1},
		{Kind: Thing, Sort: "name"}, {Kind: Thing, Limit: -1},
		{Kind: Thing, Limit: 1, Near: []graph.Near{{Rel: "NOTHING", To: c.ids("a")}}},
	} {
		_, err := c.store.List(c.ctx, q)
		if !errs.Is(err, errs.Invalid) {
			c.Errorf("case %d: error %v, want invalid", i, err)
		}
	}
}

func listVisible(c *check) {
	var ws []graph.NodeWrite
	for i := range 1000 {
		audience := "half"
		switch {
		case i == 500:
			audience = "one"
		case i%2 == 1:
			audience = "rest"
		}
		ws = append(ws, c.thing(fmt.Sprintf("%03d", i), "name", fmt.Sprintf("%03d", (i*7)%1000), "audience", audience))
	}
	ws = append(ws, c.thing("none", "name", "050x"))
	c.put(ws...)
	full := graph.Query{Kind: Thing, Where: c.mine(), Sort: "name", Limit: 1000}
	everything, err := c.store.List(c.ctx, full)
	c.ok(err)
	for i, v := range []graph.Visible{
		{Audiences: []string{"one"}}, {Audiences: []string{"half"}}, {Audiences: []string{"half", "one", "rest", "absent"}},
		{IDs: c.ids("007", "none", "900")}, {Audiences: []string{"one", "rest"}, IDs: c.ids("000", "500", "501", "none", "gone")},
		{}, {Audiences: []string{"absent"}, IDs: c.ids("gone")}, {Audiences: []string{""}},
	} {
		var want []graph.ID
		for _, n := range append(everything.Nodes, c.rest(full, everything.Next)...) {
			if visible(n, &v) {
				want = append(want, n.ID)
			}
		}
		q := full
		q.Visible = &v
		for _, limit := range []int{7, 1000} {
			q.Limit, q.Desc = limit, false
			c.same(fmt.Sprint("viewer ", i), c.pages(q), want)
		}
		q.Desc = true
		down := slices.Clone(want)
		slices.Reverse(down)
		c.same(fmt.Sprint("viewer backwards ", i), c.pages(q), down)
	}
}

// rest reads on after a cursor.
func (c *check) rest(q graph.Query, after string) []graph.Node {
	c.Helper()
	if after == "" {
		return nil
	}
	q.After = after
	page, err := c.store.List(c.ctx, q)
	c.ok(err)
	return page.Nodes
}

func listMoves(c *check) {
	c.put(c.thing("a", "name", "1", "audience", "x"), c.thing("b", "name", "2", "audience", "x"), c.thing("d", "name", "3", "audience", "y"))
	q := graph.Query{Kind: Thing, Where: c.mine(), Sort: "name", Limit: 10}
	c.put(c.thing("a", "name", "9"), c.thing("b", "audience", "y"), c.thing("d", "grp", "elsewhere"+c.group))
	c.same("by name", c.pages(q), c.ids("b", "a"))
	q.Visible = &graph.Visible{Audiences: []string{"y"}}
	c.same("seen", c.pages(q), c.ids("b"))
	c.put(c.thing("a", "name", nil, "audience", nil), c.thing("d"))
	c.same("seen again", c.pages(q), c.ids("b", "d"))
	c.update(func(tx graph.Tx) error { return tx.Delete(c.ctx, c.id("b")) })
	q.Visible = nil
	c.same("in the end", c.pages(q), c.ids("d", "a"))
}
