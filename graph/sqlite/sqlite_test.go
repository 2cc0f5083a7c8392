package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/sqlite"
)

func TestContract(t *testing.T) {
	graphtest.Run(t, open)
}

// open gives an empty store in a folder of the test.
func open(t *testing.T, schema graph.Schema) graph.Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "data", "weir.db"), schema, sqlite.Options{})
}

func openAt(t testing.TB, path string, schema graph.Schema, o sqlite.Options) graph.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path, schema, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
