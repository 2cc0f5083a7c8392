package catalog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"weir/graph"
)

// Match is a field in which words of the search were found. Text is the field's text, of a long one the part around
// the first word found; Field is the name of the property, or column, where Text is the name of one.
type Match struct {
	Field  string
	Text   string
	Ranges []Range // of Text, in bytes, in order
}

const (
	maxColumnMatches = 5   // names of columns shown with a hit
	maxExcerpt       = 200 // bytes of a match's text
)

// matches tells in which fields of a node the words were found.
func matches(n graph.Node, words []string) []Match {
	if len(words) == 0 {
		return nil
	}
	var out []Match
	for _, t := range kindSpecs[n.Kind].Text {
		text, _ := n.Props[t.Prop].(string)
		if t.Prop == "columnText" {
			out = append(out, columnMatches(text, words)...)
			continue
		}
		if m, ok := match(t.Prop, text, words); ok {
			out = append(out, m)
		}
	}
	return out
}

func match(field, text string, words []string) (Match, bool) {
	rs := highlight(text, words)
	if len(rs) == 0 {
		return Match{}, false
	}
	if len(text) > maxExcerpt {
		text, rs = excerpt(text, rs)
	}
	return Match{field, text, rs}, true
}

// columnMatches are the columns whose names hold most words, at most maxColumnMatches.
func columnMatches(text string, words []string) []Match {
	var out []Match
	for _, path := range strings.Fields(text) {
		if m, ok := match("column", path, words); ok {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int { return covered(b) - covered(a) })
	return out[:min(len(out), maxColumnMatches)]
}

func covered(m Match) int {
	n := 0
	for _, r := range m.Ranges {
		n += r.To - r.From
	}
	return n
}

// excerpt cuts a long text to a part around the first range, and moves the ranges along.
func excerpt(text string, rs []Range) (string, []Range) {
	from := max(0, rs[0].From-maxExcerpt/4)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	if space := strings.IndexByte(text[from:rs[0].From], ' '); from > 0 && space >= 0 {
		from += space + 1
	}
	to := min(len(text), from+maxExcerpt)
	for to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	var out []Range
	for _, r := range rs {
		if r.From >= from && r.From < to {
			out = append(out, Range{r.From - from, min(r.To, to) - from})
		}
	}
	return text[from:to], out
}
