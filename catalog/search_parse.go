package catalog

import (
	"slices"
	"strings"
	"unicode"
)

// Typed is what the text of the search box says. Words are free words and quoted phrases, in their order.
type Typed struct {
	Words []string
	Terms []Term
	Notes []string // what was not understood, as sentences; no part of the text
}

// The qualifiers of the search box.
const (
	byKind           = "kind"           // dataset, transform, consumer, domain, or a kind of consumer
	byDomain         = "domain"         // name or title
	byOwner          = "owner"          // name or title
	byTag            = "tag"            // name
	byClass          = "class"          // data class, declared or inherited
	byClassification = "classification" // public to restricted
	byPlatform       = "platform"       // postgres, s3, …
	byType           = "type"           // TABLE, sql, …
	byState          = "state"          // of a job's last run
	byNamespace      = "namespace"
	byHas            = "has"    // title, description, owner, tag, class, domain, column, code
	byIs             = "is"     // unconfirmed, inferred, silent, failed
	byColumn         = "column" // has a column with these words in its name
	bySort           = "sort"   // name, written, ran, relevance; a minus in front reverses
)

// Qualifiers are the fields that the search box understands.
var Qualifiers = []string{
	byKind, byDomain, byOwner, byTag, byClass, byClassification, byPlatform, byType, byState, byNamespace, byHas, byIs, byColumn, bySort,
}

// otherNames are further words for a field.
var otherNames = map[string]string{"level": byClassification, "dataclass": byClass, "in": byDomain}

func qualifierOf(word string) (string, bool) {
	word = strings.ToLower(word)
	if f, ok := otherNames[word]; ok {
		return f, true
	}
	return word, slices.Contains(Qualifiers, word)
}

// ParseSearch reads the text of a search box. Values with blanks stand in quotes, in which \ takes the meaning of the
// character behind it. What is no qualifier is a word; nothing is an error.
func ParseSearch(text string) Typed {
	var out Typed
	rest := []rune(text)
	for {
		rest = trimSpace(rest)
		if len(rest) == 0 {
			return out
		}
		rest = out.token(rest)
	}
}

func trimSpace(rs []rune) []rune {
	for len(rs) > 0 && unicode.IsSpace(rs[0]) {
		rs = rs[1:]
	}
	return rs
}

// token takes one token from the front and returns what is left.
func (t *Typed) token(rs []rune) []rune {
	not := rs[0] == '-' && len(rs) > 1 && !unicode.IsSpace(rs[1])
	if not {
		rs = rs[1:]
	}
	if rs[0] != '"' {
		if field, rest, ok := qualifier(rs); ok {
			value, rest := value(rest)
			t.term(field, value, not)
			return rest
		}
	}
	quoted := rs[0] == '"'
	word, rest := value(rs)
	t.word(word, not, quoted)
	return rest
}

// qualifier splits a field from the front, if a known one stands there.
func qualifier(rs []rune) (string, []rune, bool) {
	for i, r := range rs {
		if r == ':' {
			field, ok := qualifierOf(string(rs[:i]))
			return field, rs[i+1:], ok
		}
		if !unicode.IsLetter(r) {
			break
		}
	}
	return "", nil, false
}

// value takes a quoted text, or what stands before the next blank, from the front.
func value(rs []rune) (string, []rune) {
	if len(rs) == 0 || rs[0] != '"' {
		i := 0
		for i < len(rs) && !unicode.IsSpace(rs[i]) {
			i++
		}
		return string(rs[:i]), rs[i:]
	}
	var out []rune
	for i := 1; i < len(rs); i++ {
		switch {
		case rs[i] == '"':
			return string(out), rs[i+1:]
		case rs[i] == '\\' && i+1 < len(rs):
			i++
			out = append(out, rs[i])
		default:
			out = append(out, rs[i])
		}
	}
	return string(out), nil
}

func (t *Typed) term(field, value string, not bool) {
	if strings.TrimSpace(value) == "" {
		t.Notes = append(t.Notes, field+": needs a value.")
		return
	}
	t.Terms = append(t.Terms, Term{field, value, not})
}

func (t *Typed) word(word string, not, quoted bool) {
	if strings.TrimSpace(word) == "" {
		return
	}
	if not {
		t.Terms = append(t.Terms, Term{Value: word, Not: true})
		return
	}
	t.Words = append(t.Words, word)
	head, tail, ok := strings.Cut(word, ":")
	if ok && !quoted && isWord(head) && tail != "" && !strings.HasPrefix(tail, "/") {
		t.Notes = append(t.Notes, head+": is not a qualifier, so it was searched as a word.")
	}
}

func isWord(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}
