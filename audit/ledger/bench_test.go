package ledger_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"

	"weir/audit"
	"weir/audit/verify"
	"weir/graph"
)

// filled is a log of n entries in SQLite, three in four of which changed something.
func filled(b *testing.B, n int) *book {
	k := openBook(b, openSQLite(b))
	const group = 250
	for at := 0; at < n; at += group {
		k.must(k.Store.Update(k.ctx(), "", func(ctx context.Context, tx graph.Tx) error {
			if _, err := tx.Put(ctx, thingType.Write("th_a", graph.Upsert, thing{Name: "a"})); err != nil {
				return err
			}
			entries := make([]audit.Entry, group)
			for i := range entries {
				entries[i] = audit.Entry{Actor: "usr_ann", Action: "thing.name", Target: "th_a", Decision: audit.Allowed,
					Facts: map[string]string{"digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}
				if i%4 != 0 {
					entries[i].Changes = []audit.Change{{Asset: "th_a", Field: "description", Before: "what it said", After: fmt.Sprint("text ", at+i)}}
				}
			}
			return audit.Append(ctx, tx, k.now, entries...)
		}))
		if at%(20*group) == 0 {
			k.sealed()
		}
	}
	for k.sealed().Size != 0 {
	}
	return k
}

// BenchmarkExport measures how fast a log leaves the store, and what memory that takes.
func BenchmarkExport(b *testing.B) {
	const n = 100_000
	k := filled(b, n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	b.ResetTimer()
	for b.Loop() {
		if _, err := k.Export(k.ctx(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(float64(after.HeapSys-before.HeapSys)/(1<<20), "MiB-more")
}

// BenchmarkVerify measures how long it takes to check a log where it lies.
func BenchmarkVerify(b *testing.B) {
	const n = 100_000
	k := filled(b, n)
	o := verify.Options{Key: k.key()}
	b.ResetTimer()
	for b.Loop() {
		if r, err := k.Verify(k.ctx(), o); err != nil || !r.OK {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
