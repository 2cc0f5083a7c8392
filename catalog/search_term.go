package catalog

import (
	"slices"
	"strings"
	"unicode"
)

// Term is a qualifier that narrows a search, such as domain:payments; Not leaves out what it names. A Term without a
// Field is a word to be left out.
type Term struct {
	Field string // one of the Qualifiers; kind, not job
	Value string
	Not   bool
}

// String is the text that ParseSearch reads as the same words and terms.
func (t Typed) String() string {
	parts := make([]string, 0, len(t.Words)+len(t.Terms))
	for _, w := range t.Words {
		parts = append(parts, quoteWord(w))
	}
	for _, term := range t.Terms {
		parts = append(parts, term.String())
	}
	return strings.Join(parts, " ")
}

// String is the term as it is typed.
func (t Term) String() string {
	text := quoteWord(t.Value)
	if t.Field != "" {
		text = t.Field + ":" + quoteValue(t.Value)
	}
	if t.Not {
		return "-" + text
	}
	return text
}

// quoteWord quotes a word that would be read as something else.
func quoteWord(w string) string {
	_, _, isTerm := qualifier([]rune(w))
	if isTerm || strings.HasPrefix(w, "-") {
		return quote(w)
	}
	return quoteValue(w)
}

func quoteValue(v string) string {
	if strings.HasPrefix(v, `"`) || strings.ContainsFunc(v, unicode.IsSpace) {
		return quote(v)
	}
	return v
}

func quote(v string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
}

// Without is the same search without one term.
func (t Typed) Without(term Term) Typed {
	t.Terms = slices.DeleteFunc(slices.Clone(t.Terms), func(have Term) bool { return have == term })
	return t
}

// of are the values of a field that are asked for, each once.
func (t Typed) of(field string) []string {
	var out []string
	for _, term := range t.Terms {
		if term.Field == field && !term.Not && !slices.Contains(out, term.Value) {
			out = append(out, term.Value)
		}
	}
	return out
}

// text is what is searched in the words of things.
func (t Typed) text() string { return strings.Join(t.Words, " ") }
