package catalog

import (
	"slices"
	"strings"
	"unicode"
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

// Range is a part of a text, from byte From up to byte To.
type Range struct{ From, To int }

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

// highlight finds the parts of a text that are one of the words or begin with one; parts that touch are joined.
func highlight(text string, words []string) []Range {
	var out []Range
	for _, run := range runs(text) {
		for _, r := range partsFound(text, run, words) {
			if last := len(out) - 1; last >= 0 && out[last].To == r.From {
				out[last].To = r.To
				continue
			}
			out = append(out, r)
		}
	}
	return out
}

// partsFound is the whole run if a word is all of it, else those of its parts that words are or begin.
func partsFound(text string, run Range, words []string) []Range {
	if found(text[run.From:run.To], words) {
		return []Range{run}
	}
	var out []Range
	for _, part := range parts(text, run) {
		if found(text[part.From:part.To], words) {
			out = append(out, part)
		}
	}
	return out
}

// found tells whether the words of a piece, or the piece as a whole, begin with one of the words.
func found(piece string, words []string) bool {
	have := graph.Words(piece)
	if len(have) == 0 {
		return false
	}
	whole := have[len(have)-1] // of a piece with parts the last one is the whole
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(whole, w) })
}

// runs are the stretches of letters, digits and marks.
func runs(text string) []Range {
	var out []Range
	from := -1
	for i, r := range text {
		in := unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mn, r)
		switch {
		case in && from < 0:
			from = i
		case !in && from >= 0:
			out = append(out, Range{from, i})
			from = -1
		}
	}
	if from >= 0 {
		out = append(out, Range{from, len(text)})
	}
	return out
}

// parts cuts a run where graph.Words does: at a change of case or between letters and digits.
func parts(text string, run Range) []Range {
	var out []Range
	from, last := run.From, rune(0)
	for i, r := range text[run.From:run.To] {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		c := sortOf(r)
		if last != 0 && c != last && !(last == 'U' && c == 'l') {
			out = append(out, Range{from, run.From + i})
			from = run.From + i
		}
		last = c
	}
	return append(out, Range{from, run.To})
}

// sortOf is the sort of a character: U for upper case, 0 for a number, l for any other letter.
func sortOf(r rune) rune {
	switch {
	case unicode.IsUpper(r):
		return 'U'
	case unicode.IsNumber(r):
		return '0'
	}
	return 'l'
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
