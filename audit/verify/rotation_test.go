package verify

import (
	"fmt"
	"slices"
	"testing"
)

// rotated is a log whose first key hands over to a second: entry 11 announces it, entry 21 retires the first.
func rotated(t *testing.T) (f *forge, second string) {
	f = newForge(t)
	second = f.key()
	for n := 1; n <= 30; n++ {
		switch n {
		case 11:
			f.add(fields{action: "audit.key", facts: map[string]string{"vkey": second, "from": "11"}})
		case 21:
			f.add(fields{action: "audit.key_retire", facts: map[string]string{"vkey": f.first, "to": "21"}})
		default:
			f.add(fields{action: "thing.name"})
		}
		if n%5 == 0 {
			f.mark()
		}
	}
	return f, second
}

// honest signs with the keys that have to.
func (f *forge) honest(second string) func(size int64) []byte {
	return func(size int64) []byte {
		switch {
		case size < 11:
			return f.sign(size, f.first)
		case size < 21:
			return f.sign(size, f.first, second)
		}
		return f.sign(size, second)
	}
}

func TestKeysHandOver(t *testing.T) {
	f, second := rotated(t)
	whole := f.bundle(f.honest(second))
	for _, key := range []string{"", f.first, second} {
		r := check(t, whole, Options{Key: key})
		if !r.OK || !slices.Equal(r.Keys, []string{second}) {
			t.Errorf("by %q: %+v", key, r)
		}
	}
	if r := check(t, whole, Options{Key: f.key()}); r.OK || r.Reason != BadKey {
		t.Errorf("by the key of somebody else: %+v", r)
	}
	// A checkpoint from before the hand-over is enough to know the log by.
	if r := check(t, whole, Options{Key: f.first, Known: f.sign(8, f.first)}); !r.OK {
		t.Errorf("with a checkpoint of the first key: %+v", r)
	}
}

// Whoever writes a key of his own into the log gains nothing by it: no checkpoint of the first key vouches for his.
func TestKeysThatNobodyVouchesForAreRefused(t *testing.T) {
	f, second := rotated(t)
	for name, tt := range map[string]struct {
		sign func(size int64) []byte
		why  Reason
	}{
		"the old key never signed the new": {func(size int64) []byte {
			if size < 11 {
				return f.sign(size, f.first)
			}
			return f.sign(size, second)
		}, BadKey},
		"the new key forgot one": {func(size int64) []byte {
			if size == 20 {
				return f.sign(size, f.first)
			}
			return f.honest(second)(size)
		}, BadSignature},
		"the old key goes on alone": {func(size int64) []byte { return f.sign(size, f.first) }, BadSignature},
		"the old key stopped early": {func(size int64) []byte {
			if size > 15 {
				return f.sign(size, second)
			}
			return f.honest(second)(size)
		}, BadSignature},
	} {
		if r := check(t, f.bundle(tt.sign), Options{Key: f.first}); r.OK || r.Reason != tt.why {
			t.Errorf("%s: %+v, want %s", name, r, tt.why)
		}
	}
}

func TestKeyEntriesHaveToMakeSense(t *testing.T) {
	for name, facts := range map[string]struct {
		action string
		facts  map[string]string
	}{
		"no key":                {"audit.key", map[string]string{"from": "3"}},
		"no size":               {"audit.key", map[string]string{"vkey": "x"}},
		"a size to come":        {"audit.key", map[string]string{"from": "9"}},
		"the only key":          {"audit.key_retire", map[string]string{"to": "3"}},
		"a key of somebody":     {"audit.key_retire", map[string]string{"vkey": "x", "to": "3"}},
		"a redaction of itself": {"audit.redact", map[string]string{"seq": "3", "field": "changes"}},
		"a redaction of none":   {"audit.redact", map[string]string{"seq": "0", "field": "changes"}},
		"pruning to come":       {"audit.prune", map[string]string{"min_index": "256"}},
	} {
		f := newForge(t)
		f.add(fields{action: "thing.name"})
		f.add(fields{action: "thing.name"})
		if name == "the only key" {
			facts.facts["vkey"] = f.first
		}
		f.add(fields{action: facts.action, facts: facts.facts})
		f.mark()
		if r := check(t, f.plain(), Options{}); r.OK || r.Broken != 2 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// What a key entry says counts only if it was allowed.
func TestRefusedAttemptsChangeNothing(t *testing.T) {
	f := newForge(t)
	f.add(fields{action: "thing.name"})
	leaf := fmt.Sprintf(`{"action":"audit.key","actor":"u","decision":"denied","facts":{"from":"2","vkey":%q},"id":"ent_x","ts":"2026-01-01T00:00:09Z","v":1}`, f.key())
	f.raw([]byte(leaf))
	f.mark()
	if r := check(t, f.plain(), Options{Key: f.first}); !r.OK {
		t.Errorf("%+v", r)
	}
}

// Who has no key of the log goes on from what was signed: he announces his own key, retires the right one, and adds his signature to
// the checkpoints that there are, which everybody can.
func TestAnAddedSignatureVouchesForNobody(t *testing.T) {
	f := newForge(t)
	for range 10 {
		f.add(fields{action: "thing.name"})
	}
	f.mark()
	mine := f.key()
	f.add(fields{action: "audit.key", facts: map[string]string{"vkey": mine, "from": "11"}})
	f.add(fields{action: "audit.key_retire", facts: map[string]string{"vkey": f.first, "to": "11"}})
	f.mark()
	for _, known := range [][]byte{nil, f.sign(10, f.first, mine)} {
		if r := check(t, f.bundle(f.usurped(mine)), Options{Key: f.first, Known: known}); r.OK || r.Reason != BadKey {
			t.Errorf("announced in the log: %+v", r)
		}
	}
	listed := newForge(t)
	listed.signers, listed.first = f.signers, f.first
	for range 20 {
		listed.add(fields{action: "thing.name"})
		if n := len(listed.entries); n == 10 || n == 20 {
			listed.mark()
		}
	}
	for name, keys := range map[string][]Span{
		"from the beginning": {{Key: listed.first, To: 11}, {Key: mine}},
		"from there on":      {{Key: listed.first, To: 11}, {Key: mine, From: 10}},
	} {
		listed.keys = keys
		if r := check(t, listed.bundle(listed.usurped(mine)), Options{Key: listed.first}); r.OK || r.Reason != BadKey {
			t.Errorf("listed among the keys %s: %+v", name, r)
		}
	}
}

// usurped signs as somebody does who has only a key of his own, and one checkpoint that the right key signed.
func (f *forge) usurped(mine string) func(size int64) []byte {
	return func(size int64) []byte {
		if size == 10 {
			return f.sign(size, f.first, mine)
		}
		return f.sign(size, mine)
	}
}
