package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/sqlite"
)

// crashFile tells a child process of the test to write into that store until it is killed.
const crashFile = "WEIR_TEST_CRASH_FILE"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashFile); path != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled commits a node and its edge at a time and prints the number of each after it was acknowledged.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path, graphtest.Schema(), sqlite.Options{Serve: true})
	if err != nil {
		return err
	}
	first, err := s.Nodes(ctx, crashID(0))
	if err != nil {
		return err
	}
	last := 0
	if rank, ok := first[crashID(0)].Props["rank"].(int64); ok {
		last = int(rank)
	}
	for i := last + 1; ; i++ {
		if err := s.Update(ctx, "crash "+strconv.Itoa(i), func(ctx context.Context, tx graph.Tx) error {
			return writeCrash(ctx, tx, i)
		}); err != nil {
			return err
		}
		fmt.Println(i)
	}
}

func crashID(i int) graph.ID { return graph.ID(fmt.Sprintf("th_crash%d", i)) }

// writeCrash writes node i, an edge to the root, and i as the root's rank, so that the root tells what has to be there.
func writeCrash(ctx context.Context, tx graph.Tx, i int) error {
	root := graph.Node{ID: crashID(0), Kind: graphtest.Thing, Props: graph.Props{"rank": int64(i), "name": "root"}}
	leaf := graph.Node{ID: crashID(i), Kind: graphtest.Thing, Props: graph.Props{"name": fmt.Sprintf("leaf %d", i), "code": fmt.Sprint(i)}}
	if _, err := tx.Put(ctx, graph.NodeWrite{Node: root}, graph.NodeWrite{Node: leaf, Mode: graph.Create}); err != nil {
		return err
	}
	return tx.Link(ctx, graph.Edge{From: crashID(i), To: crashID(0), Rel: graphtest.Feeds})
}

func TestNothingAcknowledgedIsLostByKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "weir.db")
	for round := range 5 {
		acknowledged := killWriter(t, path, 20+round*37)
		if err := sqlite.Check(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		s := openAt(t, path, graphtest.Schema(), sqlite.Options{Serve: true})
		wantAll(t, s, acknowledged)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killWriter runs a child that writes, kills it after so many acknowledgements, and returns the last one read.
func killWriter(t *testing.T, path string, after int) int {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashFile+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	last, seen := 0, 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if last, err = strconv.Atoi(lines.Text()); err != nil {
			t.Fatalf("the child printed %q", lines.Text())
		}
		if seen++; seen == after {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || seen < after {
		t.Fatalf("the child ended by itself after %d acknowledgements: %v", seen, err)
	}
	return last
}

// wantAll wants every acknowledged transaction in the store, whole, and its id remembered.
func wantAll(t *testing.T, s graph.Store, acknowledged int) {
	t.Helper()
	root, err := graph.One(t.Context(), s, crashID(0))
	if err != nil {
		t.Fatal(err)
	}
	last, ok := root.Props["rank"].(int64)
	rank := int(last)
	if !ok || rank < acknowledged {
		t.Fatalf("%d was acknowledged, but only %d are there", acknowledged, rank)
	}
	for i := 1; i <= rank; i++ {
		if _, err := graph.One(t.Context(), s, crashID(i)); err != nil {
			t.Fatalf("node %d of %d: %v", i, rank, err)
		}
	}
	degrees, err := s.Degrees(t.Context(), []graph.ID{crashID(0)}, nil, time.Time{})
	if err != nil || degrees[crashID(0)].In != rank {
		t.Fatalf("%d edges of %d: %v", degrees[crashID(0)].In, rank, err)
	}
	again := func(context.Context, graph.Tx) error { return nil }
	if err := s.Update(t.Context(), "crash "+strconv.Itoa(acknowledged), again); !errs.Is(err, errs.Exists) {
		t.Fatalf("the id of an acknowledged transaction is forgotten: %v", err)
	}
}
