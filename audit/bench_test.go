package audit_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"weir/audit"
	"weir/graph"
)

// BenchmarkWrite compares a change with and without its entry, by 16 writers at once.
func BenchmarkWrite(b *testing.B) {
	for _, e := range engines {
		if e.name == "memory" {
			continue
		}
		for _, audited := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/audited=%t", e.name, audited), func(b *testing.B) {
				s := e.open(b)
				var n atomic.Int64
				took := make([]time.Duration, b.N)
				b.SetParallelism(8) // of two cores
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						i, begun := n.Add(1), time.Now()
						if err := changeOne(b.Context(), s, i, audited); err != nil {
							b.Error(err)
							return
						}
						took[i-1] = time.Since(begun)
					}
				})
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
				reportP95(b, took)
			})
		}
	}
}

func changeOne(ctx context.Context, s graph.Store, n int64, audited bool) error {
	id := graph.ID("th_" + strconv.FormatInt(n%5000, 10))
	return s.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if _, err := tx.Put(ctx, thingType.Write(id, graph.Upsert, thing{Name: strconv.FormatInt(n, 10)})); err != nil || !audited {
			return err
		}
		return audit.Append(ctx, tx, noon, audit.Entry{Actor: "usr_0123456789abcdef", Action: "catalog.describe", Target: id,
			Decision: audit.Allowed, Request: "0123456789abcdef", Changes: []audit.Change{{Asset: id, Field: "name", Before: "a", After: "b"}}})
	})
}

// large is a log of WEIR_BENCH_ENTRIES entries (100,000 if not set), all sealed; the time that sealing took is printed. It lies in
// WEIR_BENCH_DIR if that is set, and is made only once there.
func large(b *testing.B) *audit.Log {
	b.Helper()
	dir := os.Getenv("WEIR_BENCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	want := int64(100_000)
	if text := os.Getenv("WEIR_BENCH_ENTRIES"); text != "" {
		var err error
		if want, err = strconv.ParseInt(text, 10, 64); err != nil {
			b.Fatal(err)
		}
	}
	s := openFile(b, filepath.Join(dir, "weir.db"))
	l, err := audit.Open(b.Context(), s, audit.Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	for {
		state, err := l.State(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if state.Size >= want {
			return l
		}
		fill(b, s, int(min(10_000, want-state.Size)))
	}
}

// BenchmarkSeal seals a large log from its beginning.
func BenchmarkSeal(b *testing.B) {
	l := large(b)
	for b.Loop() {
		sealed := int64(0)
		for {
			c, err := (&audit.Sealer{Log: l}).Step(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			if c.Size == 0 {
				break
			}
			sealed += c.Size - c.Prev
		}
		b.ReportMetric(float64(sealed)/b.Elapsed().Seconds(), "entries/s")
	}
}

// BenchmarkProof proves entries all over a large log, reading them and their tiles from the store.
func BenchmarkProof(b *testing.B) {
	l := large(b)
	for {
		c, err := (&audit.Sealer{Log: l}).Step(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if c.Size == 0 {
			break
		}
	}
	c, err := l.Checkpoint(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	seq, took := int64(1), []time.Duration{}
	for b.Loop() {
		seq = (seq+7_919)%c.Size + 1
		begun := time.Now()
		if _, err := l.Proof(b.Context(), seq); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begun))
	}
	reportP95(b, took)
}

func reportP95(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
