package verify

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"
)

// seen makes a witness: its verifier key, and what adds its signature to a checkpoint.
func seen(t *testing.T, name string) (key string, cosign func(note []byte) []byte) {
	t.Helper()
	public, secret, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	raw := append([]byte{cosignatureType}, public...)
	sum := sha256.Sum256([]byte(name + "\n" + string(raw)))
	cosign = func(note []byte) []byte {
		body := note[:bytes.Index(note, []byte("\n\n"))+1]
		signature := binary.BigEndian.AppendUint64(bytes.Clone(sum[:4]), 1_780_000_000)
		signature = append(signature, ed25519.Sign(secret, fmt.Appendf(nil, "cosignature/v1\ntime 1780000000\n%s", body))...)
		return fmt.Appendf(bytes.Clone(note), "— %s %s\n", name, strict.EncodeToString(signature))
	}
	return fmt.Sprintf("%s+%08x+%s", name, binary.BigEndian.Uint32(sum[:]), strict.EncodeToString(raw)), cosign
}

func TestWitnesses(t *testing.T) {
	f := sample(t)
	one, byOne := seen(t, "one.test/w")
	two, byTwo := seen(t, "two.test/w")
	// The first saw the log up to 31 entries, the second up to 8.
	whole := f.bundle(func(size int64) []byte {
		note := f.sign(size, f.first)
		if size <= 31 {
			note = byOne(note)
		}
		if size <= 8 {
			note = byTwo(note)
		}
		return note
	})
	strange, _ := seen(t, "one.test/w")
	for name, tt := range map[string]struct {
		witnesses []string
		up        int64
		why       Reason
	}{
		"none":             {nil, 0, ""},
		"one":              {[]string{one}, 31, ""},
		"both":             {[]string{one, two}, 8, ""},
		"a key of another": {[]string{strange}, 0, BadWitness},
		"no key":           {[]string{f.first}, 0, BadKey},
	} {
		r := check(t, whole, Options{Key: f.first, Witnesses: tt.witnesses})
		if r.OK != (tt.why == "") || r.Reason != tt.why || r.Witnessed != tt.up {
			t.Errorf("%s: %+v", name, r)
		}
	}
	note := byOne(f.sign(40, f.first))
	for at := bytes.Index(note, []byte("one.test")); at < len(note); at++ {
		changed := bytes.Clone(note)
		changed[at] ^= 1
		if r, err := Checkpoints(changed, Options{Key: f.first, Witnesses: []string{one}}); err == nil && r.OK {
			t.Errorf("byte %d of the signature of the witness is changed, unnoticed", at)
		}
	}
	alone := byOne(note[:bytes.Index(note, []byte("\n\n"))+2])
	if r, err := Checkpoints(alone, Options{Key: f.first, Witnesses: []string{one}}); err != nil || r.OK || r.Reason != BadSignature {
		t.Errorf("signed by the witness alone: %+v, %v", r, err)
	}
}
