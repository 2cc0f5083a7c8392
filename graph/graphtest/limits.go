package graphtest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

func limitCases() []testCase {
	return []testCase{
		{"ids, keys and names", limitNames},
		{"properties", limitProps},
		{"merged properties", limitMerged},
		{"batches", limitBatches},
		{"lists", limitLists},
		{"searches", limitSearches},
		{"walks", limitWalks},
	}
}

// limit wants success at n and TooLarge at n+1.
func (c *check) limit(what string, n int, do func(n int) error) {
	c.Helper()
	if err := do(n); err != nil {
		c.Errorf("%s: %d: error %v, want none", what, n, err)
	}
	if err := do(n + 1); !errs.Is(err, errs.TooLarge) {
		c.Errorf("%s: %d: error %v, want too_large", what, n+1, err)
	}
}

func limitNames(c *check) {
	c.things("a", "b")
	c.limit("id", graph.MaxIDLen, func(n int) error {
		w := c.thing("a")
		w.Node.ID += graph.ID(strings.Repeat("x", n-len(w.Node.ID)))
		_, err := c.tryPut(w)
		return err
	})
	c.limit("edge key", graph.MaxKeyLen, func(n int) error {
		e := c.edge("a", "b", day(1))
		e.Key = strings.Repeat("k", n)
		return c.try(func(tx graph.Tx) error { return tx.Link(c.ctx, e) })
	})
	c.limit("lock key", graph.MaxKeyLen, func(n int) error {
		return c.try(func(tx graph.Tx) error { return tx.Lock(c.ctx, strings.Repeat("k", n)) })
	})
	c.limit("update id", graph.MaxKeyLen, func(n int) error {
		id := c.group + strings.Repeat("k", n-len(c.group))
		return c.store.Update(c.ctx, id, func(context.Context, graph.Tx) error { return nil })
	})
	for n, want := range map[int]bool{graph.MaxNameLen: true, graph.MaxNameLen + 1: false} {
		_, err := c.tryPut(c.thing("a", strings.Repeat("p", n), "v"))
		c.same(fmt.Sprint("property name of ", n), err == nil, want)
		err = c.try(func(tx graph.Tx) error {
			_, err := tx.Append(c.ctx, c.group+strings.Repeat("s", n-len(c.group)), c.thing(fmt.Sprint("s", n)))
			return err
		})
		c.same(fmt.Sprint("sequence name of ", n), err == nil, want)
	}
	for _, prop := range []string{"code", "audience"} {
		c.limit(prop, graph.MaxSortBytes, func(n int) error {
			_, err := c.tryPut(c.thing("a", prop, strings.Repeat("c", n)))
			return err
		})
	}
}

func limitProps(c *check) {
	c.limit("thing", graph.MaxProps, func(n int) error {
		w := graph.Node{ID: c.id(fmt.Sprint(n)), Kind: Thing, Props: graph.Props{"name": ""}}
		w.Props["name"] = strings.Repeat("n", n-w.Props.Size())
		nodes, err := c.tryPut(graph.NodeWrite{Node: w})
		if err == nil {
			c.same("kept", nodes[0].Props, w.Props)
		}
		return err
	})
	c.limit("paper", PaperSize, func(n int) error {
		id := graph.ID("pa_" + c.group)
		body := []byte(strings.Repeat("0123456789abcdef", n/16+1))[:n-len("body")]
		_, err := c.tryPut(graph.NodeWrite{Node: graph.Node{ID: id, Kind: Paper, Props: graph.Props{"body": body}}})
		if err == nil {
			c.same("length", len(c.get(id).Props["body"].([]byte)), len(body))
		}
		return err
	})
	c.things("a", "b")
	c.limit("edge", graph.MaxProps, func(n int) error {
		e := c.edge("a", "b", day(1))
		e.Props = graph.Props{"p": strings.Repeat("x", n-1)}
		return c.try(func(tx graph.Tx) error { return tx.Link(c.ctx, e) })
	})
}

func limitMerged(c *check) {
	half := strings.Repeat("x", graph.MaxProps/2)
	c.put(c.thing("a", "note", half), c.thing("b"))
	_, err := c.tryPut(c.thing("a", "name", half))
	c.fails(err, errs.TooLarge)
	c.put(c.thing("a", "name", half, "note", nil, "grp", nil))
	e := c.edge("a", "b", day(1))
	e.Props = graph.Props{"p": half}
	c.link(e)
	e.Props = graph.Props{"q": half}
	c.fails(c.try(func(tx graph.Tx) error { return tx.Link(c.ctx, e) }), errs.TooLarge)
	e.Props = graph.Props{"p": nil, "q": half}
	c.link(e)
	c.same("replaced", c.all(c.id("a"), graph.Out)[0].Props, graph.Props{"q": half})
}

// numbered are n ids that don't have to exist.
func (c *check) numbered(n int) []graph.ID {
	out := make([]graph.ID, n)
	for i := range out {
		out[i] = c.id(fmt.Sprint(i))
	}
	return out
}

