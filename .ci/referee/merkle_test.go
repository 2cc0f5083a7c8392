package referee

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/graph"
)

// The vectors of transparency-dev/merkle, by what our verifier stands on.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Inclusion []struct {
			File              string
			LeafIdx, TreeSize uint64
			Root, LeafHash    []byte
			Proof             [][]byte
			WantErr           bool
		}
		Consistency []struct {
			File         string
			Size1, Size2 uint64
			Root1, Root2 []byte
			Proof        [][]byte
			WantErr      bool
		}
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Inclusion) < 90 || len(all.Consistency) < 90 {
		t.Fatalf("there are only %d and %d vectors", len(all.Inclusion), len(all.Consistency))
	}
	for _, v := range all.Inclusion {
		hashes, ok := sized(append(slices.Clone(v.Proof), v.Root, v.LeafHash))
		holds := ok && v.LeafIdx < v.TreeSize && v.TreeSize < 1<<62
		if holds {
			n := len(v.Proof)
			holds = tlog.CheckRecord(hashes[:n], int64(v.TreeSize), hashes[n], int64(v.LeafIdx), hashes[n+1]) == nil
		}
		if holds == v.WantErr {
			t.Errorf("%s: holds: %t", v.File, holds)
		}
	}
	for _, v := range all.Consistency {
		hashes, ok := sized(append(slices.Clone(v.Proof), v.Root1, v.Root2))
		holds := ok && v.Size1 >= 1 && v.Size1 <= v.Size2 && v.Size2 < 1<<62
		if holds {
			n := len(v.Proof)
			holds = tlog.CheckTree(hashes[:n], int64(v.Size2), hashes[n+1], int64(v.Size1), hashes[n]) == nil
		}
		if !ok && !v.WantErr {
			t.Logf("%s is passed over: its roots are words, which a root can't be here", v.File)
			continue
		}
		if holds == v.WantErr {
			t.Errorf("%s: holds: %t", v.File, holds)
		}
	}
}

// sized makes hashes of bytes, if all are as long as hashes.
func sized(raw [][]byte) ([]tlog.Hash, bool) {
	out := make([]tlog.Hash, len(raw))
	for i, b := range raw {
		if len(b) != tlog.HashSize {
			return nil, false
		}
		out[i] = tlog.Hash(b)
	}
	return out, true
}

func plain(hashes []tlog.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i, h := range hashes {
		out[i] = h[:]
	}
	return out
}

// Every proof of every small log, by the verifier of transparency-dev/merkle.
func TestEveryProofOfSmallLogs(t *testing.T) {
	const most = 300
	w := newWorld(t)
	hasher := rfc6962.DefaultHasher
	var roots []tlog.Hash
	for n := int64(1); n <= most; n++ {
		w.write()
		c := w.sealed()
		roots = append(roots, c.Root)
		for i := int64(1); i <= n; i++ {
			p, err := w.log.Proof(t.Context(), i)
			w.must(err)
			leaf := hasher.HashLeaf(p.Leaf)
			if err := proof.VerifyInclusion(hasher, uint64(i-1), uint64(n), leaf, plain(p.Hashes), c.Root[:]); err != nil {
				t.Fatalf("entry %d of %d: %v", i, n, err)
			}
		}
	}
	for n := int64(1); n <= most; n++ {
		for m := int64(1); m <= n; m++ {
			p, err := w.log.Consistency(t.Context(), m, n)
			w.must(err)
			err = proof.VerifyConsistency(hasher, uint64(m), uint64(n), plain(p), roots[m-1][:], roots[n-1][:])
			if err != nil {
				t.Fatalf("%d in %d: %v", m, n, err)
			}
		}
	}
}

