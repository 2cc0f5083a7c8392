package graphtest

import (
	"fmt"
	"math"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

func fidelityCases() []testCase {
	return []testCase{
		{"values come back as they were", fidelityValues},
		{"values of edges too", fidelityEdges},
		{"times are UTC with microseconds", fidelityTimes},
		{"ids and keys", fidelityIDs},
		{"names of properties", fidelityNames},
		{"what is empty is not missing", fidelityEmpty},
		{"a changed type", fidelityTypes},
		{"what can't be kept", fidelityRefused},
		{"answers are the caller's own", fidelityOwn},
	}
}

// values has every type at its borders.
func values() graph.Props {
	return graph.Props{
		"s0": "", "s1": "plain", "s2": "Ünïcödé 日本 😀 \U0010FFFF", "s3": "nul\x00 tab\t line\r\n quote'\"`\\ $ {}", "s4": strings.Repeat("long ", 800),
		"s5": "e\u0301 stays apart from é", "s6": "2024-01-01T00:00:00Z", "s7": "42", "s8": "true", "s9": "null",
		"yes": true, "no": false,
		"i0": int64(0), "i1": int64(math.MaxInt64), "i2": int64(math.MinInt64), "i3": int64(1) << 53,
		"f0": 0.0, "f1": 1.0, "f2": math.MaxFloat64, "f3": -math.SmallestNonzeroFloat64, "f4": 0.1, "f5": float64(1 << 60),
		"t0": day(1), "t1": graph.MinTime, "t2": graph.MaxTime, "t3": time.UnixMicro(1).UTC(), "t4": time.UnixMicro(-1).UTC(),
		"b0": []byte{}, "b1": []byte{0, 1, 0xFF}, "b2": []byte("text"),
		"l0": []string{}, "l1": []string{""}, "l2": []string{"b", "a", "b", "é,\x00;|"},
	}
}

func fidelityValues(c *check) {
	w := c.thing("a")
	want := values()
	for k, v := range want {
		w.Node.Props[k] = v
	}
	want["grp"] = c.group
	c.same("as put", c.put(w)[0].Props, want)
	c.same("as read", c.get(c.id("a")).Props, want)
	sub := c.walk(graph.Walk{From: c.ids("a"), Depth: 1})
	c.same("as walked", sub.Nodes[0].Node.Props, want)
	page, err := c.store.List(c.ctx, graph.Query{Kind: Thing, Where: c.mine(), Limit: 1})
	c.ok(err)
	c.same("as listed", page.Nodes[0].Props, want)
	c.same("as found", c.find(graph.Search{}).Hits[0].Node.Props, want)
	c.same("unchanged", c.put(w)[0].Version, int64(1))
}

func fidelityEdges(c *check) {
	c.things("a", "b")
	e := c.edge("a", "b", day(1))
	e.Key, e.Props = "k", values()
	c.link(e)
	c.same("as read", c.all(c.id("a"), graph.Out), []graph.Edge{e})
	c.same("as walked", c.walk(graph.Walk{From: c.ids("a"), Depth: 1}).Edges, []graph.Edge{e})
	paths, err := c.store.Path(c.ctx, c.id("a"), c.id("b"), graph.Walk{Depth: 1})
	c.ok(err)
	c.same("as a path", paths, [][]graph.Edge{{e}})
	c.unlink(day(9), e)
	rows := c.all(c.id("a"), graph.In)
	c.same("none in", len(rows), 0)
	for _, row := range c.all(c.id("a"), graph.Out) {
		c.same("of every row", row.Props, e.Props)
	}
}

func fidelityTimes(c *check) {
	zone := time.FixedZone("somewhere", 5*3600+1800)
	given := time.Date(2024, 3, 31, 2, 30, 0, 123456789, zone)
	want := time.Date(2024, 3, 30, 21, 0, 0, 123456000, time.UTC)
	c.put(c.thing("a", "due", given), c.thing("b"))
	c.same("property", c.get(c.id("a")).Props["due"], want)
	e := c.edge("a", "b", given)
	e.Valid.Until = given.Add(time.Microsecond)
	c.link(e)
	row := c.all(c.id("a"), graph.Out)[0]
	c.same("span", showTime(row.Valid.Since)+" "+showTime(row.Valid.Until), showTime(want)+" "+showTime(want.Add(time.Microsecond)))
	c.same("holds", len(c.at("a", given)), 1)
	c.same("no more", len(c.at("a", given.Add(time.Microsecond))), 0)
	n := c.get(c.id("a"))
	for _, t := range []time.Time{n.Created, n.Updated, row.Known.Since} {
		if t.Location() != time.UTC || !t.Equal(graph.Time(t)) || time.Since(t) > time.Hour || time.Since(t) < -time.Minute {
			c.Fatalf("the store's time is %v", t)
		}
	}
	q := graph.Query{Kind: Thing, Where: append(c.mine(), graph.Filter{Prop: "due", Op: graph.More, Values: []any{given}}), Sort: "due", Limit: 9}
	c.same("filtered", c.pages(q), c.ids("a"))
}

func fidelityIDs(c *check) {
	c.things("A", "a", "a'b\"c", "a\\b", "$a{b}", "a`b", "~", "!", "%41")
	for _, name := range []string{"A", "a", "a'b\"c", "a\\b", "$a{b}", "a`b", "~", "!", "%41"} {
		c.same(name, c.get(c.id(name)).Props["name"], name)
	}
	var es []graph.Edge
	for _, key := range []string{"", " ", "A", "a", "a'\"`\\", "é", "日本", "\x00"} {
		e := c.edge("A", "a", day(1))
		e.Key = key
		es = append(es, e)
	}
	c.link(es...)
	c.same("keys", c.all(c.id("A"), graph.Out), []graph.Edge{es[0], es[7], es[1], es[2], es[3], es[4], es[5], es[6]})
	c.same("one end", c.all(c.id("a"), graph.In)[2].Key, " ")
	c.same("order", c.pages(graph.Query{Kind: Thing, Where: c.mine(), Limit: 4}), c.ids("!", "$a{b}", "%41", "A", "a", "a'b\"c", "a\\b", "a`b", "~"))
}

func fidelityNames(c *check) {
	names := []string{"id", "kind", "version", "created", "updated", "_id", "_v", "label", "type", "from", "to", "rel", "key", "since", "until", "known",
		"props", "node", "rowid", "Name", "NAME", "select", "match", "_", "__", "x" + strings.Repeat("_", graph.MaxNameLen-1)}
	w, e := c.thing("a"), c.edge("a", "b", day(1))
	e.Props = graph.Props{}
	for _, name := range names {
		w.Node.Props[name], e.Props[name] = name+" value", name+" value"
	}
	c.put(w, c.thing("b"))
	c.link(e)
	n := c.get(c.id("a"))
	c.same("node", n.Props, w.Node.Props)
	c.same("kind", fmt.Sprint(n.ID, n.Kind, n.Version), fmt.Sprint(c.id("a"), Thing, int64(1)))
	c.same("edge", c.all(c.id("a"), graph.Out), []graph.Edge{e})
}

func fidelityEmpty(c *check) {
	c.put(c.thing("a", "state", "", "name", "", "list", []string{}, "blob", []byte{}), c.thing("b", "list", []string(nil), "blob", []byte(nil)))
	c.same("a", c.get(c.id("a")).Props, graph.Props{"grp": c.group, "state": "", "name": "", "list": []string{}, "blob": []byte{}})
	c.same("b", c.get(c.id("b")).Props, graph.Props{"grp": c.group, "list": []string{}, "blob": []byte{}})
	missing := graph.Search{Where: []graph.Filter{{Prop: "state", Op: graph.Missing}}}
	c.same("missing", c.names(c.find(missing), true), "b")
	empty := graph.Search{Where: []graph.Filter{{Prop: "state", Values: []any{""}}}}
	c.same("empty", c.names(c.find(empty), true), "a")
	bare := graph.Node{ID: c.id("bare"), Kind: Thing}
	c.same("no properties", c.put(graph.NodeWrite{Node: bare})[0].Props, graph.Props{})
	c.same("read", c.get(c.id("bare")).Props, graph.Props{})
}

func fidelityTypes(c *check) {
	for i, v := range []any{"1", int64(1), 1.0, true, "true", day(0), day(0).Format(time.RFC3339), []byte("1"), []string{"1"}, "1"} {
		n := c.put(c.thing("a", "free", v))[0]
		c.same(fmt.Sprint("version with ", i), n.Version, int64(i+1))
		c.same(fmt.Sprint("value ", i), c.get(c.id("a")).Props["free"], v)
	}
}

func fidelityRefused(c *check) {
	for name, v := range map[string]any{
		"int": 1, "int32": int32(1), "uint64": uint64(1), "float32": float32(1), "rune": 'x', "struct": struct{}{}, "map": map[string]any{},
		"any list": []any{"x"}, "NaN": math.NaN(), "Inf": math.Inf(-1), "bytes that are no text": "\xff", "no text in a list": []string{"\xff"},
		"the zero time": time.Time{}, "a time before all": graph.MinTime.Add(-time.Second), "a time after all": graph.MaxTime.Add(time.Second),
		"a pointer": new(string), "a node": graph.Node{},
	} {
		if _, err := c.tryPut(c.thing("a", "free", v)); !errs.Is(err, errs.Invalid) {
			c.Errorf("%s: error %v, want invalid", name, err)
		}
	}
	for prop, v := range map[string]any{"state": []string{"x"}, "name": []byte("x"), "code": int64(1), "audience": true, "not a name": "x", "": "x", "1a": "x"} {
		if _, err := c.tryPut(c.thing("a", prop, v)); !errs.Is(err, errs.Invalid) {
			c.Errorf("%s: error %v, want invalid", prop, err)
		}
	}
	for _, n := range []graph.Node{{ID: c.id("a"), Kind: Place}, {ID: c.id("a"), Kind: "Nothing"}, {ID: "th", Kind: Thing}, {ID: "th_é", Kind: Thing},
		{ID: "th_a b", Kind: Thing}, {ID: "", Kind: Thing}, {ID: "th_\n", Kind: Thing}} {
		if _, err := c.tryPut(graph.NodeWrite{Node: n}); !errs.Is(err, errs.Invalid) {
			c.Errorf("%s: error %v, want invalid", n.ID, err)
		}
	}
	zero := c.put(c.thing("z", "weight", math.Copysign(0, -1)))[0]
	c.same("minus zero is zero", math.Signbit(zero.Props["weight"].(float64)), false)
}

func fidelityOwn(c *check) {
	blob, list := []byte("blob"), []string{"x"}
	w := c.thing("a", "blob", blob, "list", list)
	n := c.put(w)[0]
	blob[0], list[0], w.Node.Props["name"] = '!', "!", "!"
	n.Props["name"] = "!"
	want := graph.Props{"grp": c.group, "blob": []byte("blob"), "list": []string{"x"}}
	got := c.get(c.id("a"))
	c.same("after the caller changed what it gave", got.Props, want)
	got.Props["name"] = "!"
	c.same("after the caller changed what it got", c.get(c.id("a")).Props, want)
}
