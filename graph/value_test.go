package graph_test

import (
	"strings"
	"testing"
	"time"

	"weir/graph"
)

func TestWords(t *testing.T) {
	for _, tc := range []struct{ text, words, query string }{
		{"salesOrders_1", "sales orders salesorders 1", "sales orders 1"},
		{"Überweisung naïve", "uberweisung naive", "uberweisung naive"},
		{"HTTPServer", "httpserver", "httpserver"},
		{"x86", "x 86 x86", "x 86"},
		{"a a A", "a a a", "a"},
		{" -!? ", "", ""},
	} {
		if got := strings.Join(graph.Words(tc.text), " "); got != tc.words {
			t.Errorf("Words(%q) = %q, want %q", tc.text, got, tc.words)
		}
		if got := strings.Join(graph.QueryWords(tc.text), " "); got != tc.query {
			t.Errorf("QueryWords(%q) = %q, want %q", tc.text, got, tc.query)
		}
	}
	long := graph.Words(strings.Repeat("x", graph.MaxWordLen-1) + strings.Repeat("ж", 9))
	if len(long) != 1 || long[0] != strings.Repeat("x", graph.MaxWordLen-1) {
		t.Errorf("a long word is cut to %q", long)
	}
}

func TestSortKey(t *testing.T) {
	x := strings.Repeat("x", graph.MaxSortBytes)
	for text, want := range map[string]string{"": "", "a": "a", x: x, x + "y": x, x[1:] + "é": x[1:], x[2:] + "éa": x[2:] + "é"} {
		if got := graph.SortKey(text); got != want {
			t.Errorf("SortKey(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestValue(t *testing.T) {
	for want, v := range map[string]any{"text": "text", "true": true, "-7": int64(-7), "0.5": 0.5, "2024-01-02T00:00:00Z": time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC), "": []string{"x"}} {
		if got := graph.Value(v); got != want {
			t.Errorf("Value(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestScore(t *testing.T) {
	spec := graph.Spec{Text: []graph.Text{{Prop: "name", Weight: 4}, {Prop: "note", Weight: 1}}}
	for _, tc := range []struct {
		query string
		props graph.Props
		want  float64
	}{
		{"orders", graph.Props{"name": "orders"}, 16}, {"orders", graph.Props{"name": "old orders"}, 4}, {"orders", graph.Props{"note": "orders"}, 1},
		{"ord", graph.Props{"name": "orders"}, 2}, {"old orders", graph.Props{"name": "orders", "note": "old"}, 5}, {"", graph.Props{"name": "orders"}, 0},
	} {
		if got := graph.Score(spec, graph.QueryWords(tc.query), tc.props); got != tc.want {
			t.Errorf("Score(%q, %v) = %g, want %g", tc.query, tc.props, got, tc.want)
		}
	}
}

func TestCursor(t *testing.T) {
	c := graph.Cursor("question", "a", "", "é\x00")
	got, err := graph.ParseCursor("question", c)
	if err != nil || len(got) != 3 || got[2] != "é\x00" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, bad := range []string{c[1:], c + "A", "x", graph.Cursor("another", "a")} {
		if _, err := graph.ParseCursor("question", bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if got, err := graph.ParseCursor("question", ""); got != nil || err != nil {
		t.Errorf("an empty cursor gives %q, %v", got, err)
	}
}