// Proofs of sizes up to a million. The tree is laid into the store as the sealer would have left it.
func TestProofsOfALargeLog(t *testing.T) {
	const size = 1_000_000
	w := newWorld(t)
	hasher := rfc6962.DefaultHasher
	levels, all := [][]tlog.Hash{nil}, []tlog.Hash(nil)
	for i := range size {
		h := tlog.RecordHash(w.leaf(int64(i)))
		levels[0] = append(levels[0], h)
		more, err := tlog.StoredHashesForRecordHash(int64(i), h, stored(all))
		w.must(err)
		all = append(all, more...)
	}
	for l := 0; len(levels[l]) >= audit.TileWidth; l++ {
		levels = append(levels, nil)
		for part := range slices.Chunk(levels[l], audit.TileWidth) {
			if len(part) == audit.TileWidth {
				levels[l+1] = append(levels[l+1], top(part))
			}
		}
	}
	w.lay(size, levels)
	w.signs(size, tlog.Hash(root(w, size, all)))
	random := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		i := random.Int64N(size)
		w.layEntry(i)
		p, err := w.log.Proof(t.Context(), i+1)
		w.must(err)
		err = proof.VerifyInclusion(hasher, uint64(i), size, hasher.HashLeaf(p.Leaf), plain(p.Hashes), root(w, size, all))
		if err != nil {
			t.Fatalf("entry %d: %v", i+1, err)
		}
	}
	for range 10_000 {
		n := 1 + random.Int64N(size)
		m := 1 + random.Int64N(n)
		p, err := w.log.Consistency(t.Context(), m, n)
		w.must(err)
		err = proof.VerifyConsistency(hasher, uint64(m), uint64(n), plain(p), root(w, m, all), root(w, n, all))
		if err != nil {
			t.Fatalf("%d in %d: %v", m, n, err)
		}
	}
}

// root is that of the first n entries, by the library alone.
func root(w *world, n int64, all []tlog.Hash) []byte {
	h, err := tlog.TreeHash(n, stored(all))
	w.must(err)
	return h[:]
}

func stored(all []tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, n := range at {
			out[i] = all[n]
		}
		return out, nil
	})
}

func top(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	return tlog.NodeHash(top(hashes[:len(hashes)/2]), top(hashes[len(hashes)/2:]))
}

// leaf is the leaf of an entry of the large log.
func (w *world) leaf(index int64) []byte {
	return fmt.Appendf(nil, `{"action":"thing.name","actor":"usr_ann","decision":"allowed","id":"ent_%d","ts":"2026-01-01T00:00:00Z","v":1}`, index)
}

// layEntry puts an entry into the store.
func (w *world) layEntry(index int64) {
	w.put(graph.Node{ID: graph.ID(fmt.Sprintf("ent_%d", index)), Kind: "Entry", Props: graph.Props{
		"leaf": w.leaf(index), "seq": index + 1, "actor": "usr_ann", "action": "thing.name", "area": "thing",
		"at": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}})
}

// signs puts a checkpoint into the store, signed with the key of the log.
func (w *world) signs(size int64, root tlog.Hash) {
	w.t.Helper()
	secret, err := os.ReadFile(filepath.Join(w.dir, "audit.key"))
	w.must(err)
	signer, err := note.NewSigner(strings.TrimSpace(string(secret)))
	w.must(err)
	text, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", w.log.Origin(), size, root)}, signer)
	w.must(err)
	w.put(graph.Node{ID: graph.ID(fmt.Sprintf("chk_%d", size)), Kind: "Checkpoint", Props: graph.Props{
		"size": size, "note": string(text), "at": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}})
}

// lay puts the tiles of a tree into the store, and says that so much is sealed.
func (w *world) lay(size int64, levels [][]tlog.Hash) {
	w.t.Helper()
	nodes := []graph.Node{{ID: "log_audit", Kind: "Log", Props: graph.Props{"size": size}}}
	for l, hashes := range levels {
		n := int64(0)
		for part := range slices.Chunk(hashes, audit.TileWidth) {
			var b []byte
			for _, h := range part {
				b = append(b, h[:]...)
			}
			id := graph.ID(fmt.Sprintf("til_%d_%d", l, n))
			nodes = append(nodes, graph.Node{ID: id, Kind: "Tile", Props: graph.Props{"level": int64(l), "n": n, "hashes": b}})
			n++
		}
	}
	w.put(nodes...)
}
