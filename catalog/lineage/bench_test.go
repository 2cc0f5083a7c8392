package lineage

import (
	"context"
	"fmt"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
)

// BenchmarkQuestions asks a pipeline of 5 stages with 2,000 datasets each, so that a first dataset has 8,004 assets downstream.
func BenchmarkQuestions(b *testing.B) {
	w := newWorld(b, openSQLite(b))
	first, last, column := w.stages(5, 2_000)
	w.write()
	s, ctx := New(w.store, time.Now), context.Background()
	for _, bb := range []struct {
		name string
		ask  func() error
	}{
		{"one step", func() error {
			_, err := s.Lineage(ctx, Query{Root: last, Direction: Both, Depth: Depth(1), MaxNodes: 200, Fields: CardFields})
			return err
		}},
		{"1,000 of 8,004", func() error {
			_, err := s.Lineage(ctx, Query{Root: first, Direction: Downstream, Depth: 100, Fields: CardFields})
			return err
		}},
		{"all 8,004", func() error {
			_, err := s.Lineage(ctx, Query{Root: first, Direction: Downstream, Depth: 100, MaxNodes: MostNodes, Fields: CardFields})
			return err
		}},
		{"impact page", func() error { _, err := s.Impact(ctx, ImpactQuery{Root: first, Depth: 100}); return err }},
		{"path", func() error { _, err := s.Paths(ctx, PathQuery{From: first, To: last}); return err }},
		{"origins", func() error { _, err := s.ColumnOrigins(ctx, OriginQuery{Column: column}); return err }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				if err := bb.ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPropagate declares a class on a column from which so many columns derive, and takes it back.
func BenchmarkPropagate(b *testing.B) {
	for _, stages := range []int{10, 1_000} {
		b.Run(fmt.Sprint(stages), func(b *testing.B) {
			w := newWorld(b, openSQLite(b))
			first, _, _ := w.stages(stages, 1)
			pii := w.class("pii")
			w.write()
			p := NewPropagator(w.store)
			declared := graph.Edge{From: catalog.ColumnID(first, "c"), Rel: catalog.RelClass, To: pii, Valid: graph.Span{Since: day0}}
			for b.Loop() {
				w.edges = append(w.edges, declared)
				w.write()
				if n := propagate(b, p, first); n != 2*stages-1 {
					b.Fatalf("wrote %d", n)
				}
				w.unlink(time.Time{}, declared)
				propagate(b, p, first)
			}
		})
	}
}
