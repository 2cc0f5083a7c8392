package sqlite_test

import (
	"path/filepath"
	"testing"

	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/sqlite"
)

func BenchmarkStore(b *testing.B) {
	graphtest.Bench(b, func(b *testing.B, schema graph.Schema) graph.Store {
		return openAt(b, filepath.Join(b.TempDir(), "weir.db"), schema, sqlite.Options{})
	})
}
