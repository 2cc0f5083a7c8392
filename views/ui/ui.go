// Package ui holds the small parts that pages are made of: the gauge, the stamp, the icon, the person, the time.
// Everything here is fed with plain values and does no I/O.
package ui

import (
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"weir/static"
)

// Tone names a meaning that has a colour: "green", "amber", "red", "water", "violet", or "" for none.
type Tone string

// The tones, as the notes on the look define them.
const (
	Grey   Tone = ""
	Water  Tone = "water"
	Green  Tone = "green"
	Amber  Tone = "amber"
	Red    Tone = "red"
	Violet Tone = "violet"
)

// Link is a text that leads somewhere; without Href it is only the text.
type Link struct {
	Text string
	Href string
}

// Level is a classification: "public", "internal", "confidential", "restricted", or "" where nobody set one.
type Level string

// Word is the level as it is shown.
func (l Level) Word() string {
	if l == "" {
		return "Not classified"
	}
	return Capital(string(l))
}

// Bars is the number of filled bars of the gauge, 0 to 4.
func (l Level) Bars() int {
	switch l {
	case "public":
		return 1
	case "internal":
		return 2
	case "confidential":
		return 3
	case "restricted":
		return 4
	}
	return 0
}

// bar says whether the bar at index i, counted from the top, is filled: water rises from below.
func (l Level) bar(i int) string {
	if i >= 4-l.Bars() {
		return "on"
	}
	return "off"
}

// How tells how a thing carries a data class.
type How string

// A class is declared on the thing itself, inherited along columns, or masked on the way.
const (
	Declared  How = "declared"
	Inherited How = "inherited"
	Masked    How = "masked"
)

// Stamp is a data class on a thing.
type Stamp struct {
	// Class is "pii", "phi", "pci" or another class; lower case.
	Class string
	How   How
}

// Owner is a person, a team or an agent that answers for something. The zero value is nobody.
type Owner struct {
	ID   string
	Name string
	// Kind is "person", "team" or "agent".
	Kind string
	// Href is the list of what is owned; may be empty.
	Href string
}

// Initials are at most two letters of the name.
func (o Owner) Initials() string {
	var letters []rune
	for _, word := range strings.FieldsFunc(o.Name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		letters = append(letters, unicode.ToUpper([]rune(word)[0]))
		if len(letters) == 2 {
			break
		}
	}
	return string(letters)
}

// tint follows from the id, so that somebody looks the same on every page.
func (o Owner) tint() string {
	sum := 0
	for _, b := range []byte(o.ID + o.Name) {
		sum = (sum*31 + int(b)) % 5
	}
	return strconv.Itoa(sum + 1)
}

// When is a moment as a reader wants it, with the exact time behind it. The zero value is shown as nothing.
type When struct {
	At   time.Time
	Text string
}

// NewWhen words a moment as seen from now: minutes and hours up to a day, then the date.
func NewWhen(at, now time.Time) When {
	if at.IsZero() {
		return When{}
	}
	return When{At: at, Text: Ago(at, now)}
}

// Ago words a moment as seen from now.
func Ago(at, now time.Time) string {
	age := now.Sub(at)
	switch {
	case age < -time.Minute:
		return dated(at, now)
	case age < time.Minute:
		return "just now"
	case age < time.Hour:
		return fmt.Sprintf("%d min ago", int(age.Minutes()))
	case age < 24*time.Hour:
		return fmt.Sprintf("%d h ago", int(age.Hours()))
	}
	return dated(at, now)
}

func dated(at, now time.Time) string {
	if at.Year() == now.Year() {
		return at.Format("2 Jan")
	}
	return at.Format("2 Jan 2006")
}

// Exact is the full time for a tooltip or a table, in UTC unless the time carries another zone.
func (w When) Exact() string { return w.At.Format("2 Jan 2006, 15:04:05 MST") }

// Duration words a span: "850 ms", "42 s", "3 min 20 s", "2 h 5 min".
func Duration(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return pair(int(d.Minutes()), "min", int(d.Seconds())%60, "s")
	}
	return pair(int(d.Hours()), "h", int(d.Minutes())%60, "min")
}

func pair(big int, bigUnit string, small int, smallUnit string) string {
	if small == 0 {
		return fmt.Sprintf("%d %s", big, bigUnit)
	}
	return fmt.Sprintf("%d %s %d %s", big, bigUnit, small, smallUnit)
}

// Number writes a count with separators: 12,431.
func Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	var out strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(d)
	}
	return sign + out.String()
}

// Count writes a number with its noun: "1 dataset", "1,204 datasets".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(int64(n)) + " " + many
}

// Capital makes the first letter upper case.
func Capital(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// Segment is a piece of a text; Hit marks what a search matched.
type Segment struct {
	Text string
	Hit  bool
}

// Plain is a text without matches.
func Plain(text string) []Segment { return []Segment{{Text: text}} }

// Highlight prints a text with what was matched marked. It adds no blanks between the pieces.
func Highlight(segments []Segment) templ.Component {
	var out strings.Builder
	out.WriteString("<bdi>")
	for _, s := range segments {
		if s.Hit {
			out.WriteString("<mark>" + html.EscapeString(s.Text) + "</mark>")
			continue
		}
		out.WriteString(html.EscapeString(s.Text))
	}
	out.WriteString("</bdi>")
	return templ.Raw(out.String())
}

// SafeHTML is markup that was sanitised where it was made. Pages print it as it is.
type SafeHTML string

// iconShapes is trusted: it comes from vendored files that hold shapes only.
func iconShapes(name string) templ.Component { return templ.Raw(static.Icon(name)) }

// currentPage is the aria-current of a link in a list of pages.
func currentPage(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}

// currentPart is the aria-current of one choice among a few.
func currentPart(on bool) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

func smallUnless(large bool) templ.Attributes {
	if large {
		return nil
	}
	return templ.Attributes{"data-size": "sm"}
}
