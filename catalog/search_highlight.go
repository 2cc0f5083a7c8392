package catalog

import (
	"slices"
	"strings"
	"unicode"

	"weir/graph"
)

// Range is a part of a text, from byte From up to byte To.
type Range struct{ From, To int }

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
