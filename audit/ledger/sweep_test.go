package ledger_test

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/audit"
	"weir/audit/ledger"
	"weir/audit/verify"
	"weir/graph"
	"weir/graph/graphtest"
)

// A sweep changes a log in its store, past the program, in every way, and looks whether that is found out.
type sweep struct {
	*book
	random *rand.Rand
	first  string // the key of the log, which whoever checks has from elsewhere
	known  []byte // a checkpoint that left the building
	nodes  map[graph.Kind][]graph.Node
}

func newSweep(b *book) *sweep {
	b.full()
	last := b.sealedAll()
	s := &sweep{book: b, random: rand.New(rand.NewPCG(1, 2)), first: b.key(), known: last, nodes: map[graph.Kind][]graph.Node{}}
	for _, kind := range []graph.Kind{"Entry", "Payload", "Checkpoint", "Tile", "Log", "SubjectKey"} {
		s.nodes[kind] = s.all(kind)
	}
	return s
}

// sealedAll is the last checkpoint.
func (b *book) sealedAll() []byte {
	b.t.Helper()
	c, err := b.Log.Checkpoint(b.t.Context())
	b.must(err)
	return []byte(c.Note)
}

// all are the nodes of a kind in the order of their ids.
func (s *sweep) all(kind graph.Kind) []graph.Node {
	s.t.Helper()
	var out []graph.Node
	s.must(func() error {
		d, err := dumped(s.t.Context(), s.Store, kind)
		out = d
		return err
	}())
	if len(out) == 0 {
		s.t.Fatalf("there is nothing of kind %s", kind)
	}
	return out
}

