package verify

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A forge makes logs for tests, honest and dishonest ones.
type forge struct {
	t       testing.TB
	origin  string
	signers map[string]note.Signer // by verifier key
	first   string                 // the first key
	entries []forged
	hashes  []tlog.Hash // stored hashes of tlog
	marks   []int64     // sizes that are signed
	pruned  int64
	keys    []Span  // that a bundle lists; nil is the first alone
	kept    Payload // that sample redacts
}

// forged is an entry and its payload; hash may differ from the leaf to make a lie.
type forged struct {
	leaf    []byte
	hash    tlog.Hash
	payload []Payload
}

func newForge(t testing.TB) *forge {
	f := &forge{t: t, origin: "weir.test/audit/1", signers: map[string]note.Signer{}}
	f.first = f.key()
	return f
}

// key makes a key of the log.
func (f *forge) key() string {
	f.t.Helper()
	secret, public, err := note.GenerateKey(rand.Reader, f.origin)
	if err != nil {
		f.t.Fatal(err)
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		f.t.Fatal(err)
	}
	f.signers[public] = signer
	return public
}

// fields are what a test wants of an entry.
type fields struct {
	action, subject string
	facts           map[string]string
	body            string // of the payload; "" is none
	id              string
	at              time.Time
}

// add appends an entry.
func (f *forge) add(in fields) {
	n := len(f.entries)
	leaf := map[string]any{"action": in.action, "actor": "usr_1", "decision": "allowed", "v": 1}
	leaf["id"] = fmt.Sprintf("ent_%08x-0000-7000-8000-000000000000", n)
	if in.id != "" {
		leaf["id"] = in.id
	}
	at := time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC)
	if !in.at.IsZero() {
		at = in.at
	}
	leaf["ts"] = at.Format(time.RFC3339Nano)
	if in.subject != "" {
		leaf["subject"] = in.subject
	}
	if in.facts != nil {
		leaf["facts"] = in.facts
	}
	e := forged{}
	if in.body != "" {
		key := payloadKeyOf(n)
		m := hmac.New(sha256.New, key)
		m.Write([]byte(in.body))
		leaf["c"] = map[string]string{"changes": hex.EncodeToString(m.Sum(nil))}
		e.payload = []Payload{{Index: int64(n), Field: "changes", Key: key, Body: []byte(in.body)}}
	}
	var err error
	if e.leaf, err = json.Marshal(leaf); err != nil {
		f.t.Fatal(err)
	}
	f.raw(e.leaf, e.payload...)
}

// payloadKeyOf is the key of the commitment of an entry.
func payloadKeyOf(n int) []byte {
	key := sha256.Sum256([]byte{byte(n), byte(n >> 8), byte(n >> 16)})
	return key[:]
}

// raw appends an entry as it is.
func (f *forge) raw(leaf []byte, payload ...Payload) {
	e := forged{leaf: leaf, hash: tlog.RecordHash(leaf), payload: payload}
	hashes, err := tlog.StoredHashesForRecordHash(int64(len(f.entries)), e.hash, f.reader())
	if err != nil {
		f.t.Fatal(err)
	}
	f.hashes = append(f.hashes, hashes...)
	f.entries = append(f.entries, e)
}

func (f *forge) reader() tlog.HashReader {
	return tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(at))
		for i, n := range at {
			out[i] = f.hashes[n]
		}
		return out, nil
	})
}

// mark lets the log be signed at its present size.
func (f *forge) mark() { f.marks = append(f.marks, int64(len(f.entries))) }

// sign is the checkpoint of a size, signed with keys.
func (f *forge) sign(size int64, keys ...string) []byte {
	root, err := tlog.TreeHash(size, f.reader())
	if err != nil {
		f.t.Fatal(err)
	}
	var signers []note.Signer
	for _, k := range keys {
		signers = append(signers, f.signers[k])
	}
	text, err := note.Sign(&note.Note{Text: fmt.Sprintf("%s\n%d\n%s\n", f.origin, size, root)}, signers...)
	if err != nil {
		f.t.Fatal(err)
	}
	return text
}

// bundle is the log as a bundle; signs makes a checkpoint of a size.
func (f *forge) bundle(signs func(size int64) []byte) []byte {
	f.t.Helper()
	var b bytes.Buffer
	keys := f.keys
	if keys == nil {
		keys = []Span{{Key: f.first}}
	}
	w, err := Begin(&b, keys)
	for _, size := range f.marks {
		err = orFirst(err, w.Checkpoint(size, signs(size)))
	}
	for i, e := range f.entries {
		if int64(i) < f.pruned {
			err = orFirst(err, w.Pruned(e.hash))
		} else {
			err = orFirst(err, w.Add(e.hash, e.leaf, e.payload...))
		}
	}
	if err = orFirst(err, w.End()); err != nil {
		f.t.Fatal(err)
	}
	return b.Bytes()
}

// plain is the log as a bundle signed with the first key.
func (f *forge) plain() []byte {
	return f.bundle(func(size int64) []byte { return f.sign(size, f.first) })
}

func orFirst(first, then error) error {
	if first != nil {
		return first
	}
	return then
}

// proof is a proof of an entry in the form of C2SP.
func (f *forge) proof(index, size int64) []byte {
	hashes, err := tlog.ProveRecord(size, index, f.reader())
	if err != nil {
		f.t.Fatal(err)
	}
	out := fmt.Appendf(nil, "%sextra %s\nindex %d\n", proofHead, strict.EncodeToString(f.entries[index].leaf), index)
	for _, h := range hashes {
		out = fmt.Appendf(out, "%s\n", h)
	}
	return append(append(out, '\n'), f.sign(size, f.first)...)
}

// sample is an honest log of 40 entries in which there is a bit of everything, signed at several sizes.
func sample(t testing.TB) *forge {
	f := newForge(t)
	for i := range 39 {
		in := fields{action: "catalog.describe", facts: map[string]string{"n": fmt.Sprint(i)}}
		if i%3 != 0 {
			in.body = fmt.Sprintf(`[{"asset":"ds_%d","field":"description","after":"text %d"}]`, i, i)
		}
		if i%6 == 1 {
			in.subject = "usr_9"
		}
		f.add(in)
		if i == 0 || i == 6 || i == 7 || i == 30 {
			f.mark()
		}
	}
	f.add(fields{action: "audit.redact", facts: map[string]string{"seq": "3", "field": "changes", "basis": "court"}})
	f.kept, f.entries[2].payload = f.entries[2].payload[0], nil
	f.mark()
	return f
}

func check(t testing.TB, bundle []byte, o Options) Result {
	t.Helper()
	r, err := Bundle(bytes.NewReader(bundle), o)
	if err != nil {
		t.Fatalf("the bundle can't be read: %v", err)
	}
	return r
}
