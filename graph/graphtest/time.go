package graphtest

import (
	"fmt"
	"time"

	"weir/errs"
	"weir/graph"
)

func timeCases() []testCase {
	return []testCase{
		{"half open spans", timeHalfOpen},
		{"link unites what touches or overlaps", timeUnion},
		{"unlink cuts", timeUnlink},
		{"a link or cut that changes nothing makes no row", timeNoRow},
		{"props of united spans", timeUnitedProps},
		{"unlink then link gives two spans", timeAgain},
		{"what was known", timeKnown},
		{"known within one transaction", timeKnownOnce},
		{"now is now", timeNow},
		{"empty and backward spans", timeInvalid},
	}
}

// span is a span between two days; a negative day is left open.
func span(since, until int) graph.Span {
	var s graph.Span
	if since >= 0 {
		s.Since = day(since)
	}
	if until >= 0 {
		s.Until = day(until)
	}
	return s
}

func (c *check) linkSpans(spans ...graph.Span) {
	c.Helper()
	for _, s := range spans {
		e := c.edge("a", "b", s.Since)
		e.Valid = s
		c.link(e)
	}
}

// spans are the current spans of the edge from a to b, latest first.
func (c *check) spans() []graph.Span {
	c.Helper()
	var out []graph.Span
	for _, e := range c.all(c.id("a"), graph.Out) {
		if e.Known.Until.IsZero() {
			out = append(out, e.Valid)
		}
	}
	return out
}

func timeHalfOpen(c *check) {
	c.things("a", "b")
	c.linkSpans(span(2, 4))
	for _, tc := range []struct {
		at   time.Time
		want int
	}{
		{day(2).Add(-time.Microsecond), 0}, {day(2), 1}, {day(3), 1}, {day(4).Add(-time.Microsecond), 1}, {day(4), 0},
		{time.Time{}, 0}, {graph.MinTime, 0}, {graph.MaxTime, 0},
	} {
		c.same(fmt.Sprint("edges at ", tc.at), len(c.at("a", tc.at)), tc.want)
		sub, err := c.store.Traverse(c.ctx, graph.Walk{From: c.ids("b"), Dir: graph.In, Depth: 3, Max: 9, At: tc.at})
		c.ok(err)
		c.same(fmt.Sprint("walk at ", tc.at), len(sub.Nodes), 1+tc.want)
		paths, err := c.store.Path(c.ctx, c.id("a"), c.id("b"), graph.Walk{Depth: 1, At: tc.at})
		c.ok(err)
		c.same(fmt.Sprint("path at ", tc.at), len(paths), tc.want)
	}
}

func timeUnion(c *check) {
	for i, tc := range []struct{ given, want []graph.Span }{
		{[]graph.Span{span(1, 3), span(3, 5)}, []graph.Span{span(1, 5)}},
		{[]graph.Span{span(3, 5), span(1, 3)}, []graph.Span{span(1, 5)}},
		{[]graph.Span{span(1, 3), span(4, 5)}, []graph.Span{span(4, 5), span(1, 3)}},
		{[]graph.Span{span(1, 3), span(4, 5), span(2, 4)}, []graph.Span{span(1, 5)}},
		{[]graph.Span{span(1, 2), span(3, 4), span(5, 6), span(2, 3)}, []graph.Span{span(5, 6), span(1, 4)}},
		{[]graph.Span{span(2, 3), span(-1, -1)}, []graph.Span{span(-1, -1)}},
		{[]graph.Span{span(2, 3), span(5, -1), span(1, 5)}, []graph.Span{span(1, -1)}},
		{[]graph.Span{span(-1, 3), span(2, 6)}, []graph.Span{span(-1, 6)}},
		{[]graph.Span{span(2, 6), span(-1, 3)}, []graph.Span{span(-1, 6)}},
		{[]graph.Span{span(1, 9), span(1, 9)}, []graph.Span{span(1, 9)}},
		{[]graph.Span{span(1, 9), span(2, 3)}, []graph.Span{span(1, 9)}},
		{[]graph.Span{span(1, 9), span(1, -1)}, []graph.Span{span(1, -1)}},
	} {
		sub := *c
		sub.group = fmt.Sprintf("%su%dx", c.group, i)
		sub.things("a", "b")
		sub.linkSpans(tc.given...)
		sub.same(fmt.Sprint(tc.given), sub.spans(), tc.want)
		batch := *c
		batch.group = fmt.Sprintf("%sb%dx", c.group, i)
		batch.things("a", "b")
		var es []graph.Edge
		for _, s := range tc.given {
			e := batch.edge("a", "b", s.Since)
			e.Valid = s
			es = append(es, e)
		}
		batch.link(es...)
		batch.same(fmt.Sprint("in one batch ", tc.given), batch.spans(), tc.want)
		batch.same("rows of one transaction", len(batch.all(batch.id("a"), graph.Out)), len(tc.want))
	}
}

