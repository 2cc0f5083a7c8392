package openlineage

import (
	"unicode/utf8"

	"weir/errs"
)

// quoted copies a string as it is, after checking its escapes and that it is UTF-8.
func (s *scanner) quoted() error {
	start, src := s.pos, s.src
	i := start + 1
	for {
		for i < len(src) && plain[src[i]] {
			i++
		}
		if s.pos = i; i == len(src) {
			return s.wrong("in a string")
		}
		switch c := src[i]; {
		case c == '"':
			s.pos = i + 1
			s.text = append(s.text, src[start:s.pos]...)
			return nil
		case c == '\\':
			n := escapeLen(src[i:])
			if n == 0 {
				return s.wrong("that begins no escape in a string")
			}
			s.nodes[len(s.nodes)-1].escaped = true
			i += n
		case c < 0x20:
			return s.wrong("in a string: control characters have to be escaped")
		default:
			r, n := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && n <= 1 {
				return &fault{kind: errs.Invalid, message: "Not UTF-8", pos: i}
			}
			i += n
		}
	}
}

// escapeLen is the length of the escape that b begins with; 0 if it is none.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b[2:]); ok {
			return 6
		}
	}
	return 0
}

// hex4 is the number that four hexadecimal digits say.
func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// number copies a number as it is, however long: it is understood only where one is asked for.
func (s *scanner) number() error {
	start := s.pos
	if s.src[s.pos] == '-' {
		s.pos++
	}
	if s.pos < len(s.src) && s.src[s.pos] == '0' {
		s.pos++
	} else if s.digits() == 0 {
		return s.wrong("in a number")
	}
	if s.pos < len(s.src) && s.src[s.pos] == '.' {
		s.pos++
		if s.digits() == 0 {
			return s.wrong("in a number")
		}
	}
	if s.pos < len(s.src) && (s.src[s.pos] == 'e' || s.src[s.pos] == 'E') {
		s.pos++
		if s.pos < len(s.src) && (s.src[s.pos] == '+' || s.src[s.pos] == '-') {
			s.pos++
		}
		if s.digits() == 0 {
			return s.wrong("in a number")
		}
	}
	s.text = append(s.text, s.src[start:s.pos]...)
	return nil
}

func (s *scanner) digits() int {
	start := s.pos
	for s.pos < len(s.src) && s.src[s.pos] >= '0' && s.src[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - start
}

func (s *scanner) literal() error {
	for _, word := range [...]string{"true", "false", "null"} {
		if end := s.pos + len(word); end <= len(s.src) && string(s.src[s.pos:end]) == word {
			s.text = append(s.text, word...)
			s.pos = end
			return nil
		}
	}
	return s.wrong("where a value should be")
}
