package marketplace_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
	"weir/graph/neo4j/neo4jtest"
	"weir/marketplace"
)

// benchBureau runs a benchmark on SQLite, and on Neo4j where there is one.
func benchBureau(b *testing.B, run func(b *testing.B, w *bureau)) {
	b.Run("sqlite", func(b *testing.B) { run(b, newBureau(b, shopFile(b))) })
	b.Run("neo4j", func(b *testing.B) { run(b, newBureau(b, neo4jtest.Open(b, shopSchema(b)))) })
}

// measure runs something b.N times and reports the median and the 99th percentile in milliseconds. What before and after do,
// if anything, isn't counted.
func measure(b *testing.B, before func(), do func() error, after func()) {
	b.Helper()
	var took []time.Duration
	for b.Loop() {
		if before != nil {
			before()
		}
		begin := time.Now()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
		if after != nil {
			after()
		}
	}
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(ms(0.5), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

// manyUpstream lets a thousand columns flow into a dataset: twenty layers of fifty, each column made of two before it. One in
// ten of the first layer is personal, and one in seven of the last is masked on one of its ways.
func (w *bureau) manyUpstream() graph.ID {
	w.t.Helper()
	const layers, wide = 20, 50
	pii := catalog.ClassID("pii")
	var ws []graph.NodeWrite
	var edges []graph.Edge
	link := func(from graph.ID, rel graph.Rel, to graph.ID) {
		edges = append(edges, graph.Edge{From: from, Rel: rel, To: to, Valid: graph.Span{Since: graph.Time(w.at.Add(-time.Hour))}})
	}
	var before, id graph.ID
	for layer := range layers + 1 {
		name := fmt.Sprintf("deep.layer%02d", layer)
		id = catalog.DatasetID("pg", name)
		ws = append(ws, catalog.DatasetType.Write(id, graph.Create, catalog.Dataset{Namespace: "pg", Name: name, Domain: bureauSales, Audience: "open"}))
		owner := "tom"
		if layer == 0 {
			owner = "team:crm"
		}
		link(id, catalog.RelOwned, catalog.OwnerID(owner))
		for n := range wide {
			col := catalog.ColumnID(id, fmt.Sprint("c", n))
			ws = append(ws, catalog.ColumnType.Write(col, graph.Create, catalog.Column{Dataset: id, Path: fmt.Sprint("c", n), Position: n + 1}))
			link(id, catalog.RelHas, col)
			if layer == 0 && n%10 == 0 {
				link(col, catalog.RelClass, pii)
			}
			if layer > 0 {
				rel := catalog.RelDerives
				if n%7 == 0 && layer == layers {
					rel = catalog.RelMasked
				}
				link(catalog.ColumnID(before, fmt.Sprint("c", n)), rel, col)
				link(catalog.ColumnID(before, fmt.Sprint("c", (n+1)%wide)), catalog.RelDerives, col)
			}
		}
		before = id
	}
	w.must(w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		return tx.Link(ctx, edges...)
	}))
	return id
}

func BenchmarkPreview_1000Upstream(b *testing.B) {
	benchBureau(b, func(b *testing.B, w *bureau) {
		in, ctx := w.ask("ada", w.manyUpstream()), w.as("ada")
		measure(b, nil, func() error { return only(w.Preview(ctx, in)) }, nil)
	})
}

func BenchmarkSubmit_1000Upstream(b *testing.B) {
	benchBureau(b, func(b *testing.B, w *bureau) {
		in, ctx := w.ask("ada", w.manyUpstream()), w.as("ada")
		var req marketplace.RequestView
		measure(b, nil, func() (err error) {
			req, err = w.Submit(ctx, in)
			return err
		}, func() { w.must(w.Withdraw(ctx, req.Items[0].ID, 0)) })
	})
}

func BenchmarkItem_1000Upstream(b *testing.B) {
	benchBureau(b, func(b *testing.B, w *bureau) {
		item, ctx := w.sent("ada", w.ask("ada", w.manyUpstream())), w.as("tom")
		measure(b, nil, func() error { return only(w.Item(ctx, item.ID)) }, nil)
	})
}

func BenchmarkDecide_1000Upstream(b *testing.B) {
	benchBureau(b, func(b *testing.B, w *bureau) {
		in, tom, ada := w.ask("ada", w.manyUpstream()), w.as("tom"), w.as("ada")
		var d marketplace.Decide
		measure(b, func() {
			item := w.sent("ada", in)
			d = marketplace.Decide{Item: item.ID, Verdict: marketplace.Approve, Seen: item.Facts}
		}, func() error { return only(w.Decide(tom, d)) }, func() { w.must(w.Withdraw(ada, d.Item, 0)) })
	})
}

// BenchmarkInbox is the first page of an inbox in which 10,000 requests wait.
func BenchmarkInbox_10000Waiting(b *testing.B) {
	benchBureau(b, func(b *testing.B, w *bureau) {
		w.waiting(b, 10_000)
		ctx := w.as("tom")
		for _, q := range []marketplace.InboxList{{Limit: 50}, {Limit: 50, Sort: "since"}, {Limit: 50, Text: "orders"}} {
			b.Run("by "+q.Sort+q.Text, func(b *testing.B) {
				measure(b, nil, func() error {
					page, err := w.Inbox(ctx, q)
					if err == nil && len(page.Items) != q.Limit {
						return fmt.Errorf("%d rows, want %d", len(page.Items), q.Limit)
					}
					return err
				}, nil)
			})
		}
		b.Run("count", func(b *testing.B) {
			measure(b, nil, func() error { _, _, err := w.InboxCount(ctx); return err }, nil)
		})
	})
}

// waiting lets so many requests wait for tom: copies of one that was sent.
func (w *bureau) waiting(b *testing.B, many int) {
	b.Helper()
	item := w.sent("ada", w.ask("ada", bureauPlain))
	w.must(w.CopyItem(b.Context(), item.ID, many))
}