func timeUnlink(c *check) {
	for i, tc := range []struct {
		given []graph.Span
		at    time.Time
		want  []graph.Span
	}{
		{[]graph.Span{span(1, -1)}, day(4), []graph.Span{span(1, 4)}},
		{[]graph.Span{span(1, 3)}, day(4), []graph.Span{span(1, 3)}},
		{[]graph.Span{span(1, 4)}, day(4), []graph.Span{span(1, 4)}},
		{[]graph.Span{span(4, 6)}, day(4), nil},
		{[]graph.Span{span(-1, -1)}, day(4), []graph.Span{span(-1, 4)}},
		{[]graph.Span{span(1, 3), span(4, 8), span(9, -1)}, day(5), []graph.Span{span(4, 5), span(1, 3)}},
		{[]graph.Span{span(1, 3), span(4, 8)}, time.Time{}, nil},
		{[]graph.Span{span(-1, -1)}, time.Time{}, nil},
		{nil, day(1), nil},
	} {
		sub := *c
		sub.group = fmt.Sprintf("%su%dx", c.group, i)
		sub.things("a", "b")
		sub.linkSpans(tc.given...)
		sub.unlink(tc.at, sub.edge("a", "b", time.Time{}), sub.edge("a", "b", time.Time{}))
		sub.same(fmt.Sprint(tc.given, tc.at), sub.spans(), tc.want)
	}
}

func timeNoRow(c *check) {
	c.things("a", "b")
	c.linkSpans(span(1, 4), span(5, 7))
	rows := c.all(c.id("a"), graph.Out)
	c.linkSpans(span(1, 4), span(2, 3), span(5, 7))
	c.unlink(day(7), c.edge("a", "b", time.Time{}))
	again := c.all(c.id("a"), graph.Out)
	c.same("rows", again, rows)
	for i := range again {
		if again[i].Known != rows[i].Known {
			c.Fatalf("known %v, want %v", again[i].Known, rows[i].Known)
		}
	}
}

func timeUnitedProps(c *check) {
	c.things("a", "b")
	for _, e := range []struct {
		span  graph.Span
		props graph.Props
	}{
		{span(5, 6), graph.Props{"p": "late", "q": "late", "r": "late", "late": true}},
		{span(1, 2), graph.Props{"p": "early", "q": "early", "r": "early", "early": true}},
		{span(2, 5), graph.Props{"q": "given", "r": nil, "given": true}},
	} {
		edge := c.edge("a", "b", e.span.Since)
		edge.Valid, edge.Props = e.span, e.props
		c.link(edge)
	}
	for _, e := range c.all(c.id("a"), graph.Out) {
		want := map[string]graph.Props{
			show(span(5, 6)): {"p": "late", "q": "late", "r": "late", "late": true},
			show(span(1, 2)): {"p": "early", "q": "early", "r": "early", "early": true},
			show(span(1, 6)): {"p": "late", "q": "given", "early": true, "late": true, "given": true},
		}[show(e.Valid)]
		c.same(show(e.Valid), e.Props, want)
	}
	c.same("rows", len(c.all(c.id("a"), graph.Out)), 3)
}

func timeAgain(c *check) {
	c.things("a", "b")
	c.linkSpans(span(1, -1))
	c.unlink(day(3), c.edge("a", "b", time.Time{}))
	c.linkSpans(span(5, -1))
	c.same("spans", c.spans(), []graph.Span{span(5, -1), span(1, 3)})
	c.same("between", len(c.at("a", day(4))), 0)
	c.same("before", len(c.at("a", day(2))), 1)
	c.same("now", len(c.at("a", time.Time{})), 1)
}

// between returns a time after what was written before and before what is written after.
func between() time.Time {
	time.Sleep(200 * time.Microsecond)
	t := now()
	time.Sleep(200 * time.Microsecond)
	return t
}

