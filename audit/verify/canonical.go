package verify

import (
	"errors"
	"unicode/utf8"
)

// A scanner reads canonical JSON (RFC 8785) and refuses any other: each value has one spelling only, so that nobody can
// show two readers of an entry different things. Of numbers it knows whole ones, of keys plain ASCII: entries hold
// no others.
type scanner struct {
	text []byte
	at   int
}

var errForm = errors.New("is not canonical JSON")

const (
	maxDepth = 32
	maxDigit = 15 // digits that every reader of JSON keeps exactly
)

// canonical tells whether text is one value of canonical JSON.
func canonical(text []byte) error {
	s := scanner{text: text}
	if err := s.value(0); err != nil {
		return err
	}
	return s.end()
}

func (s *scanner) end() error {
	if s.at != len(s.text) {
		return errForm
	}
	return nil
}

// take goes on behind c if that is what comes.
func (s *scanner) take(c byte) bool {
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) word(w string) error {
	if len(s.text)-s.at < len(w) || string(s.text[s.at:s.at+len(w)]) != w {
		return errForm
	}
	s.at += len(w)
	return nil
}

// value skips any value.
func (s *scanner) value(depth int) error {
	if depth > maxDepth || s.at >= len(s.text) {
		return errForm
	}
	switch s.text[s.at] {
	case '{':
		return s.object(func(string) error { return s.value(depth + 1) })
	case '[':
		return s.array(depth)
	case '"':
		_, err := s.str()
		return err
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	return s.number()
}

// object reads an object; each is called behind every key and has to read the value.
func (s *scanner) object(each func(key string) error) error {
	if !s.take('{') {
		return errForm
	}
	if s.take('}') {
		return nil
	}
	for last, first := "", true; ; first = false {
		key, err := s.str()
		if err != nil {
			return err
		}
		if !ascii(key) || !first && key <= last {
			return errForm
		}
		last = key
		if !s.take(':') {
			return errForm
		}
		if err := each(key); err != nil {
			return err
		}
		if s.take('}') {
			return nil
		}
		if !s.take(',') {
			return errForm
		}
	}
}

func (s *scanner) array(depth int) error {
	s.at++
	if s.take(']') {
		return nil
	}
	for {
		if err := s.value(depth + 1); err != nil {
			return err
		}
		if s.take(']') {
			return nil
		}
		if !s.take(',') {
			return errForm
		}
	}
}

func (s *scanner) number() error {
	negative := s.take('-')
	begin := s.at
	for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
		s.at++
	}
	digits := s.text[begin:s.at]
	if len(digits) == 0 || len(digits) > maxDigit || digits[0] == '0' && (len(digits) > 1 || negative) {
		return errForm
	}
	return nil
}

// str reads a string.
func (s *scanner) str() (string, error) {
	if !s.take('"') {
		return "", errForm
	}
	begin := s.at
	for i := begin; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			s.at = i + 1
			return string(s.text[begin:i]), nil
		case c == '\\' || c < 0x20 || c >= utf8.RuneSelf:
			s.at = i
			return s.rest(append([]byte(nil), s.text[begin:i]...))
		}
	}
	return "", errForm
}

// rest reads on in a string that is not plain ASCII; out is what was read.
func (s *scanner) rest(out []byte) (string, error) {
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c == '"':
			s.at++
			return string(out), nil
		case c == '\\':
			plain, err := s.escape()
			if err != nil {
				return "", err
			}
			out = append(out, plain)
		case c < 0x20:
			return "", errForm
		default:
			r, n := utf8.DecodeRune(s.text[s.at:])
			if r == utf8.RuneError && n == 1 {
				return "", errForm
			}
			out = append(out, s.text[s.at:s.at+n]...)
			s.at += n
		}
	}
	return "", errForm
}

// short are the escapes with a letter; all other control characters have to be written \u00xx.
var short = map[byte]byte{'"': '"', '\\': '\\', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (s *scanner) escape() (byte, error) {
	rest := s.text[s.at:]
	if len(rest) >= 2 {
		if plain, ok := short[rest[1]]; ok {
			s.at += 2
			return plain, nil
		}
	}
	if len(rest) < 6 || string(rest[:4]) != `\u00` {
		return 0, errForm
	}
	high, low := hexDigit(rest[4]), hexDigit(rest[5])
	if high < 0 || high > 1 || low < 0 {
		return 0, errForm
	}
	plain := byte(high<<4 | low)
	for _, p := range short {
		if p == plain {
			return 0, errForm
		}
	}
	s.at += 6
	return plain, nil
}

// hexDigit is the value of a lower case digit, or -1.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] < 0x20 {
			return false
		}
	}
	return true
}
