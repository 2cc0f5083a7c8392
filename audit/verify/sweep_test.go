package verify

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// A lie is a way to change a log without the key. It returns what has to be found out, and the index to blame.
type lie struct {
	name string
	tell func(f *forge, at int) (Reason, int64)
}

// since is the index from which on nothing is proved when the checkpoint that covers index at fails.
func (f *forge) since(at int) int64 {
	size := int64(0)
	for _, m := range f.marks {
		if m > int64(at) {
			break
		}
		size = m
	}
	return size
}

var lies = []lie{
	{"an entry is changed", func(f *forge, at int) (Reason, int64) {
		f.entries[at].leaf = bytes.Replace(f.entries[at].leaf, []byte("usr_1"), []byte("usr_2"), 1)
		return BadLeaf, int64(at)
	}},
	{"an entry is changed with its hash", func(f *forge, at int) (Reason, int64) {
		e := &f.entries[at]
		e.leaf = bytes.Replace(e.leaf, []byte("usr_1"), []byte("usr_2"), 1)
		e.hash = tlog.RecordHash(e.leaf)
		return BadRoot, f.since(at)
	}},
	{"a hash is changed", func(f *forge, at int) (Reason, int64) {
		f.entries[at].hash[at%32] ^= 1
		return BadLeaf, int64(at)
	}},
	{"an entry is missing", func(f *forge, at int) (Reason, int64) {
		f.entries[at].leaf, f.entries[at].payload = nil, nil
		return LeafMissing, int64(at)
	}},
	{"an entry is removed with its hash", func(f *forge, at int) (Reason, int64) {
		f.entries = slices.Delete(f.entries, at, at+1)
		f.renumber()
		if f.since(at) == 31 { // the signed size is never reached
			return Cut, 39
		}
		return BadRoot, f.since(at)
	}},
	{"an entry is inserted", func(f *forge, at int) (Reason, int64) {
		leaf := bytes.Replace(f.entries[0].leaf, []byte("ent_00000000"), []byte("ent_99999999"), 1)
		f.entries = slices.Insert(f.entries, at, forged{leaf: leaf, hash: tlog.RecordHash(leaf)})
		f.renumber()
		return BadRoot, f.since(at)
	}},
	{"an entry is there twice", func(f *forge, at int) (Reason, int64) {
		f.entries = slices.Insert(f.entries, at, f.entries[at])
		f.renumber()
		return DuplicateID, int64(at + 1)
	}},
	{"an entry is added at the end", func(f *forge, _ int) (Reason, int64) {
		f.add(fields{action: "catalog.describe"})
		return BadOrder, 40
	}},
	{"two entries change places", func(f *forge, at int) (Reason, int64) {
		a, b := &f.entries[at], &f.entries[(at+1)%40]
		a.leaf, b.leaf = b.leaf, a.leaf
		return LeafMoved, int64(min(at, (at+1)%40))
	}},
	{"the end is cut", func(f *forge, at int) (Reason, int64) {
		f.entries = f.entries[:at+1]
		if at == 39 {
			f.entries = f.entries[:at]
		}
		return Cut, int64(len(f.entries))
	}},
	{"a payload is changed", func(f *forge, at int) (Reason, int64) {
		at = f.withPayload(at)
		p := &f.entries[at].payload[0]
		p.Body = bytes.Replace(p.Body, []byte("text"), []byte("lies"), 1)
		return BadPayload, int64(at)
	}},
	{"a key of a payload is changed", func(f *forge, at int) (Reason, int64) {
		at = f.withPayload(at)
		p := &f.entries[at].payload[0]
		p.Key = slices.Clone(p.Key)
		p.Key[at%32] ^= 0x80
		return BadPayload, int64(at)
	}},
	{"a payload is missing", func(f *forge, at int) (Reason, int64) {
		at = f.withPayload(at)
		f.entries[at].payload = nil
		return PayloadMissing, int64(at)
	}},
	{"a payload is there twice", func(f *forge, at int) (Reason, int64) {
		at = f.withPayload(at)
		f.entries[at].payload = append(f.entries[at].payload, f.entries[at].payload[0])
		return PayloadExtra, int64(at)
	}},
	{"a payload is that of another entry", func(f *forge, at int) (Reason, int64) {
		at = f.withPayload(at)
		other := f.withPayload(at + 1)
		p := f.entries[other].payload[0]
		p.Index = int64(at)
		f.entries[at].payload = []Payload{p}
		return BadPayload, int64(at)
	}},
	{"what was redacted is there", func(f *forge, _ int) (Reason, int64) {
		f.entries[2].payload = []Payload{f.kept}
		return PayloadKept, 2
	}},
}

// renumber gives payloads the indexes that their entries have now.
func (f *forge) renumber() {
	for i := range f.entries {
		f.entries[i].payload = slices.Clone(f.entries[i].payload)
		for j := range f.entries[i].payload {
			f.entries[i].payload[j].Index = int64(i)
		}
	}
}

// withPayload is the next entry, from at on and round, that has a payload.
func (f *forge) withPayload(at int) int {
	for ; len(f.entries[at%len(f.entries)].payload) == 0; at++ {
	}
	return at % len(f.entries)
}

