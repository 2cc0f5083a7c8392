package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
)

// The server is killed with SIGKILL while clients send, again and again, on one directory. Whatever it has acknowledged
// must be there in the end, the graph must be whole, and the log must have an entry of each change and hold, after each
// round. WEIR_TEST_KILLS says how many rounds.
func TestKill_WhatIsAcknowledgedStays(t *testing.T) {
	rounds := 2
	if v := os.Getenv("WEIR_TEST_KILLS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		rounds = n
	}
	if testing.Short() || os.Getenv("WEIR_TEST_KILLS") == "0" {
		t.Skip("starts and kills servers; not in short runs")
	}
	binary := filepath.Join(t.TempDir(), "weir")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	cfg := defaults()
	cfg.Dir = filepath.Join(t.TempDir(), "data")
	if uri := os.Getenv("WEIR_TEST_KILL_STORE"); uri != "" {
		neo4jtest.Wipe(t) // or the events of an earlier run would pass for those of this one
		cfg.Store = uri
	}
	var acknowledged []string
	var seen chain
	for round := range rounds {
		acknowledged = append(acknowledged, sendUntilKilled(t, binary, cfg, round)...)
		checkLog(t, cfg, &seen, round%wholeEvery == 0 || round == rounds-1)
	}
	if len(acknowledged) < rounds {
		t.Fatalf("only %d events were acknowledged in %d rounds: nothing was tried", len(acknowledged), rounds)
	}
	checkAcknowledged(t, cfg, acknowledged)
	t.Logf("%d rounds, %d events acknowledged, all there; %d checkpoints in one chain", rounds, len(acknowledged), len(seen.texts))
}

// sendUntilKilled starts a server, sends to it from several clients, kills it and returns the jobs of the acknowledged events.
func sendUntilKilled(t *testing.T, binary string, cfg Config, round int) []string {
	t.Helper()
	args := []string{"serve", "--dir", cfg.Dir, "--addr", "127.0.0.1:0", "--log-level", "error"}
	if cfg.Store != "" {
		args = append(args, "--store", cfg.Store)
	}
	cmd := exec.Command(binary, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("round %d: the server did not start: %v", round, err)
	}
	url := strings.TrimSpace(line[strings.LastIndex(line, "http"):])
	bearer := "Bearer " + printedToken(t, "--dir", cfg.Dir, "--store", cfg.Store)
	var mu sync.Mutex
	var acknowledged []string
	ctx, cancel := context.WithCancel(context.Background())
	var clients sync.WaitGroup
	for c := range 8 {
		clients.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				job := fmt.Sprintf("job %d %d %d", round, c, i)
				if sendEvent(ctx, url, bearer, job) {
					mu.Lock()
					acknowledged = append(acknowledged, job)
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(time.Duration(100+rand.IntN(400)) * time.Millisecond)
	eventually(t, time.Minute, "something is acknowledged", func() bool { // a store that was just begun takes its time
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged) > 0
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cancel()
	clients.Wait()
	_ = cmd.Wait() // it says that it was killed
	return acknowledged
}

// jobEvent is an event of a job that reads "in" and writes an output of its own.
func jobEvent(job string) string {
	return fmt.Sprintf(`{"eventType":"COMPLETE","eventTime":"2026-03-01T00:00:00Z","producer":"https://example.com/kill",
		"run":{"runId":"0190a3c4-0000-7000-8000-000000000000"},"job":{"namespace":"kill","name":%q},
		"inputs":[{"namespace":"kill","name":"in"}],"outputs":[{"namespace":"kill","name":%q}]}`, job, "out "+job)
}

func sendEvent(ctx context.Context, url, bearer, job string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/lineage", strings.NewReader(jobEvent(job)))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", bearer)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false // it is being killed
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusCreated
}

// checkAcknowledged looks into the store itself: each job with its run, its output, and both lineage edges.
func checkAcknowledged(t *testing.T, cfg Config, jobs []string) {
	t.Helper()
	ctx := context.Background()
	if name, path, _ := cfg.engine(); name == "sqlite" {
		if err := sqlite.Check(ctx, path); err != nil {
			t.Fatalf("the store is damaged: %v", err)
		}
	}
	store, err := cfg.open(ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for part := range slices.Chunk(jobs, 1000) {
		var ids []graph.ID
		for _, j := range part {
			ids = append(ids, catalog.TransformID("kill", j))
		}
		for _, dir := range []graph.Dir{graph.In, graph.Out} {
			page, err := store.Edges(ctx, graph.EdgeQuery{Of: ids, Dir: dir, Rels: catalog.LineageRels})
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Edges) != len(part) {
				t.Errorf("%d acknowledged jobs have %d edges on one side", len(part), len(page.Edges))
			}
		}
		nodes, err := store.Nodes(ctx, ids...)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if nodes[id].Props["lastState"] != string(catalog.Completed) {
				t.Errorf("acknowledged job %s is not there whole: %v", id, nodes[id].Props)
			}
		}
	}
}