func limitBatches(c *check) {
	c.limit("put", graph.MaxBatch, func(n int) error {
		ws := make([]graph.NodeWrite, n)
		for i := range ws {
			ws[i] = c.thing(fmt.Sprint(i))
		}
		_, err := c.tryPut(ws...)
		return err
	})
	c.limit("nodes", graph.MaxBatch, func(n int) error {
		nodes, err := c.store.Nodes(c.ctx, c.numbered(n)...)
		if err == nil {
			c.same("found", len(nodes), n)
		}
		return err
	})
	c.limit("link", graph.MaxBatch, func(n int) error {
		es := make([]graph.Edge, n)
		for i := range es {
			es[i] = c.edge(fmt.Sprint(i/100), fmt.Sprint(i%100), day(1))
		}
		return c.try(func(tx graph.Tx) error { return tx.Link(c.ctx, es...) })
	})
	c.limit("edges", graph.MaxBatch, func(n int) error {
		page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.numbered(n), Limit: 200})
		if err == nil {
			c.same("found", len(page.Edges), graph.MaxBatch)
		}
		return err
	})
	c.limit("edges of one", graph.MaxBatch, func(n int) error {
		_, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("1"), Limit: n})
		return err
	})
	c.limit("degrees", graph.MaxBatch, func(n int) error {
		_, err := c.store.Degrees(c.ctx, c.numbered(n), nil, time.Time{})
		return err
	})
	c.limit("unlink", graph.MaxBatch, func(n int) error {
		es := make([]graph.Edge, n)
		for i := range es {
			es[i] = c.edge(fmt.Sprint(i/100), fmt.Sprint(i%100), day(1))
		}
		return c.try(func(tx graph.Tx) error { return tx.Unlink(c.ctx, day(2), es...) })
	})
	c.limit("locks", graph.MaxLocks, func(n int) error {
		keys := make([]string, n)
		for i := range keys {
			keys[i] = fmt.Sprint(c.group, i)
		}
		return c.try(func(tx graph.Tx) error { return tx.Lock(c.ctx, keys...) })
	})
	c.limit("delete", graph.MaxBatch, func(n int) error {
		return c.try(func(tx graph.Tx) error { return tx.Delete(c.ctx, c.numbered(n)...) })
	})
	c.limit("append", graph.MaxBatch, func(n int) error {
		ws := make([]graph.NodeWrite, n)
		for i := range ws {
			ws[i] = c.thing(fmt.Sprint(i))
		}
		return c.try(func(tx graph.Tx) error {
			_, err := tx.Append(c.ctx, "seq_"+c.group, ws...)
			return err
		})
	})
}

// filters are n conditions on one property, of which Missing is none.
func filters(n int, prop string) []graph.Filter {
	out := make([]graph.Filter, n)
	for i := range out {
		out[i] = graph.Filter{Prop: prop, Op: graph.Missing}
	}
	return out
}

func (c *check) nears(n int) []graph.Near {
	out := make([]graph.Near, n)
	for i := range out {
		out[i] = graph.Near{Rel: Feeds, To: c.ids("a")}
	}
	return out
}

func limitLists(c *check) {
	c.things("a")
	list := func(change func(q *graph.Query, n int)) func(n int) error {
		return func(n int) error {
			q := graph.Query{Kind: Thing, Where: c.mine(), Sort: "name", Limit: 10}
			change(&q, n)
			_, err := c.store.List(c.ctx, q)
			return err
		}
	}
	c.limit("page", graph.MaxPage, list(func(q *graph.Query, n int) { q.Limit = n }))
	c.limit("filters", graph.MaxFilters, list(func(q *graph.Query, n int) { q.Near = c.nears(n - 1) }))
	c.limit("ids of a near", graph.MaxValues, list(func(q *graph.Query, n int) {
		q.Near = []graph.Near{{Rel: Feeds, To: c.numbered(n)}}
	}))
	c.limit("filter value", graph.MaxSortBytes, list(func(q *graph.Query, n int) { q.Where[0].Values = []any{strings.Repeat("v", n)} }))
	c.limit("audiences", graph.MaxAudiences, list(func(q *graph.Query, n int) { q.Visible = &graph.Visible{Audiences: c.words(n)} }))
	c.limit("visible ids", graph.MaxVisibleIDs, list(func(q *graph.Query, n int) { q.Visible = &graph.Visible{IDs: c.numbered(n)} }))
	c.limit("both", 1, list(func(q *graph.Query, n int) {
		q.Visible = &graph.Visible{Audiences: c.words(graph.MaxAudiences - 1 + n), IDs: c.numbered(graph.MaxVisibleIDs)}
	}))
}

func (c *check) words(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("w%c%c", 'a'+rune(i/26), 'a'+rune(i%26))
	}
	return out
}

