package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// ingestLoad sends events, one a request, as clients do.
type ingestLoad struct {
	url     string
	events  int
	clients int
	jobs    int
	fresh   bool
}

func (l ingestLoad) run(ctx context.Context) error {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: l.clients}, Timeout: 30 * time.Second}
	var next, failed atomic.Int64
	times := make([][]time.Duration, l.clients)
	stamp := time.Now().UnixNano()
	begin := time.Now()
	var wg sync.WaitGroup
	for c := range l.clients {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= l.events || ctx.Err() != nil {
					return
				}
				body := l.event(i, stamp)
				sent := time.Now()
				if err := post(ctx, client, l.url+"/api/v1/lineage", body); err != nil {
					if failed.Add(1) == 1 {
						fmt.Println("first failure:", err)
					}
					continue
				}
				times[c] = append(times[c], time.Since(sent))
			}
		})
	}
	wg.Wait()
	took := time.Since(begin)
	all := slices.Concat(times...)
	fmt.Printf("%d events accepted, %d failed, %d clients, new=%t: %.0f events/s, acknowledged after %s\n",
		len(all), failed.Load(), l.clients, l.fresh, float64(len(all))/took.Seconds(), quantiles(all))
	return ctx.Err()
}

func post(ctx context.Context, client *http.Client, url string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	authorize(req)
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s: %s", resp.Status, answer)
	}
	return nil
}

// tokenEnv holds the API token that requests carry.
const tokenEnv = "WEIR_TOKEN"

func authorize(req *http.Request) {
	if token := os.Getenv(tokenEnv); token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
}

// event makes the i-th event: a job with two inputs and an output of eight columns with their lineage, about 6 KB. Runs
// take turns between START and COMPLETE.
func (l ingestLoad) event(i int, stamp int64) []byte {
	job := i % l.jobs
	if l.fresh {
		job = i + int(stamp%1_000_000_000)*1000
	}
	kind := []string{"START", "COMPLETE"}[i/l.jobs%2]
	facets := map[string]any{
		"schema":        map[string]any{"_producer": "p", "_schemaURL": "s", "fields": fields()},
		"documentation": map[string]any{"_producer": "p", "_schemaURL": "s", "description": "Generated to measure with. It is as long as such texts are, a sentence or two."},
		"columnLineage": map[string]any{"_producer": "p", "_schemaURL": "s", "fields": lineage(job)},
	}
	schema := map[string]any{"schema": facets["schema"]}
	e := map[string]any{
		"eventType": kind, "eventTime": time.Now().UTC().Format(time.RFC3339Nano),
		"producer": "https://example.com/load/1.0.0", "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
		"run":     map[string]any{"runId": fmt.Sprintf("%08x-0000-4000-8000-%012x", job, stamp/1000+int64(i/l.jobs/2))},
		"job":     map[string]any{"namespace": "load", "name": fmt.Sprintf("job %d", job)},
		"inputs":  []any{data(source(job, 1), schema), data(source(job, 2), schema)},
		"outputs": []any{data(fmt.Sprintf("out_%d", job), facets)},
	}
	b, err := json.Marshal(e)
	if err != nil {
		panic(err) // maps of strings
	}
	return b
}

func source(job, n int) string { return fmt.Sprintf("in_%d", (job*7+n*13)%5_000) }

func data(name string, facets map[string]any) map[string]any {
	return map[string]any{"namespace": "postgres://load:5432", "name": name, "facets": facets}
}

const columns = 8

func fields() []any {
	var out []any
	for c := range columns {
		out = append(out, map[string]any{"name": fmt.Sprintf("column_%d", c), "type": "varchar(200)", "description": "One of the columns."})
	}
	return out
}

func lineage(job int) map[string]any {
	out := map[string]any{}
	for c := range columns {
		name := fmt.Sprintf("column_%d", c)
		out[name] = map[string]any{"inputFields": []any{map[string]any{
			"namespace": "postgres://load:5432", "name": source(job, 1+c%2), "field": name,
			"transformations": []any{map[string]any{"type": "DIRECT", "subtype": "IDENTITY", "masking": false}},
		}}}
	}
	return out
}

// quantiles says how long things took.
func quantiles(ds []time.Duration) string {
	if len(ds) == 0 {
		return "nothing"
	}
	slices.Sort(ds)
	at := func(q float64) time.Duration {
		return ds[min(len(ds)-1, int(q*float64(len(ds))))].Round(10 * time.Microsecond)
	}
	return fmt.Sprintf("p50 %v p95 %v p99 %v max %v", at(0.5), at(0.95), at(0.99), ds[len(ds)-1].Round(10*time.Microsecond))
}
