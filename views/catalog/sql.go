package catalog

import (
	"html"
	"strings"
	"unicode"

	"github.com/a-h/templ"
)

// token is a piece of code with the class it is painted in: "k" keyword, "s" text, "n" number, "c" comment, "" rest.
type token struct {
	text  string
	class string
}

const keywordList = ` add all alter and any as asc between by case cast copy create cross current delete desc describe distinct drop
 else end except exists false from full group having if in inner insert intersect interval into is join lateral left like limit
 materialized merge not null offset on or order outer over overwrite partition primary qualify recursive replace right row rows select
 set table then true truncate union unnest update using values view when where window with `

var keywords = wordSet(keywordList)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// codeLines cuts code into painted lines. Only SQL is painted; a comment or text may span lines.
func codeLines(code, language string) [][]token {
	code = strings.ReplaceAll(strings.TrimRight(code, "\n"), "\r\n", "\n")
	tokens := []token{{text: code}}
	if strings.Contains(strings.ToLower(language), "sql") {
		tokens = scan(code)
	}
	lines := [][]token{{}}
	for _, t := range tokens {
		for i, piece := range strings.Split(t.text, "\n") {
			if i > 0 {
				lines = append(lines, nil)
			}
			if piece != "" {
				last := len(lines) - 1
				lines[last] = append(lines[last], token{piece, t.class})
			}
		}
	}
	return lines
}

// scan joins neighbours of one class as pieces of the code itself: adding texts up would be quadratic.
func scan(code string) []token {
	var tokens []token
	start := 0
	for at := 0; at < len(code); {
		n, class := next(code[at:])
		if last := len(tokens) - 1; last >= 0 && tokens[last].class == class {
			tokens[last].text = code[start : at+n]
		} else {
			start = at
			tokens = append(tokens, token{code[at : at+n], class})
		}
		at += n
	}
	return tokens
}

// next tells how many bytes the next token has and how to paint it; it always takes at least one byte.
func next(code string) (int, string) {
	switch c := code[0]; {
	case strings.HasPrefix(code, "--"):
		return until(code, "\n", 2, false), "c"
	case strings.HasPrefix(code, "/*"):
		return until(code, "*/", 2, true), "c"
	case c == '\'':
		return until(code, "'", 1, true), "s"
	case c >= '0' && c <= '9':
		return run(code, func(r rune) bool { return unicode.IsDigit(r) || r == '.' }), "n"
	}
	n := run(code, func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })
	if n == 0 {
		return 1, ""
	}
	if keywords[strings.ToLower(code[:n])] {
		return n, "k"
	}
	return n, ""
}

// until is the length up to the mark, searched from the offset; all of the code where the mark is missing.
func until(code, mark string, from int, include bool) int {
	at := strings.Index(code[from:], mark)
	if at < 0 {
		return len(code)
	}
	if include {
		at += len(mark)
	}
	return from + at
}

func run(code string, fits func(rune) bool) int {
	for i, r := range code {
		if !fits(r) {
			return i
		}
	}
	return len(code)
}

// paintedCode writes the lines itself: inside <pre> every blank counts, and a template would add some.
func paintedCode(code, language string) templ.Component {
	var out strings.Builder
	for _, line := range codeLines(code, language) {
		out.WriteString(`<span class="ln">`)
		for _, t := range line {
			if t.class == "" {
				out.WriteString(html.EscapeString(t.text))
				continue
			}
			out.WriteString(`<span class="` + t.class + `">` + html.EscapeString(t.text) + `</span>`)
		}
		out.WriteString("\n</span>")
	}
	return templ.Raw(out.String())
}
