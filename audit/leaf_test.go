package audit_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// allowedEscape are the escapes of RFC 8785: each character that needs one has one spelling.
var allowedEscape = regexp.MustCompile(`^\\(["\\bfnrt]|u00(0[0-7]|0b|0e|0f|1[0-9a-f]))`)

// canonicalText tells whether strings are spelled as RFC 8785 says.
func canonicalText(leaf string) bool {
	for i := 0; i < len(leaf); i++ {
		if leaf[i] < 0x20 {
			return false
		}
		if leaf[i] == '\\' {
			m := allowedEscape.FindString(leaf[i:])
			if m == "" {
				return false
			}
			i += len(m) - 1
		}
	}
	return utf8.ValidString(leaf)
}

func TestLeaf_SpellsEveryTextInOneWay(t *testing.T) {
	pieces := rapid.SampledFrom([]string{"\u2028", "\u2029", "\ufffd", `\u2028`, `\`, `\\`, `"`, "<&>", "\x00", "\b\f\v\n\r\t", "\x7f", "é", "😀", "a", "\xff", "\xe2\x80"})
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieces, 0, 8).Draw(rt, "text"), "")
		s := newStore(t)
		inTx(t, s, func(ctx context.Context, tx graph.Tx) error {
			return audit.Append(ctx, tx, noon, audit.Entry{Actor: "ann", Action: "act", Facts: map[string]string{"text": text}})
		})
		leaves, err := audit.Leaves(t.Context(), s, 0, 1)
		if err != nil {
			rt.Fatal(err)
		}
		var l struct{ Facts map[string]string }
		if err := json.Unmarshal(leaves[0].Bytes, &l); err != nil {
			rt.Fatal(err)
		}
		if want := strings.ToValidUTF8(text, "\ufffd"); utf8.ValidString(text) && l.Facts["text"] != want {
			rt.Errorf("%q is read as %q", text, l.Facts["text"])
		}
		if !canonicalText(string(leaves[0].Bytes)) {
			rt.Errorf("not canonical: %s", leaves[0].Bytes)
		}
	})
}

func TestLeaf_NamesOfFactsArePlain(t *testing.T) {
	for name, ok := range map[string]bool{"events": true, "a-b.c": true, "é": false, "a\n": false, "\xff": false} {
		s := newStore(t)
		err := s.Update(t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
			return audit.Append(ctx, tx, noon, audit.Entry{Actor: "ann", Action: "act", Facts: map[string]string{name: "x"}})
		})
		if (err == nil) != ok || err != nil && !errs.Is(err, errs.Internal) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