func timeKnown(c *check) {
	t0 := between()
	c.things("a", "b")
	c.linkSpans(span(1, -1))
	t1 := between()
	c.unlink(day(3), c.edge("a", "b", time.Time{}))
	t2 := between()
	c.unlink(time.Time{}, c.edge("a", "b", time.Time{}))
	t3 := between()
	for _, tc := range []struct {
		at, known time.Time
		want      int
	}{
		{day(2), t0, 0}, {day(2), t1, 1}, {day(5), t1, 1}, {day(2), t2, 1}, {day(5), t2, 0}, {day(2), t3, 0},
		{time.Time{}, t1, 1}, {time.Time{}, t2, 0}, {day(2), time.Time{}, 0},
	} {
		what := fmt.Sprint("at ", tc.at, " known ", tc.known)
		page, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("b"), Dir: graph.In, At: tc.at, Known: tc.known})
		c.ok(err)
		c.same("edges "+what, len(page.Edges), tc.want)
		sub, err := c.store.Traverse(c.ctx, graph.Walk{From: c.ids("a"), Depth: 1, Max: 9, At: tc.at, Known: tc.known})
		c.ok(err)
		c.same("walk "+what, len(sub.Nodes), 1+tc.want)
		c.same("walk's edges "+what, len(sub.Edges), tc.want)
		c.same("walk's degree "+what, sub.Nodes[0].Out, tc.want)
		paths, err := c.store.Path(c.ctx, c.id("a"), c.id("b"), graph.Walk{Depth: 1, At: tc.at, Known: tc.known})
		c.ok(err)
		c.same("path "+what, len(paths), tc.want)
	}
	c.same("rows", len(c.all(c.id("a"), graph.Out)), 2)
}

func timeKnownOnce(c *check) {
	c.things("a", "b")
	e := c.edge("a", "b", day(1))
	c.update(func(tx graph.Tx) error {
		if err := tx.Link(c.ctx, e); err != nil {
			return err
		}
		return tx.Unlink(c.ctx, day(4), e)
	})
	rows := c.all(c.id("a"), graph.Out)
	e.Valid = span(1, 4)
	c.same("one row", rows, []graph.Edge{e})
	c.update(func(tx graph.Tx) error {
		longer := e
		longer.Valid = span(4, 6)
		if err := tx.Link(c.ctx, longer); err != nil {
			return err
		}
		return tx.Unlink(c.ctx, time.Time{}, e)
	})
	rows = c.all(c.id("a"), graph.Out)
	if len(rows) != 1 || rows[0].Known.Until.IsZero() || rows[0].Valid != e.Valid {
		c.Fatalf("got %s, want the first row, superseded", show(rows))
	}
	if !rows[0].Known.Since.Before(rows[0].Known.Until) {
		c.Fatalf("known %v, want a span", rows[0].Known)
	}
}

func timeNow(c *check) {
	c.things("a", "b", "d")
	past, future := c.edge("a", "b", time.Now()), c.edge("a", "d", time.Now().Add(time.Hour))
	c.link(past, future)
	c.same("edges", ends(c.at("a", time.Time{}), graph.Out), ends([]graph.Edge{past}, graph.Out))
	degrees, err := c.store.Degrees(c.ctx, c.ids("a"), nil, time.Time{})
	c.ok(err)
	c.same("degree", degrees[c.id("a")], graph.Degree{Out: 1})
	list, err := c.store.List(c.ctx, graph.Query{Kind: Thing, Where: c.mine(), Limit: 9,
		Near: []graph.Near{{Rel: Feeds, Dir: graph.In, To: c.ids("a")}}})
	c.ok(err)
	c.same("near", idsOf(list.Nodes), c.ids("b"))
}

func timeInvalid(c *check) {
	c.things("a", "b")
	for _, s := range []graph.Span{span(3, 3), span(4, 3), {Since: day(1).AddDate(9000, 0, 0)},
		{Since: day(1), Until: day(1).Add(100 * time.Nanosecond)}} {
		e := c.edge("a", "b", s.Since)
		e.Valid = s
		c.fails(c.try(func(tx graph.Tx) error { return tx.Link(c.ctx, e) }), errs.Invalid)
	}
	_, err := c.store.Edges(c.ctx, graph.EdgeQuery{Of: c.ids("a"), All: true, At: day(1)})
	c.fails(err, errs.Invalid)
}
