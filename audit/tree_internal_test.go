package audit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"weir/graph"
	"weir/graph/graphtest"
)

// The definitions of RFC 6962, section 2.1, word by word: slow, and obviously right.

func split(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

// naive is a log of leaves; it remembers roots by their range.
type naive struct {
	leaves [][]byte
	roots  map[[2]int]tlog.Hash
}

func (l naive) root(lo, hi int) tlog.Hash {
	if hi-lo == 1 {
		return tlog.RecordHash(l.leaves[lo])
	}
	h, ok := l.roots[[2]int{lo, hi}]
	if !ok {
		k := lo + split(hi-lo)
		h = tlog.NodeHash(l.root(lo, k), l.root(k, hi))
		l.roots[[2]int{lo, hi}] = h
	}
	return h
}

func (l naive) path(m, lo, hi int) []tlog.Hash {
	if hi-lo == 1 {
		return nil
	}
	k := lo + split(hi-lo)
	if m < k {
		return append(l.path(m, lo, k), l.root(k, hi))
	}
	return append(l.path(m, k, hi), l.root(lo, k))
}

func (l naive) subproof(m, lo, hi int, whole bool) []tlog.Hash {
	if m == hi && whole {
		return nil
	}
	if m == hi {
		return []tlog.Hash{l.root(lo, hi)}
	}
	k := lo + split(hi-lo)
	if m <= k {
		return append(l.subproof(m, lo, k, whole), l.root(k, hi))
	}
	return append(l.subproof(m, k, hi, false), l.root(lo, k))
}

func someLeaves(n int) [][]byte {
	leaves := make([][]byte, n)
	for i := range leaves {
		leaves[i] = fmt.Appendf(nil, `{"entry":%d}`, i)
	}
	return leaves
}

// store writes a tree in steps of random sizes, each from what the store holds, as checkpoints do.
func grown(t *testing.T, leaves [][]byte, step int) graph.Store {
	t.Helper()
	s := graphtest.Memory(Schema())
	for done := 0; done < len(leaves); {
		tr, err := loadTree(t.Context(), s, int64(done))
		if err != nil {
			t.Fatal(err)
		}
		next := min(done+1+rand.IntN(step), len(leaves))
		for _, leaf := range leaves[done:next] {
			tr.add(tlog.RecordHash(leaf))
		}
		err = s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, tr.writes()...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		done = next
	}
	return s
}

// Every proof of every tree of up to 300 entries, read from the tiles of the largest, is the one that the RFC defines.
func TestTree_ProofsAreThoseOfTheRFC(t *testing.T) {
	const most = 300
	leaves := someLeaves(most)
	l := naive{leaves, map[[2]int]tlog.Hash{}}
	r := tiles{ctx: t.Context(), r: grown(t, leaves, 7)}
	for n := 1; n <= most; n++ {
		root, err := rootAt(int64(n), r)
		if err != nil || root != l.root(0, n) {
			t.Fatalf("root of %d: %v, %v", n, root, err)
		}
		for i := range n {
			proof, err := tlog.ProveRecord(int64(n), int64(i), r)
			if err != nil || !slices.Equal(proof, l.path(i, 0, n)) {
				t.Fatalf("proof of %d in %d: %v, %v", i, n, proof, err)
			}
		}
		for m := 1; m <= n; m += 1 + n/40 {
			proof, err := tlog.ProveTree(int64(n), int64(m), r)
			if err != nil || !slices.Equal(proof, l.subproof(m, 0, n, true)) {
				t.Fatalf("proof of %d from %d: %v, %v", n, m, proof, err)
			}
		}
	}
}

// Beyond 65,536 entries there are three levels of tiles; tlog's own storage of hashes is the oracle.
func TestTree_ThreeLevelsAgreeWithStoredHashes(t *testing.T) {
	const most = 70_000
	leaves := someLeaves(most)
	s := grown(t, leaves, 9000)
	r := tiles{ctx: t.Context(), r: s}
	var stored []tlog.Hash
	oracle := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = stored[x]
		}
		return out, nil
	})
	for i, leaf := range leaves {
		hashes, err := tlog.StoredHashes(int64(i), leaf, oracle)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
	}
	for range 300 {
		n := 1 + rand.Int64N(most)
		i := rand.Int64N(n)
		want, err := tlog.ProveRecord(n, i, oracle)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := tlog.ProveRecord(n, i, r); err != nil || !slices.Equal(got, want) {
			t.Fatalf("proof of %d in %d: %v", i, n, err)
		}
		m := 1 + rand.Int64N(n)
		if want, err = treeProof(n, m, oracle); err != nil {
			t.Fatal(err)
		}
		if got, err := treeProof(n, m, r); err != nil || !slices.Equal(got, want) {
			t.Fatalf("proof of %d from %d: %v", n, m, err)
		}
	}
}

func treeProof(n, m int64, r tlog.HashReader) (tlog.RecordProof, error) {
	p, err := tlog.ProveTree(n, m, r)
	return tlog.RecordProof(p), err
}

func TestTree_DamagedTilesAreNoticed(t *testing.T) {
	s := grown(t, someLeaves(300), 50)
	id := place{0, 1}.id()
	err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		_, err := tx.Put(ctx, tileType.Write(id, graph.Upsert, tile{N: 1, Hashes: make([]byte, 32)}))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loadTree(t.Context(), s, 300); err == nil {
		t.Error("a tile that is too short is taken")
	}
	if _, err := rootAt(300, tiles{ctx: t.Context(), r: s}); err == nil {
		t.Error("a root is made of a tile that is too short")
	}
}
