package verify

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestProofsHoldOfEachEntry(t *testing.T) {
	f := sample(t)
	for index := range int64(40) {
		for _, size := range []int64{index + 1, 40} {
			r, err := Proof(f.proof(index, size), nil, Options{Key: f.first})
			if err != nil || !r.OK || r.Size != size || r.Broken != -1 {
				t.Errorf("entry %d of %d: %+v, %v", index+1, size, r, err)
			}
		}
	}
}

func TestProofsOfSomethingElseAreRefused(t *testing.T) {
	f := sample(t)
	o := Options{Key: f.first}
	good := f.proof(7, 40)
	text := string(good)
	lines := strings.SplitAfter(text, "\n")
	other := f.proof(8, 40)
	for name, tt := range map[string]struct {
		text string
		leaf []byte
		why  Reason
	}{
		"another entry":     {text, f.entries[9].leaf, BadProof},
		"no entry":          {strings.Replace(text, lines[1], "", 1), nil, BadProof},
		"another index":     {strings.Replace(text, "index 7\n", "index 8\n", 1), nil, BadProof},
		"an index beyond":   {strings.Replace(text, "index 7\n", "index 40\n", 1), nil, BadProof},
		"an odd index":      {strings.Replace(text, "index 7\n", "index 07\n", 1), nil, BadProof},
		"a hash less":       {strings.Replace(text, lines[3], "", 1), nil, BadProof},
		"a hash more":       {strings.Replace(text, lines[3], lines[3]+lines[3], 1), nil, BadProof},
		"no head":           {strings.TrimPrefix(text, proofHead), nil, BadProof},
		"no checkpoint":     {text[:strings.Index(text, "\n\n")+2], nil, BadNote},
		"a cut one":         {text[:len(text)-9], nil, BadNote},
		"more behind it":    {text + "x\n", nil, BadNote},
		"not canonical":     {string(proofOf(f, []byte(`{"v": 1}`))), nil, BadForm},
		"another's proof":   {strings.Replace(string(other), lines[1], lines[1], 1), f.entries[7].leaf, BadProof},
		"another log's key": {strings.Replace(text, f.origin+"\n40", "other\n40", 1), nil, BadOrigin},
		"another size":      {strings.Replace(text, "\n40\n", "\n41\n", 1), nil, BadSignature},
	} {
		r, err := Proof([]byte(tt.text), tt.leaf, o)
		if err != nil || r.OK || r.Reason != tt.why {
			t.Errorf("%s: %+v, %v, want %s", name, r, err, tt.why)
		}
	}
	if _, err := Proof(good, nil, Options{}); !errors.Is(err, errNoKey) {
		t.Errorf("without a key: %v", err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	for round := range 3000 {
		changed, what := mutate(random, good)
		if bytes.Equal(changed, good) {
			continue
		}
		if r, err := Proof(changed, nil, o); err == nil && r.OK {
			t.Fatalf("round %d: %s is not noticed", round, what)
		}
	}
}

// proofOf is a proof whose entry is replaced.
func proofOf(f *forge, leaf []byte) []byte {
	lines := strings.SplitAfter(string(f.proof(7, 40)), "\n")
	lines[1] = fmt.Sprintf("extra %s\n", strict.EncodeToString(leaf))
	return []byte(strings.Join(lines, ""))
}

func TestCheckpointsAlone(t *testing.T) {
	f := sample(t)
	rewritten := newForge(t)
	rewritten.signers, rewritten.first = f.signers, f.first
	for range 40 {
		rewritten.add(fields{action: "thing.other"})
	}
	for name, tt := range map[string]struct {
		text, known []byte
		why         Reason // "" if it holds
	}{
		"one":           {f.sign(40, f.first), nil, ""},
		"the same":      {f.sign(40, f.first), f.sign(40, f.first), ""},
		"of two roots":  {f.sign(40, f.first), rewritten.sign(40, f.first), Forked},
		"a shorter one": {f.sign(30, f.first), f.sign(40, f.first), RolledBack},
		"of somebody":   {f.sign(40, f.key()), nil, BadSignature},
	} {
		r, err := Checkpoints(tt.text, Options{Key: f.first, Known: tt.known})
		if err != nil || r.OK != (tt.why == "") || r.Reason != tt.why {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
	if _, err := Checkpoints(f.sign(40, f.first), Options{Key: f.first, Known: f.sign(30, f.first)}); !errors.Is(err, errApart) {
		t.Errorf("two sizes, with nothing between: %v", err)
	}
}
