package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"weir/graph"
	"weir/views/link"
)

// readLoad asks the questions that people ask most.
type readLoad struct {
	url      string
	datasets int
	seconds  int
	clients  int
}

// question is one kind of request.
type question struct {
	name string
	make func(ctx context.Context, url string, i int) (*http.Request, error)
}

func (l readLoad) run(ctx context.Context) error {
	for _, q := range l.questions() {
		if err := l.ask(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	return nil
}

func (l readLoad) questions() []question {
	page := func(path func(i int) string) func(context.Context, string, int) (*http.Request, error) {
		return func(ctx context.Context, url string, i int) (*http.Request, error) {
			return http.NewRequestWithContext(ctx, http.MethodGet, url+path(i), nil)
		}
	}
	lineageOf := func(nodes int) func(context.Context, string, int) (*http.Request, error) {
		return func(ctx context.Context, url string, i int) (*http.Request, error) {
			// The first datasets of a group reach most of it, and of all that follow.
			root := datasetID(i % l.datasets / 1000 * 1000)
			return lineageRequest(ctx, url, root, nodes)
		}
	}
	dataset := func(i int) string { return link.Dataset(string(datasetID(i%l.datasets)), datasetName(i%l.datasets)) }
	return []question{
		{"page: dataset", page(dataset)},
		{"page: search, a word and its facets", page(func(i int) string { return link.Search(words[i%len(words)] + " " + words[i/16%len(words)]) })},
		{"page: search, a rare word", page(func(i int) string { return link.Search(fmt.Sprint(i % l.datasets)) })},
		{"page: lineage", page(func(i int) string { return link.Lineage(string(datasetID(i%l.datasets)), link.LineageQuery{}) })},
		{"GraphQL: lineage downstream, 1,000 nodes", lineageOf(1_000)},
		{"GraphQL: lineage downstream, 10,000 nodes", lineageOf(10_000)},
		{"GraphQL: lineage downstream, 100,000 nodes", lineageOf(100_000)},
	}
}

func lineageRequest(ctx context.Context, url string, root graph.ID, nodes int) (*http.Request, error) {
	query := `query($id: ID!, $n: Int) { lineage(id: $id, direction: DOWNSTREAM, depth: 100, maxNodes: $n) {
		nodes { id depth } edges { from to kind } totals { kind count } isPartial } }`
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"id": root, "n": nodes}})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/graphql", strings.NewReader(string(body)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return req, nil
}

// ask asks one kind of question for a while.
func (l readLoad) ask(ctx context.Context, q question) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: l.clients}, Timeout: time.Minute}
	until := time.Now().Add(time.Duration(l.seconds) * time.Second)
	times, sizes := make([][]time.Duration, l.clients), make([]int64, l.clients)
	fails := make([]error, l.clients)
	var wg sync.WaitGroup
	for c := range l.clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(fillSeed, uint64(c)))
			for time.Now().Before(until) && ctx.Err() == nil {
				req, err := q.make(ctx, l.url, r.IntN(1<<30))
				if err != nil {
					fails[c] = err
					return
				}
				authorize(req)
				sent := time.Now()
				n, err := get(client, req)
				if err != nil {
					fails[c] = err
					return
				}
				times[c] = append(times[c], time.Since(sent))
				sizes[c] += n
			}
		})
	}
	wg.Wait()
	if err := errors.Join(fails...); err != nil {
		return err
	}
	all := slices.Concat(times...)
	var size int64
	for _, s := range sizes {
		size += s
	}
	fmt.Printf("%-45s %6.1f/s  %s  %d bytes each\n", q.name, float64(len(all))/float64(l.seconds), quantiles(all), size/int64(max(1, len(all))))
	return nil
}

func get(client *http.Client, req *http.Request) (int64, error) {
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode != http.StatusOK || strings.Contains(string(body[:min(len(body), 200)]), `"errors"`) {
		return 0, fmt.Errorf("%s: %.300s", resp.Status, body)
	}
	return int64(len(body)), nil
}
