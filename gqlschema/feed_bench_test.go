package gqlschema

import (
	"math/rand/v2"
	"net/http"
	"testing"
)

// BenchmarkFeed measures a page of the feed: the entries alone, with their leaves and payloads, and with a proof each.
func BenchmarkFeed(b *testing.B) {
	w := newGuardedWorld(b)
	log := w.sealing(b)
	for range 50 {
		w.change(b, rand.New(rand.NewPCG(7, 8)), 200, map[string]string{})
	}
	seal(b, log)
	asked := w.as(auditor)
	for _, bb := range []struct{ name, fields string }{
		{"entries", ""}, {"payloads", "leaf payload { key text }"}, {"proofs", "leaf payload { key text } proof { index hashes text }"},
	} {
		query := `query Q($after: String) { changes(first: 100, after: $after) { nodes { seq changes { asset field after } ` + bb.fields + ` } pageInfo { hasNextPage } } }`
		page := body(b, query, map[string]any{"after": spot{seq: 5_000}.cursor()})
		b.Run(bb.name, func(b *testing.B) {
			for b.Loop() {
				if r := asked.raw(http.MethodPost, mediaJSON, mediaResponse, page); r.Status != http.StatusOK || len(r.Errors) > 0 {
					b.Fatal(r.body)
				}
			}
		})
	}
}
