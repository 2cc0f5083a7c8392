package lineage

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
)

// engine opens stores. A cheap one opens a new store for each random graph; its questions look at everything.
type engine struct {
	name  string
	open  func(t testing.TB) graph.Store
	cheap bool
}

var engines = []engine{{"memory", openMemory, true}, {"sqlite", openSQLite, false}, {"neo4j", openNeo4j, false}}

// graphs is how many random graphs a test draws: 300, or fewer where WEIR_TEST_GRAPHS says so.
func graphs(t *testing.T) int {
	t.Helper()
	text := os.Getenv("WEIR_TEST_GRAPHS")
	if text == "" {
		return 300
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("WEIR_TEST_GRAPHS: %v", err)
	}
	return min(n, 300)
}

// each runs a test on every engine, each with an empty store.
func each(t *testing.T, test func(t *testing.T, store graph.Store)) {
	t.Helper()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { test(t, e.open(t)) })
	}
}

// eachGraph runs a test of random graphs on every engine; stores hold the graphs that were before, or nothing.
func eachGraph(t *testing.T, test func(t *testing.T, store func() graph.Store)) {
	t.Helper()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			if e.cheap {
				test(t, func() graph.Store { return e.open(t) })
				return
			}
			store := e.open(t)
			test(t, func() graph.Store { return store })
		})
	}
}

// schema is that of the catalog, and of the log that its commands write.
func schema() graph.Schema {
	s, err := graph.Merge(catalog.Schema(), audit.Schema(), authz.Schema())
	if err != nil {
		panic(err)
	}
	return s
}

func openMemory(testing.TB) graph.Store { return graphtest.Memory(schema()) }

func openSQLite(t testing.TB) graph.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "weir.db"), schema(), sqlite.Options{})
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

func openNeo4j(t testing.TB) graph.Store {
	t.Helper()
	return neo4jtest.Open(t, schema())
}
