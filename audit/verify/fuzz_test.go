package verify

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// Whatever comes, a parser answers and does not panic; and what it takes has one spelling only.

func FuzzNote(f *testing.F) {
	s := sample(f)
	note := s.sign(7, s.first)
	f.Add(note)
	f.Add(append(bytes.Clone(note), note[len(note)-100:]...))
	f.Add([]byte("a\n1\n\n\n— b c\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parseCheckpoint(text)
		if err != nil {
			return
		}
		if c.size < 1 || c.origin == "" {
			t.Errorf("a checkpoint without size or origin: %q", text)
		}
		k, err := newKeyring("")
		if err == nil {
			err = k.add(Span{Key: s.first})
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.open(k); err == nil && !bytes.HasPrefix(text, note[:bytes.Index(note, []byte("\n\n"))]) {
			t.Errorf("a checkpoint that nobody signed: %q", text)
		}
	})
}

func FuzzProof(f *testing.F) {
	s := sample(f)
	f.Add(s.proof(3, 40))
	f.Add([]byte(proofHead + "index 0\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Proof(text, nil, Options{Key: s.first})
		if err != nil || !r.OK {
			return
		}
		p, err := parseProof(text)
		if err != nil {
			t.Fatal(err)
		}
		if p.index >= 40 || !bytes.Equal(p.leaf, s.entries[p.index].leaf) {
			t.Errorf("a proof of what is not in the log: %q", text)
		}
	})
}

func FuzzBundle(f *testing.F) {
	s := sample(f)
	whole := s.plain()
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(append(header(readmeName, 1<<40), whole...))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Bundle(bytes.NewReader(b), Options{Key: s.first})
		if err == nil && r.OK && r.Size == 40 && r.Checkpoints == 5 && !bytes.Equal(b, whole) {
			t.Error("a bundle that differs from the one that was signed holds")
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, text := range []string{
		`{"a":1,"b":[true,null,"x\n\u0001é"],"c":{}}`, `"\u00e9"`, `{"b":1,"a":2}`, `[1.5]`, `-0`, `[ ]`, `"\/"`, `{"a":1,"a":2}`,
		`"` + "\u2028" + `"`, `[[[[[[[[[[]]]]]]]]]]`, `01`, `"\ud800"`, "\"\xff\"",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var v any
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		is := d.Decode(&v) == nil && !d.More()
		if canonical(text) == nil {
			if !is {
				t.Fatalf("%q is canonical, but no JSON", text)
			}
			if again := respell(t, v); !bytes.Equal(again, text) {
				t.Errorf("%q is canonical, but spelled %q", text, again)
			}
		}
		if plain, ok := whole(v); is && ok && !strings.ContainsRune(string(text), '\ufffd') {
			if again := respell(t, plain); canonical(again) != nil && len(again) < 1000 {
				t.Errorf("%q is not canonical", again)
			}
		}
	})
}

// respell writes a value as RFC 8785 does.
func respell(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	for _, r := range []string{"\u2028", "\u2029"} {
		escape := map[string]string{"\u2028": `\u2028`, "\u2029": `\u2029`}[r]
		out = unescape(out, escape, r)
	}
	return out
}

// unescape replaces an escape that is one: not a backslash that is escaped itself, followed by letters.
func unescape(text []byte, escape, r string) []byte {
	var out []byte
	for i := 0; i < len(text); i++ {
		switch {
		case bytes.HasPrefix(text[i:], []byte(escape)):
			out = append(out, r...)
			i += len(escape) - 1
		case text[i] == '\\' && i+1 < len(text):
			out = append(out, text[i], text[i+1])
			i++
		default:
			out = append(out, text[i])
		}
	}
	return out
}

// whole tells whether a value holds only what entries may: whole numbers, keys of ASCII, no great depth.
func whole(v any) (any, bool) {
	switch v := v.(type) {
	case json.Number:
		s := strings.TrimPrefix(v.String(), "-")
		return v, len(s) <= maxDigit && strings.Trim(s, "0123456789") == "" && v.String() != "-0"
	case []any:
		for _, e := range v {
			if _, ok := whole(e); !ok {
				return nil, false
			}
		}
	case map[string]any:
		for k, e := range v {
			if _, ok := whole(e); !ok || !ascii(k) {
				return nil, false
			}
		}
	}
	return v, true
}