// dumped are the nodes of a kind as a backup of the store holds them.
func dumped(ctx context.Context, s graph.Store, kind graph.Kind) ([]graph.Node, error) {
	var out []graph.Node
	for row, err := range s.Dump(ctx) {
		if err != nil {
			return nil, err
		}
		if row.Node != nil && row.Node.Kind == kind {
			out = append(out, *row.Node)
		}
	}
	slices.SortFunc(out, func(a, b graph.Node) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	return out, nil
}

// put writes nodes as they are.
func (s *sweep) put(nodes ...graph.Node) {
	s.t.Helper()
	s.must(s.Store.Update(s.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		for _, n := range nodes {
			if _, err := tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: n.ID, Kind: n.Kind, Props: n.Props}}); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (s *sweep) remove(ids ...graph.ID) {
	s.t.Helper()
	s.must(s.Store.Update(s.t.Context(), "", func(ctx context.Context, tx graph.Tx) error { return tx.Delete(ctx, ids...) }))
}

// with is a node with a property changed.
func with(n graph.Node, name string, v any) graph.Node {
	n.Props = maps.Clone(n.Props)
	n.Props[name] = v
	return n
}

// harm is one change, and what has to be said of it.
type harm struct {
	put    []graph.Node
	remove []graph.ID
	undo   []graph.Node
	index  int64 // to blame; -1 for none, anywhere if it depends
	why    []verify.Reason
}

const anywhere = -2

// change is a harm that replaces nodes.
func change(index int64, was, is graph.Node, why ...verify.Reason) harm {
	for name := range is.Props {
		if _, there := was.Props[name]; !there {
			was = with(was, name, nil)
		}
	}
	return harm{put: []graph.Node{is}, undo: []graph.Node{was}, index: index, why: why}
}

// loss is a harm that removes a node.
func loss(index int64, was graph.Node, why ...verify.Reason) harm {
	return harm{remove: []graph.ID{was.ID}, undo: []graph.Node{was}, index: index, why: why}
}

// flip is b with one bit changed.
func (s *sweep) flip(v any) []byte {
	b := slices.Clone(v.([]byte))
	b[s.random.IntN(len(b))] ^= 1 << s.random.IntN(8)
	return b
}

// plain is what the body of a payload says.
func (s *sweep) plain(v any) string {
	r, err := zstd.NewReader(nil)
	s.must(err)
	defer r.Close()
	b, err := r.DecodeAll(v.([]byte), nil)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// entry picks an entry, and its index.
func (s *sweep) entry() (graph.Node, int64) {
	n := s.pick("Entry")
	return n, n.Props["seq"].(int64) - 1
}

// payload picks a payload, and the index of its entry.
func (s *sweep) payload(sealed bool) (graph.Node, int64) {
	for {
		n := s.pick("Payload")
		if _, is := n.Props["sealed"].([]byte); is != sealed {
			continue
		}
		for _, e := range s.nodes["Entry"] {
			if string(e.ID) == n.Props["entry"] {
				return n, e.Props["seq"].(int64) - 1
			}
		}
	}
}

func (s *sweep) pick(kind graph.Kind) graph.Node {
	return s.nodes[kind][s.random.IntN(len(s.nodes[kind]))]
}

// since is the size of the last checkpoint that does not count an entry.
func (s *sweep) since(index int64) int64 {
	var size int64
	for _, c := range s.nodes["Checkpoint"] {
		if n := c.Props["size"].(int64); n <= index {
			size = max(size, n)
		}
	}
	return size
}

// harms are the ways to change a log in its store.
var harms = map[string]func(s *sweep) harm{
	"a bit of an entry": func(s *sweep) harm {
		n, i := s.entry()
		return change(i, n, with(n, "leaf", s.flip(n.Props["leaf"])), verify.BadLeaf)
	},
	"an entry with its hash in the tree": func(s *sweep) harm {
		n, i := s.entry()
		leaf := bytes.Replace(n.Props["leaf"].([]byte), []byte(`"v":1`), []byte(`"v":1,"w":1`), 1)
		tile := s.nodes["Tile"][0]
		hashes, h := slices.Clone(tile.Props["hashes"].([]byte)), tlog.RecordHash(leaf)
		copy(hashes[i*tlog.HashSize:], h[:])
		return harm{put: []graph.Node{with(n, "leaf", leaf), with(tile, "hashes", hashes)}, undo: []graph.Node{n, tile},
			index: s.since(i), why: []verify.Reason{verify.BadRoot}}
	},
	"an entry is removed": func(s *sweep) harm {
		n, i := s.entry()
		return loss(i, n, verify.LeafMissing)
	},
	"entries change places": func(s *sweep) harm {
		a, i := s.entry()
		b, j := s.entry()
		if i == j {
			return loss(i, a, verify.LeafMissing)
		}
		return harm{put: []graph.Node{with(a, "leaf", b.Props["leaf"]), with(b, "leaf", a.Props["leaf"])}, undo: []graph.Node{a, b},
			index: min(i, j), why: []verify.Reason{verify.LeafMoved}}
	},
	"an entry stands twice": func(s *sweep) harm {
		a, i := s.entry()
		b, j := s.entry()
		if i == j {
			return loss(i, a, verify.LeafMissing)
		}
		return change(i, a, with(a, "leaf", b.Props["leaf"]), verify.LeafMoved)
	},
	"the end is cut": func(s *sweep) harm {
		from := 1 + s.random.Int64N(36)
		h := harm{index: from, why: []verify.Reason{verify.LeafMissing}}
		for _, n := range s.nodes["Entry"] {
			if n.Props["seq"].(int64) > from {
				h.remove, h.undo = append(h.remove, n.ID), append(h.undo, n)
			}
		}
		return h
	},
	"what lists filter by": func(s *sweep) harm {
		n, i := s.entry()
		name := []string{"actor", "action", "target"}[s.random.IntN(3)]
		return change(i, n, with(n, name, "usr_mallory"), verify.BadRecord)
	},
	"a payload": func(s *sweep) harm {
		n, i := s.payload(false)
		body := s.flip(n.Props["body"])
		for s.plain(body) == s.plain(n.Props["body"]) { // a bit that means nothing to zstd
			body = s.flip(n.Props["body"])
		}
		return change(i, n, with(n, "body", body), verify.BadPayload, verify.PayloadMissing)
	},
	"a payload by another": func(s *sweep) harm {
		n, i := s.payload(false)
		other, j := s.payload(false)
		if i == j {
			return loss(i, n, verify.PayloadMissing)
		}
		return change(i, n, with(with(n, "body", other.Props["body"]), "key", other.Props["key"]), verify.BadPayload)
	},
	"the key of a payload": func(s *sweep) harm {
		n, i := s.payload(false)
		return change(i, n, with(n, "key", s.flip(n.Props["key"])), verify.BadPayload)
	},
	"a sealed payload": func(s *sweep) harm {
		n, i := s.payload(true)
		return change(i, n, with(n, "sealed", s.flip(n.Props["sealed"])), verify.PayloadMissing)
	},
	"a payload is removed": func(s *sweep) harm {
		n, i := s.payload(s.random.IntN(2) == 0)
		return loss(i, n, verify.PayloadMissing)
	},
	"a checkpoint": func(s *sweep) harm {
		n := s.pick("Checkpoint")
		note := string(s.flip([]byte(n.Props["note"].(string))))
		if !utf8.ValidString(note) {
			return loss(-1, n, verify.BadStore)
		}
		return change(anywhere, n, with(n, "note", note),
			verify.BadStore, verify.BadNote, verify.BadSignature, verify.BadOrigin, verify.BadOrder, verify.BadRoot)
	},
	"a checkpoint is removed": func(s *sweep) harm { return loss(-1, s.pick("Checkpoint"), verify.BadStore) },
	"the tree": func(s *sweep) harm {
		tile := s.nodes["Tile"][0]
		hashes := slices.Clone(tile.Props["hashes"].([]byte))
		at := s.random.IntN(37 * tlog.HashSize)
		hashes[at] ^= 1 << s.random.IntN(8)
		return change(int64(at/tlog.HashSize), tile, with(tile, "hashes", hashes), verify.BadTile)
	},
	"the tree is removed": func(s *sweep) harm { return loss(0, s.nodes["Tile"][0], verify.BadTile) },
	"the size that was signed": func(s *sweep) harm {
		n := s.pick("Log")
		return change(anywhere, n, with(n, "size", s.random.Int64N(37)), verify.RolledBack, verify.BadStore, verify.BadOrder)
	},
	"what was pruned": func(s *sweep) harm {
		n := s.pick("Log")
		return change(0, n, with(n, "min_index", int64(256)), verify.BadPrune)
	},
	"the keys": func(s *sweep) harm {
		n := s.pick("Log")
		_, vkey, err := note.GenerateKey(nil, s.Log.Origin())
		s.must(err)
		return change(-1, n, with(n, "keys", []string{vkey + " 0 0"}), verify.BadSignature)
	},
	"the keys to a person": func(s *sweep) harm {
		n := s.pick("SubjectKey")
		return change(2, n, with(n, "wrapped", s.flip(n.Props["wrapped"])), verify.PayloadMissing)
	},
}

// Whoever can write the store, but has not the key, is found out.
func TestChangesInTheStoreAreFoundOut(t *testing.T) {
	rounds := map[string]int{"memory": 400, "sqlite": 2000, "neo4j": 1000}
	switch {
	case racing: // the run without the race detector tries them all
		rounds["memory"], rounds["sqlite"] = 40, 200
	case os.Getenv("WEIR_TEST_FULL") != "":
		rounds["sqlite"] = 10_000
	}
	for name, rounds := range rounds {
		e := engines[slices.IndexFunc(engines, func(e engine) bool { return e.name == name })]
		t.Run(name, func(t *testing.T) {
			s := newSweep(openBook(t, e.open(t)))
			names := slices.Sorted(maps.Keys(harms))
			for round := range rounds {
				name := names[round%len(names)]
				s.try(name, harms[name](s))
			}
			s.holds(verify.Options{Known: s.known})
		})
	}
}

// try does harm, looks whether it is found out, and undoes it.
func (s *sweep) try(name string, h harm) {
	s.t.Helper()
	s.put(h.put...)
	s.remove(h.remove...)
	r, err := s.Verify(s.ctx(), verify.Options{Key: s.first, Known: s.known})
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	if r.OK || !slices.Contains(h.why, r.Reason) || h.index != anywhere && r.Broken != h.index || r.Message == "" {
		s.t.Errorf("%s: %t %s at %d (%s), want %v at %d", name, r.OK, r.Reason, r.Broken, r.Message, h.why, h.index)
	}
	s.put(h.undo...)
}

// A store that was replaced by an older copy of itself is found out by whoever has a later checkpoint.
func TestAnOlderCopyIsFoundOut(t *testing.T) {
	eachStore(t, func(t *testing.T, s graph.Store) {
		b := openBook(t, s)
		b.write(5)
		b.sealed()
		older := graphtest.Memory(schema(t))
		b.must(older.Restore(t.Context(), s.Dump(t.Context())))
		b.write(5)
		later := b.sealed()

		copied := *b
		copied.Service = &ledger.Service{Store: older, Now: b.Now}
		copied.reopen(audit.Options{})
		r, err := copied.Verify(b.ctx(), verify.Options{Key: b.key(), Known: []byte(later.Note)})
		b.must(err)
		if r.OK || r.Reason != verify.RolledBack {
			t.Errorf("%+v", r)
		}
	})
}

// The upper part of the tree is looked at too.
func TestTheTreeAboveTheEntriesIsChecked(t *testing.T) {
	b := openBook(t, engines[0].open(t))
	b.write(530)
	b.sealed()
	s := &sweep{book: b, random: rand.New(rand.NewPCG(1, 2)), nodes: map[graph.Kind][]graph.Node{}, first: b.key()}
	s.nodes["Tile"] = s.all("Tile")
	s.known = b.sealedAll()
	b.holds(verify.Options{})
	for _, n := range s.nodes["Tile"] {
		if n.Props["level"] != int64(1) {
			continue
		}
		hashes := slices.Clone(n.Props["hashes"].([]byte))
		hashes[40] ^= 1
		s.try("a tile of level 1", change(0, n, with(n, "hashes", hashes), verify.BadTile))
		return
	}
	t.Fatal("there is no tile of level 1")
}
