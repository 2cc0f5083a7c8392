package lineage

import (
	"context"
	"path/filepath"
	"testing"

	"weir/catalog"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/sqlite"
)

// each runs a test on every engine, each with an empty store.
func each(t *testing.T, test func(t *testing.T, store graph.Store)) {
	t.Helper()
	for _, engine := range []struct {
		name string
		open func(t testing.TB) graph.Store
	}{{"memory", openMemory}, {"sqlite", openSQLite}} {
		t.Run(engine.name, func(t *testing.T) { test(t, engine.open(t)) })
	}
}

func openMemory(testing.TB) graph.Store { return graphtest.Memory(catalog.Schema()) }

func openSQLite(t testing.TB) graph.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "weir.db"), catalog.Schema(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}
