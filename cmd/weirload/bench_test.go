package main

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"weir/audit"
	"weir/catalog"
	"weir/catalog/openlineage"
	"weir/graph"
	"weir/graph/neo4j/neo4jtest"
)

// BenchmarkApply measures what one event costs once it is parsed: on both engines, in groups as the intake makes them, when
// all events repeat known statements and when each brings new things. An operation is an event.
func BenchmarkApply(b *testing.B) {
	engines := map[string]func(b *testing.B) graph.Store{"sqlite": openSQLite, "neo4j": openNeo4j}
	for name, open := range engines {
		for _, size := range []int{32, 256} {
			b.Run(name+"/known/"+map[int]string{32: "32", 256: "256"}[size], func(b *testing.B) { benchApply(b, open(b), size, false) })
			b.Run(name+"/new/"+map[int]string{32: "32", 256: "256"}[size], func(b *testing.B) { benchApply(b, open(b), size, true) })
		}
	}
}

func openSQLite(b *testing.B) graph.Store {
	s, err := openStore(context.Background(), "sqlite:"+filepath.Join(b.TempDir(), "weir.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

func openNeo4j(b *testing.B) graph.Store {
	schema, err := graph.Merge(catalog.Schema(), audit.Schema())
	if err != nil {
		b.Fatal(err)
	}
	return neo4jtest.Open(b, schema)
}

func benchApply(b *testing.B, store graph.Store, size int, fresh bool) {
	s := catalog.New(store, time.Now)
	l := ingestLoad{jobs: 1_000, fresh: fresh}
	n := 0
	group := func(size int) []catalog.Prepared {
		out := make([]catalog.Prepared, size)
		for i := range out {
			e, err := openlineage.Parse(l.event(n, 1))
			if err != nil {
				b.Fatal(err)
			}
			if out[i], err = catalog.Prepare("bench", e); err != nil {
				b.Fatal(err)
			}
			n++
		}
		return out
	}
	if !fresh {
		for range l.jobs / 200 * 2 {
			if err := s.Apply(context.Background(), group(200)); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ResetTimer()
	for done := 0; done < b.N; done += size {
		b.StopTimer()
		g := group(min(size, b.N-done))
		b.StartTimer()
		if err := s.Apply(context.Background(), g); err != nil {
			b.Fatal(err)
		}
	}
}
