// Package neo4jtest opens the Neo4j engine for tests, on the server that WEIR_TEST_NEO4J_URI names.
//
// The community edition has one database. It is wiped for each test, and one test program at a time uses it.
package neo4jtest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"weir/graph"
	"weir/graph/neo4j"
)

// URI is the server's address. Without one the test is skipped, or fails if WEIR_TEST_REQUIRE demands neo4j. From the
// first call on, the calling program has the server for itself until it ends.
func URI(t testing.TB) string {
	t.Helper()
	uri := os.Getenv("WEIR_TEST_NEO4J_URI")
	if uri == "" {
		if strings.Contains(os.Getenv("WEIR_TEST_REQUIRE"), "neo4j") {
			t.Fatal("WEIR_TEST_REQUIRE demands neo4j, but WEIR_TEST_NEO4J_URI names no server")
		}
		t.Skip("no Neo4j server: WEIR_TEST_NEO4J_URI is not set")
	}
	if err := reserve(uri); err != nil {
		t.Fatalf("reserving the Neo4j server: %v", err)
	}
	return uri
}

// Open wipes the database and opens it with the schema. The store is closed when the test ends.
func Open(t testing.TB, schema graph.Schema) graph.Store {
	t.Helper()
	uri := URI(t)
	Wipe(t)
	return Reopen(t, uri, schema)
}

// Reopen opens the database as it is, through any address that leads to it.
func Reopen(t testing.TB, uri string, schema graph.Schema) graph.Store {
	t.Helper()
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri}, schema)
	if err != nil {
		t.Fatalf("opening the Neo4j store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing the Neo4j store: %v", err)
		}
	})
	return s
}

// Wipe deletes all nodes. Constraints and indexes stay: opening a store drops those that it doesn't need.
func Wipe(t testing.TB) {
	t.Helper()
	Run(t, "MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS", nil)
}

// Run runs a statement beside any store, to look at the database or to spoil it.
func Run(t testing.TB, statement string, params map[string]any) []*driver.Record {
	t.Helper()
	ctx := context.Background() // also after the test's own context has ended
	d, err := driver.NewDriverWithContext(URI(t), driver.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close(ctx)
	s := d.NewSession(ctx, driver.SessionConfig{})
	defer s.Close(ctx)
	result, err := s.Run(ctx, statement, params)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	records, err := result.Collect(ctx)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return records
}

var (
	reserving sync.Mutex
	reserved  = map[string]*os.File{} // open until the program ends, which gives the lock back
)

// reserve waits until no other program has the server.
func reserve(uri string) error {
	reserving.Lock()
	defer reserving.Unlock()
	if reserved[uri] != nil {
		return nil
	}
	name := fmt.Sprintf("weir-neo4j-%x.lock", sha256.Sum256([]byte(uri)))
	f, err := os.OpenFile(filepath.Join(os.TempDir(), name[:30]), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	reserved[uri] = f
	return nil
}
