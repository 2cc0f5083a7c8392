package catalog

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"weir/graph"
)

func TestHighlight(t *testing.T) {
	for _, tt := range []struct{ text, query, want string }{
		{"mart.customer_360", "customer", "mart.[customer]_360"},
		{"salesOrders", "orders", "sales[Orders]"},
		{"salesOrders", "salesorders", "[salesOrders]"},
		{"Café au lait", "cafe", "[Café] au lait"},
		{"the cat", "ca", "the [cat]"},
		{"order2024", "order 2024", "[order2024]"},
		{"nothing here", "else", "nothing here"},
	} {
		got := tt.text
		for _, r := range slices.Backward(highlight(tt.text, graph.QueryWords(tt.query))) {
			got = got[:r.From] + "[" + got[r.From:r.To] + "]" + got[r.To:]
		}
		if got != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.query, tt.text, got, tt.want)
		}
	}
}

func TestHighlightMarksWhatIsFound(t *testing.T) {
	text := rapid.StringMatching(`([a-zA-Z0-9_éß .-]|abc|Order|日本){0,40}`)
	rapid.Check(t, func(t *rapid.T) {
		in := text.Draw(t, "text")
		words := graph.Words(in)
		if len(words) == 0 {
			return
		}
		word := rapid.SampledFrom(words).Draw(t, "word")
		rs := highlight(in, []string{word})
		if len(rs) == 0 {
			t.Fatalf("%q of %q is not marked", word, in)
		}
		last := 0
		for _, r := range rs {
			if r.From < last || r.To <= r.From || r.To > len(in) || !utf8.ValidString(in[r.From:r.To]) {
				t.Fatalf("%q of %q is marked at %v", word, in, rs)
			}
			last = r.To
			if !strings.HasPrefix(strings.Join(graph.QueryWords(in[r.From:r.To]), ""), word) && !slices.Contains(graph.Words(in[r.From:r.To]), word) {
				t.Fatalf("%q of %q is marked as %q", word, in, in[r.From:r.To])
			}
		}
	})
}

func TestExcerptsOfLongTextsKeepTheirMarks(t *testing.T) {
	text := strings.Repeat("é filler ", 100) + "needle " + strings.Repeat("straw ", 100)
	m, ok := match("description", text, []string{"needle"})
	if !ok || len(m.Text) > maxExcerpt || !utf8.ValidString(m.Text) {
		t.Fatalf("got %q", m.Text)
	}
	if r := m.Ranges[0]; m.Text[r.From:r.To] != "needle" {
		t.Errorf("marked %q in %q", m.Text[r.From:r.To], m.Text)
	}
	long := strings.Repeat("x", 3*maxExcerpt)
	if m, ok := match("name", long, []string{"x"}); !ok || len(m.Text) > maxExcerpt || len(m.Ranges) != 1 {
		t.Errorf("a word longer than an excerpt: %d bytes, %v", len(m.Text), m.Ranges)
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"a", "", 1}, {"order", "ordre", 1}, {"custmoer", "customer", 1}, {"café", "cafe", 1}, {"abc", "xyz", 3}, {"abcdef", "a", 4},
	} {
		if got := edits(tt.a, tt.b, 3); got != tt.want {
			t.Errorf("%q to %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
	word := rapid.StringMatching(`[abc]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, limit := word.Draw(t, "a"), word.Draw(t, "b"), rapid.IntRange(0, 6).Draw(t, "limit")
		full := edits(a, b, 100)
		if full != edits(b, a, 100) || (full == 0) != (a == b) {
			t.Fatalf("%q and %q: %d", a, b, full)
		}
		if got := edits(a, b, limit); got != min(full, limit+1) {
			t.Fatalf("%q to %q within %d: %d, want %d", a, b, limit, got, full)
		}
	})
}