// clone is a forge that can be changed without changing f.
func (f *forge) clone() *forge {
	c := *f
	c.entries = slices.Clone(f.entries)
	for i := range c.entries {
		c.entries[i].payload = slices.Clone(c.entries[i].payload)
	}
	c.hashes, c.marks = slices.Clone(f.hashes), slices.Clone(f.marks)
	return &c
}

// Whoever can write all files of a bundle, but has not the key, is found out, with the right reason and entry.
func TestLiesAreFoundOut(t *testing.T) {
	honest := sample(t)
	notes := map[int64][]byte{}
	for _, m := range honest.marks {
		notes[m] = honest.sign(m, honest.first)
	}
	for _, l := range lies {
		for at := range 40 {
			f := honest.clone()
			why, index := l.tell(f, at)
			r := check(t, f.bundle(func(size int64) []byte { return notes[size] }), Options{Key: f.first})
			if r.OK || r.Reason != why || r.Broken != index {
				t.Errorf("%s at %d: %t %s at %d (%s), want %s at %d", l.name, at, r.OK, r.Reason, r.Broken, r.Message, why, index)
			}
		}
	}
}

// Whoever damages a bundle anywhere, by whatever accident or attempt, is noticed: no byte of it is without meaning.
func TestEveryByteOfABundleCounts(t *testing.T) {
	f := sample(t)
	whole := f.plain()
	o := Options{Key: f.first}
	random := rand.New(rand.NewPCG(1, 2))
	rounds := 12_000
	if testing.Short() || racing {
		rounds = 1200
	}
	for round := range rounds {
		b, what := mutate(random, whole)
		if bytes.Equal(b, whole) {
			continue
		}
		r, err := Bundle(bytes.NewReader(b), o)
		if r.OK && what == "blocks removed" && r.Checkpoints == 4 {
			continue // a whole checkpoint before the last: all that it says, the last says too
		}
		if err == nil && (r.OK || r.Reason == "" || r.Message == "") {
			t.Fatalf("round %d: %s is not noticed: %+v", round, what, r)
		}
	}
}

// mutate changes bytes in one of several ways.
func mutate(random *rand.Rand, whole []byte) (changed []byte, what string) {
	b := slices.Clone(whole)
	at, n := random.IntN(len(b)), 1+random.IntN(600)
	end := min(at+n, len(b))
	switch random.IntN(8) {
	case 0:
		return slices.Delete(b, at, end), "bytes removed"
	case 1:
		return slices.Insert(b, at, b[at:end]...), "bytes repeated"
	case 2:
		return b[:at], "the end cut"
	case 3:
		at, n := at/block*block, (1+random.IntN(3))*block
		return slices.Delete(b, at, min(at+n, len(b))), "blocks removed"
	case 4:
		at := at / block * block
		return slices.Insert(b, at, b[at:min(at+block, len(b))]...), "blocks repeated"
	case 5:
		return append(b, make([]byte, n)...), "zeros behind the end"
	}
	b[at] ^= 1 << random.IntN(8)
	return b, "a bit flipped"
}

// Who holds the key and the database can sign another history. Whoever has a checkpoint of the first one finds him out.
func TestAnOlderCheckpointFindsOutTheHolderOfTheKey(t *testing.T) {
	f := sample(t)
	known := map[int64][]byte{}
	for n := int64(1); n <= 40; n++ {
		known[n] = f.sign(n, f.first)
	}
	rewritten := f.clone()
	rewritten.entries, rewritten.hashes = nil, nil
	for i, e := range f.entries {
		if i == 20 {
			e.leaf = bytes.Replace(e.leaf, []byte("usr_1"), []byte("usr_2"), 1)
		}
		rewritten.raw(e.leaf, e.payload...)
	}
	bundle := rewritten.plain()
	if r := check(t, bundle, Options{Key: f.first}); !r.OK {
		t.Fatalf("a history that is signed anew does not hold in itself: %+v", r)
	}
	for n, note := range known {
		r := check(t, bundle, Options{Key: f.first, Known: note})
		if n <= 20 && !r.OK || n > 20 && (r.OK || r.Reason != Forked) {
			t.Errorf("with a checkpoint of size %d: %+v", n, r)
		}
	}
	older := f.clone()
	older.marks, older.entries = older.marks[:4], older.entries[:31]
	older.entries[2].payload = []Payload{f.kept}
	if r := check(t, older.plain(), Options{Key: f.first, Known: known[40]}); r.OK || r.Reason != RolledBack {
		t.Errorf("an older copy of the log, with a checkpoint of size 40: %+v", r)
	}
}

// A log that somebody signed with a key of his own is refused by who knows the right key.
func TestAnotherKeyIsRefused(t *testing.T) {
	f := sample(t)
	right := f.first
	f.first = f.key()
	bundle := f.plain()
	if r := check(t, bundle, Options{Key: right}); r.OK || r.Reason != BadKey {
		t.Errorf("with the right key: %+v", r)
	}
	if r := check(t, bundle, Options{Known: f.sign(7, right)}); r.OK || r.Reason != BadSignature {
		t.Errorf("with a checkpoint that the right key signed: %+v", r)
	}
	if r := check(t, bundle, Options{}); !r.OK || r.Pinned || len(r.Notices) == 0 {
		t.Errorf("with nothing the log has to hold, but not without a warning: %+v", r)
	}
}
