package audit_test

import (
	"path/filepath"
	"testing"

	"weir/audit"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
)

// engines are all that a log may lie in.
var engines = []struct {
	name string
	open func(t testing.TB) graph.Store
}{
	{"memory", func(t testing.TB) graph.Store { return graphtest.Memory(schema(t)) }},
	{"sqlite", openSQLite},
	{"neo4j", func(t testing.TB) graph.Store { return neo4jtest.Open(t, schema(t)) }},
}

func schema(t testing.TB) graph.Schema {
	t.Helper()
	s, err := graph.Merge(audit.Schema(), thingType.Schema())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openSQLite(t testing.TB) graph.Store {
	t.Helper()
	return openFile(t, filepath.Join(t.TempDir(), "weir.db"))
}

func openFile(t testing.TB, path string) graph.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, schema(t), sqlite.Options{})
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
