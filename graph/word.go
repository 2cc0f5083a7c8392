package graph

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Words makes the words of a text, for both engines, at write and at query. Letters are lower-cased and stripped of
// marks (NFKD); a word ends where letters, digits and others meet and at a change from lower to upper case, and a run
// that was split so is also a word as a whole: "salesOrders_1" gives sales, orders, 1 and salesorders. Words are in the
// order of the text and may repeat. A word is cut at MaxWordLen bytes. Engines index its output only, encoded
// so that their own tokenizers leave it alone: it holds letters and digits, never a space.
func Words(text string) []string {
	return split(text, true)
}

// QueryWords makes the words that a search for text has to find: those of Words without the wholes of split runs, each
// once. With "salesOrders" one finds what holds sales and orders, adjacent or not.
func QueryWords(text string) []string {
	var out []string
	for _, word := range split(text, false) {
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

func split(text string, wholes bool) []string {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return splitAny(text, wholes)
		}
	}
	return splitASCII(text, wholes)
}

// splitASCII is splitAny for ASCII, which most texts are: its words are parts of one string.
func splitASCII(text string, wholes bool) []string {
	lowered := strings.ToLower(text)
	words := make([]string, 0, 8)
	run, part, parts, last := 0, 0, 0, other
	for i := range len(text) + 1 {
		c := other
		if i < len(text) {
			c = classOf(rune(text[i]))
		}
		if last != other && c != last && !(last == upper && c == lower) {
			words = append(words, cut(lowered[part:i]))
			part = i
			parts++
		}
		if c == other {
			if wholes && parts > 1 {
				words = append(words, cut(lowered[run:i]))
			}
			run, part, parts = i+1, i+1, 0
		}
		last = c
	}
	return words
}

func splitAny(text string, wholes bool) []string {
	w := splitter{wholes: wholes}
	for _, r := range norm.NFKD.String(text) {
		w.next(r)
	}
	w.endRun()
	return w.words
}

// splitter cuts a text into words. A run is a stretch of letters and digits; its parts are words.
type splitter struct {
	wholes bool // add split runs as a whole
	words  []string
	part   strings.Builder
	run    strings.Builder
	parts  int
	last   class
}

type class uint8

const (
	other class = iota
	lower
	upper
	digit
)

func classOf(r rune) class {
	switch {
	case unicode.IsUpper(r):
		return upper
	case unicode.IsLetter(r):
		return lower
	case unicode.IsNumber(r):
		return digit
	}
	return other
}

func (w *splitter) next(r rune) {
	if unicode.Is(unicode.Mn, r) {
		return // a mark of the letter before it: é is found by e
	}
	c := classOf(r)
	if c == other {
		w.endRun()
		return
	}
	if w.last != other && c != w.last && !(w.last == upper && c == lower) {
		w.endPart()
	}
	w.last = c
	r = unicode.ToLower(r)
	w.part.WriteRune(r)
	w.run.WriteRune(r)
}

func (w *splitter) endPart() {
	if w.part.Len() == 0 {
		return
	}
	w.words = append(w.words, cut(w.part.String()))
	w.part.Reset()
	w.parts++
}

func (w *splitter) endRun() {
	w.endPart()
	if w.wholes && w.parts > 1 {
		w.words = append(w.words, cut(w.run.String()))
	}
	w.run.Reset()
	w.parts = 0
	w.last = other
}

// cut shortens a word to MaxWordLen bytes at a rune's beginning.
func cut(word string) string { return cutAt(word, MaxWordLen) }

// cutAt shortens s to at most n bytes at a rune's beginning.
func cutAt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