func limitSearches(c *check) {
	c.things("a")
	search := func(change func(s *graph.Search, n int)) func(n int) error {
		return func(n int) error {
			s := graph.Search{Text: "a", Limit: 10}
			change(&s, n)
			_, err := c.store.Search(c.ctx, s)
			return err
		}
	}
	c.limit("text", graph.MaxText, search(func(s *graph.Search, n int) { s.Text = strings.Repeat("t", n) }))
	c.limit("words", graph.MaxWords, search(func(s *graph.Search, n int) { s.Text, s.Prefix = strings.Join(c.words(n), " "), true }))
	c.limit("page", graph.MaxPage, search(func(s *graph.Search, n int) { s.Limit = n }))
	c.limit("window", graph.MaxWindow, search(func(s *graph.Search, n int) { s.Offset = n - s.Limit }))
	c.limit("filters", graph.MaxFilters, search(func(s *graph.Search, n int) { s.Where, s.Near = filters(n-2, "state"), c.nears(2) }))
	c.limit("values", graph.MaxValues, search(func(s *graph.Search, n int) {
		s.Where = []graph.Filter{{Prop: "rank"}}
		for i := range n {
			s.Where[0].Values = append(s.Where[0].Values, int64(i))
		}
	}))
	c.limit("among", graph.MaxBatch, search(func(s *graph.Search, n int) { s.Among = c.numbered(n) }))
	c.limit("audiences", graph.MaxAudiences, search(func(s *graph.Search, n int) { s.Visible = &graph.Visible{Audiences: c.words(n)} }))
	c.limit("visible ids", graph.MaxVisibleIDs, search(func(s *graph.Search, n int) {
		s.Visible = &graph.Visible{Audiences: c.words(graph.MaxAudiences), IDs: c.numbered(n)}
	}))
	var ws []graph.NodeWrite
	for i := range graph.MaxBuckets + 5 {
		ws = append(ws, c.thing(fmt.Sprintf("%03d", i), "state", fmt.Sprintf("%03d", i), "name", "bucket"))
	}
	c.put(ws...)
	res := c.find(graph.Search{Text: "bucket", Facets: []graph.Facet{{Prop: "state"}}})
	for i, h := range res.Hits {
		c.same("equal scores go by id", h.Node.ID, c.id(fmt.Sprintf("%03d", i)))
	}
	buckets := res.Facets["state"]
	c.same("buckets", fmt.Sprint(len(buckets), buckets[0], buckets[graph.MaxBuckets-1]), fmt.Sprint(graph.MaxBuckets, " {000 1} {099 1}"))
}

func limitWalks(c *check) {
	names := make([]string, graph.MaxDepth+3)
	for i := range names {
		names[i] = fmt.Sprintf("%03d", i)
	}
	c.things(names...)
	c.chain(names...)
	walk := func(change func(w *graph.Walk, n int)) func(n int) error {
		return func(n int) error {
			w := graph.Walk{From: c.ids("000"), Depth: 1, Max: 10}
			change(&w, n)
			_, err := c.store.Traverse(c.ctx, w)
			return err
		}
	}
	c.limit("depth", graph.MaxDepth, walk(func(w *graph.Walk, n int) { w.Depth = n }))
	c.limit("nodes", graph.MaxNodes, walk(func(w *graph.Walk, n int) { w.Max = n }))
	c.limit("from", graph.MaxBatch, walk(func(w *graph.Walk, n int) { w.From = c.numbered(n) }))
	c.limit("filters", graph.MaxFilters, walk(func(w *graph.Walk, n int) {
		w.Keep = &graph.Keep{Where: filters(n, "state")}
	}))
	c.limit("audiences", graph.MaxAudiences, walk(func(w *graph.Walk, n int) {
		w.Keep = &graph.Keep{Visible: &graph.Visible{Audiences: c.words(n), IDs: c.numbered(graph.MaxVisibleIDs)}}
	}))
	c.limit("paths", graph.MaxPaths, func(n int) error {
		_, err := c.store.Path(c.ctx, c.id("000"), c.id("003"), graph.Walk{Depth: 9, Paths: n})
		return err
	})
	deep := c.walk(graph.Walk{From: c.ids("000"), Depth: graph.MaxDepth})
	c.same("deepest", deep.Nodes[len(deep.Nodes)-1].Depth, graph.MaxDepth)
	c.same("reached", len(deep.Nodes), graph.MaxDepth+1)
	c.same("path", len(c.routes("000", "100", graph.Walk{Depth: graph.MaxDepth})) > 0, true)
	c.same("beyond", c.routes("000", "101", graph.Walk{Depth: graph.MaxDepth}), "")
	for _, w := range []graph.Walk{{From: c.ids("000"), Max: 1}, {From: c.ids("000"), Depth: 1}, {From: c.ids("000"), Depth: 1, Max: -1},
		{From: c.ids("000"), Depth: 1, Max: 1, Dir: 2}, {From: c.ids("000"), Depth: 1, Max: 1, Rels: []graph.Rel{"NOTHING"}},
		{From: c.ids("000"), Depth: 1, Max: 1, Keep: &graph.Keep{Kinds: []graph.Kind{"Nothing"}}},
		{From: c.ids("000"), Depth: 1, Max: 1, Fields: []string{"not a name"}}, {From: []graph.ID{"not an id"}, Depth: 1, Max: 1}} {
		if _, err := c.store.Traverse(c.ctx, w); !errs.Is(err, errs.Invalid) {
			c.Errorf("%+v: error %v, want invalid", w, err)
		}
	}
}
