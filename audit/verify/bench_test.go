package verify

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// BenchmarkBundle measures how long it takes to check a log of a million entries, three in four of which have a payload.
func BenchmarkBundle(b *testing.B) {
	const entries = 1_000_000
	f := newForge(b)
	for i := range entries {
		in := fields{action: "catalog.describe", subject: "usr_01980000-0000-7000-8000-000000000000",
			facts: map[string]string{"events": fmt.Sprint(i), "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}
		if i%4 != 0 {
			in.body = fmt.Sprintf(`[{"asset":"ds_%032d","field":"description","before":"what it said before","after":"text %d"}]`, i, i)
		}
		f.add(in)
		if i%256 == 255 {
			f.mark()
		}
	}
	f.mark()
	whole := f.plain()
	f.entries, f.hashes = nil, nil
	b.SetBytes(int64(len(whole)))
	b.ResetTimer()
	for b.Loop() {
		r, err := Bundle(io.Reader(bytes.NewReader(whole)), Options{Key: f.first})
		if err != nil || !r.OK || r.Size != entries {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(entries*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
