package lineage

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
)

func TestEdgesAreMerged(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		spark, dbt := w.source("https://spark"), w.source("https://dbt")
		a, job := w.dataset("a"), w.transform("job")
		stated := func(source graph.ID, since, until, confirmed time.Time, how catalog.How, run string) {
			w.link(a, catalog.RelInput, job, key(source), span(since, until), prop(catalog.EdgeConfirmed, confirmed),
				prop(catalog.EdgeHow, string(how)), prop(catalog.EdgeRun, run))
		}
		stated(spark, day(3), time.Time{}, day(8), catalog.Inferred, "run_spark")
		stated(dbt, day(1), day(4000), day(9), catalog.Observed, "run_dbt")
		stated("person", day(5), time.Time{}, day(5), catalog.Declared, "")
		w.write()
		got := w.ask(Query{Root: a, Direction: Downstream, Depth: 1}).Edges
		if len(got) != 1 {
			t.Fatalf("%d edges, want one of all three statements", len(got))
		}
		e := got[0]
		if e.Kind != catalog.RelInput || e.Producer != "https://dbt" || !slices.Equal(e.Sources, []string{"https://dbt", "https://spark", "person"}) {
			t.Errorf("stated by %s, sources %v", e.Producer, e.Sources)
		}
		if !e.Since.Equal(day(1)) || !e.Until.IsZero() || !e.ConfirmedAt.Equal(day(9)) || e.How != catalog.Observed || e.Run != "run_dbt" {
			t.Errorf("since %s until %s confirmed %s %s by %s", e.Since, e.Until, e.ConfirmedAt, e.How, e.Run)
		}
	})
}

func TestUntilIsTheLastEnd(t *testing.T) {
	var e merged
	e.Since, e.Until = day(2), day(4)
	e.span(graph.Span{Since: day(1), Until: day(3)})
	if !e.Since.Equal(day(1)) || !e.Until.Equal(day(4)) {
		t.Errorf("%s to %s, want days 1 to 4", e.Since, e.Until)
	}
	e.span(graph.Span{Since: day(3)})
	e.span(graph.Span{Since: day(3), Until: day(9)})
	if !e.Until.IsZero() {
		t.Errorf("ends %s although a statement still holds", e.Until)
	}
}

func TestUnconfirmed(t *testing.T) {
	each(t, func(t *testing.T, store graph.Store) {
		w := newWorld(t, store)
		spark, dbt := w.source("spark"), w.source("dbt")
		runs := []string{
			string(spark) + "|" + micros(day(10)) + "|run_1|" + micros(day(9)),
			string(dbt) + "|" + micros(day(31)) + "|run_2|" + micros(day(30)),
		}
		a, b, c, d, e := w.dataset("a"), w.dataset("b"), w.dataset("c"), w.dataset("d"), w.dataset("e")
		job := w.transform("job", func(t *catalog.Transform) { t.Completed = runs })
		board := w.consumer("board", func(c *catalog.Consumer) { c.Completed = runs[:1] })
		by := func(source graph.ID, confirmed time.Time) []func(*graph.Edge) {
			return []func(*graph.Edge){key(source), prop(catalog.EdgeConfirmed, confirmed)}
		}
		w.link(a, catalog.RelInput, job, by(spark, day(8))...)   // a whole run since
		w.link(b, catalog.RelInput, job, by(spark, day(9))...)   // stated by the first event of that run
		w.link(c, catalog.RelInput, job, by("other", day(0))...) // its source has no run
		w.link(d, catalog.RelInput, job, by(spark, day(8))...)
		w.link(d, catalog.RelInput, job, by("other", day(0))...) // one of two sources still holds it
		w.link(job, catalog.RelOutput, e, by(dbt, day(20))...)
		w.link(e, catalog.RelDelivers, board, by(spark, day(1))...)
		w.write()
		got := w.ask(Query{Root: job, Direction: Both, Depth: 2})
		want := map[graph.ID]bool{a: true, b: false, c: false, d: false, job: true, e: true}
		if len(got.Edges) != len(want) {
			t.Fatalf("%d edges", len(got.Edges))
		}
		for _, edge := range got.Edges {
			if edge.Unconfirmed != want[edge.From] {
				t.Errorf("%s → %s: unconfirmed %t", edge.From, edge.To, edge.Unconfirmed)
			}
		}
		for _, edge := range w.ask(Query{Root: job, Direction: Both, Depth: 2, AsOf: day(400)}).Edges {
			if edge.Unconfirmed {
				t.Error("a past time was judged by the runs of now")
			}
		}
	})
}

func micros(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }

func TestParseCompleted(t *testing.T) {
	source, first, err := parseCompleted("src_1|1767355200000000|run_1|1767268800000000")
	if err != nil || source != "src_1" || !first.Equal(day0) {
		t.Errorf("%s %s %v", source, first, err)
	}
	for _, line := range []string{"", "a|b|c", "a|b|c|yesterday", "a|b|c|d|e"} {
		if _, _, err := parseCompleted(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
