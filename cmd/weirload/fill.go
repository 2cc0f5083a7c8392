package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"weir/audit"
	"weir/catalog"
	"weir/graph"
	"weir/graph/neo4j"
	"weir/graph/sqlite"
)

// The generated catalog is layered like a warehouse: dataset i is made by transform i from up to four earlier ones, most
// of them near, some of them hubs. fillSeed makes it the same every time.
const (
	fillSeed  = 7
	fillBatch = 2_000
	hubs      = 50
	inputs    = 4
)

var words = strings.Fields("customer order payment invoice session click return refund stock supplier campaign ticket store basket loyalty price")

// datasetName is the name of the i-th dataset.
func datasetName(i int) string {
	return fmt.Sprintf("mart_%d.%s_%s_%d", i%97, words[i%len(words)], words[i/len(words)%len(words)], i)
}

const loadNamespace = "snowflake://load"

func fill(ctx context.Context, where string, n int) (err error) {
	store, err := openStore(ctx, where)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	begin := time.Now()
	r := rand.New(rand.NewPCG(fillSeed, fillSeed))
	edges := 0
	for from := 0; from < n; from += fillBatch {
		to := min(from+fillBatch, n)
		es := edgesOf(r, from, to)
		if err := write(ctx, store, from, to, es); err != nil {
			return err
		}
		edges += len(es)
		if from/fillBatch%25 == 0 {
			fmt.Printf("\r%d of %d datasets", to, n)
		}
	}
	took := time.Since(begin)
	fmt.Printf("\r%d datasets, %d transforms, %d edges in %.1f s: %.0f edges/s, %.0f nodes/s\n",
		n, n, edges, took.Seconds(), float64(edges)/took.Seconds(), float64(2*n)/took.Seconds())
	return nil
}

func openStore(ctx context.Context, where string) (graph.Store, error) {
	schema, err := graph.Merge(catalog.Schema(), audit.Schema())
	if err != nil {
		return nil, err
	}
	if path, ok := strings.CutPrefix(where, "sqlite:"); ok {
		return sqlite.Open(ctx, path, schema, sqlite.Options{Serve: true})
	}
	return neo4j.Open(ctx, neo4j.Options{URI: where}, schema)
}

func write(ctx context.Context, store graph.Store, from, to int, es []graph.Edge) error {
	var ws []graph.NodeWrite
	for i := from; i < to; i++ {
		name := datasetName(i)
		ws = append(ws,
			catalog.DatasetType.Write(datasetID(i), graph.Upsert, catalog.Dataset{
				Namespace: loadNamespace, Name: name, Platform: "snowflake", Type: "TABLE", Audience: "open",
				Description: "Generated to measure with.", Classification: catalog.Classifications[i%4],
				Domain: catalog.DomainID(words[i%6]), Written: began.Add(time.Duration(i) * time.Second),
			}),
			catalog.TransformType.Write(jobID(i), graph.Upsert, catalog.Transform{
				Namespace: "load", Name: "make " + name, Type: "sql", Audience: "open",
			}))
	}
	return store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, ws...); err != nil {
			return err
		}
		for len(es) > 0 {
			part := es[:min(len(es), graph.MaxBatch)]
			if err := tx.Link(ctx, part...); err != nil {
				return err
			}
			es = es[len(part):]
		}
		return nil
	})
}

var began = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// edgesOf makes the edges around the transforms from..to: each writes its dataset and reads up to four earlier ones.
func edgesOf(r *rand.Rand, from, to int) []graph.Edge {
	var out []graph.Edge
	for i := from; i < to; i++ {
		add := func(a graph.ID, rel graph.Rel, b graph.ID) {
			out = append(out, graph.Edge{From: a, Rel: rel, To: b, Key: sourceID, Valid: graph.Span{Since: began},
				Props: graph.Props{catalog.EdgeHow: string(catalog.Observed), catalog.EdgeConfirmed: began}})
		}
		add(jobID(i), catalog.RelOutput, datasetID(i))
		seen := map[int]bool{}
		for range inputs {
			in := pick(r, i)
			if in >= 0 && in < i && !seen[in] {
				seen[in] = true
				add(datasetID(in), catalog.RelInput, jobID(i))
			}
		}
	}
	return out
}

// pick chooses an input for dataset i within its group of a thousand, now and then a hub of the same group: so walks
// have sizes from a few to some thousands, and some groups feed on the one before.
func pick(r *rand.Rand, i int) int {
	const group = 1_000
	base := i - i%group
	switch x := r.IntN(100); {
	case x < 2 && base > 0:
		return base - group + r.IntN(hubs)
	case x < 20:
		return base + r.IntN(hubs)
	}
	return i - 1 - r.IntN(max(1, min(200, i-base+1)))
}

func datasetID(i int) graph.ID { return catalog.DatasetID(loadNamespace, datasetName(i)) }
func jobID(i int) graph.ID     { return catalog.TransformID("load", "make "+datasetName(i)) }

var sourceID = string(catalog.SourceID("load", "https://example.com/load"))
