package lineage

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"weir/catalog"
	"weir/errs"
	"weir/graph"
)

// changing is a pipeline that changed: until day 10 mart came from old, from day 10 on from new; on day 20 a report read it.
type changing struct {
	*world
	old, feed, new, feed2, mart, report graph.ID
}

func newChanging(t testing.TB, store graph.Store) changing {
	t.Helper()
	w := newWorld(t, store)
	c := changing{w, w.dataset("old"), w.transform("feed"), w.dataset("new"), w.transform("feed2"), w.dataset("mart"), w.consumer("report")}
	w.link(c.old, catalog.RelInput, c.feed, span(day(1), day(10)))
	w.link(c.feed, catalog.RelOutput, c.mart, span(day(1), day(10)))
	w.link(c.new, catalog.RelInput, c.feed2, span(day(10), time.Time{}))
	w.link(c.feed2, catalog.RelOutput, c.mart, span(day(10), time.Time{}))
	w.link(c.feed2, catalog.RelOutput, c.mart, span(day(12), day(13)), key("src_second")) // states what holds anyway
	w.link(c.mart, catalog.RelDelivers, c.report, span(day(20), time.Time{}))
	w.write()
	return c
}

func TestAsOf(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newChanging(t, store)
		for _, tt := range []struct {
			at   time.Time
			want map[graph.ID]int
		}{
			{day(0), map[graph.ID]int{}},
			{day(1), map[graph.ID]int{c.feed: 1, c.old: 2}},
			{day(10).Add(-time.Microsecond), map[graph.ID]int{c.feed: 1, c.old: 2}},
			{day(10), map[graph.ID]int{c.feed2: 1, c.new: 2}},
			{day(20), map[graph.ID]int{c.feed2: 1, c.new: 2, c.report: 1}},
			{time.Time{}, map[graph.ID]int{c.feed2: 1, c.new: 2, c.report: 1}},
		} {
			a := c.ask(Query{Root: c.mart, Direction: Both, Depth: 4, AsOf: tt.at})
			if !maps.Equal(found(a.Nodes), tt.want) {
				t.Errorf("as of %s: %v, want %v", tt.at, found(a.Nodes), tt.want)
			}
		}
	})
}

func TestKnownAt(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newCompany(t, store)
		time.Sleep(2 * time.Millisecond)
		known := time.Now()
		time.Sleep(2 * time.Millisecond)
		c.unlink(day(2), graph.Edge{From: c.load, Rel: catalog.RelOutput, To: c.stage})
		before := c.ask(Query{Root: c.stage, Direction: Upstream, Depth: 2, AsOf: day(3), KnownAt: known})
		after := c.ask(Query{Root: c.stage, Direction: Upstream, Depth: 2, AsOf: day(3)})
		early := c.ask(Query{Root: c.stage, Direction: Upstream, Depth: 2, AsOf: day(1)})
		if len(before.Nodes) != 3 || len(after.Nodes) != 1 || len(early.Nodes) != 3 {
			t.Errorf("%d nodes as known before the edge was closed, %d after, %d as of before; want 3, 1, 3",
				len(before.Nodes), len(after.Nodes), len(early.Nodes))
		}
	})
}

func TestDiff(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newChanging(t, store)
		d, err := c.service().Diff(context.Background(), DiffQuery{Root: c.mart, Direction: Both, Depth: 2, From: day(5), To: day(30)})
		if err != nil {
			t.Fatal(err)
		}
		if want := map[graph.ID]int{c.feed2: 1, c.new: 2, c.report: 1}; !maps.Equal(found(d.AddedNodes), want) {
			t.Errorf("added %v, want %v", found(d.AddedNodes), want)
		}
		if want := map[graph.ID]int{c.feed: 1, c.old: 2}; !maps.Equal(found(d.RemovedNodes), want) {
			t.Errorf("removed %v, want %v", found(d.RemovedNodes), want)
		}
		if len(d.AddedEdges) != 3 || len(d.RemovedEdges) != 2 || d.KeptNodes != 1 || d.KeptEdges != 0 || d.IsPartial {
			t.Errorf("%d and %d edges, %d and %d kept", len(d.AddedEdges), len(d.RemovedEdges), d.KeptNodes, d.KeptEdges)
		}
		same, err := c.service().Diff(context.Background(), DiffQuery{Root: c.mart, Direction: Upstream, Depth: 2, From: day(11), To: time.Time{}})
		if err != nil || len(same.AddedNodes)+len(same.RemovedNodes)+len(same.AddedEdges)+len(same.RemovedEdges) != 0 || same.KeptEdges != 2 {
			t.Errorf("nothing changed, but %+v (%v)", same, err)
		}
		if _, err := c.service().Diff(context.Background(), DiffQuery{Root: c.mart, Depth: 1, From: day(2), To: day(2)}); !errs.Is(err, errs.Invalid) {
			t.Errorf("an empty span of time: %v", err)
		}
	})
}

func TestVersions(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		c := newChanging(t, store)
		for _, tt := range []struct {
			dir   Direction
			depth int
			most  int
			want  []time.Time
			more  bool
		}{
			{Both, 2, 0, []time.Time{day(20), day(10), day(1)}, false},
			{Both, 2, 3, []time.Time{day(20), day(10), day(1)}, false},
			{Both, 2, 2, []time.Time{day(20), day(10)}, true},
			{Upstream, 2, 0, []time.Time{day(10), day(1)}, false},
			{Downstream, 4, 0, []time.Time{day(20)}, false},
		} {
			v, err := c.service().Versions(context.Background(), VersionQuery{Root: c.mart, Direction: tt.dir, Depth: tt.depth, Max: tt.most})
			if err != nil || !slices.EqualFunc(v.Times, tt.want, time.Time.Equal) || v.More != tt.more {
				t.Errorf("%s %d: %v more %t (%v), want %v", tt.dir, tt.most, v.Times, v.More, err, tt.want)
			}
		}
		// What nothing leads to from the root at its time changed nothing.
		far := c.dataset("far")
		c.link(far, catalog.RelInput, c.feed, span(day(15), day(16)))
		c.write()
		v, err := c.service().Versions(context.Background(), VersionQuery{Root: c.mart, Direction: Upstream, Depth: 2})
		if err != nil || len(v.Times) != 2 {
			t.Errorf("%v (%v), want days 10 and 1 alone", v.Times, err)
		}
	})
}
