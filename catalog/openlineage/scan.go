package openlineage

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"weir/errs"
)

// node is one JSON value or member name within a document's text. The values in a container follow it, up to next.
type node struct {
	start, end, next uint32
	escaped          bool // a string with escapes in it
}

// document is JSON that was found to be right, without white space between its tokens, and an index of its values:
// finding a member costs a step for each member before it, however large those are.
type document struct {
	text  []byte
	nodes []node
}

// scanner checks JSON and writes the compact text and the index in one pass.
type scanner struct {
	*document
	src []byte
	pos int
}

// plain are the bytes that stand for themselves in a string.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x80; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// scan reads one JSON text. Its faults carry the position.
func (d *document) scan(src []byte) error {
	d.text, d.nodes = slices.Grow(d.text[:0], len(src)), d.nodes[:0]
	s := scanner{d, src, 0}
	if len(src) >= 3 && string(src[:3]) == "\ufeff" {
		s.pos = 3
	}
	if err := s.value(0); err != nil {
		return err
	}
	if s.peek() != 0 || s.pos < len(s.src) {
		return s.wrong("after the end of the JSON value")
	}
	return nil
}

// peek skips white space and returns the next byte; 0 at the end.
func (s *scanner) peek() byte {
	for ; s.pos < len(s.src); s.pos++ {
		if c := s.src[s.pos]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

func (s *scanner) wrong(where string) *fault {
	message := "The JSON ends too early, " + where
	if s.pos < len(s.src) {
		r, _ := utf8.DecodeRune(s.src[s.pos:])
		message = fmt.Sprintf("Not JSON: unexpected %q %s", r, where)
	}
	return &fault{kind: errs.Invalid, message: message, pos: s.pos}
}

// open adds a node that close completes.
func (s *scanner) open() (int, error) {
	if len(s.nodes) == MaxNodes {
		f := over(MaxNodes, "JSON values")
		f.message = "The event " + f.message
		return 0, f
	}
	if len(s.nodes) == cap(s.nodes) {
		// Doubling wastes less on the way to a million than what append does to large slices.
		s.nodes = slices.Grow(s.nodes, max(256, min(len(s.nodes), MaxNodes-len(s.nodes))))
	}
	s.nodes = append(s.nodes, node{start: uint32(len(s.text))})
	return len(s.nodes) - 1, nil
}

func (s *scanner) close(i int) {
	s.nodes[i].end = uint32(len(s.text))
	s.nodes[i].next = uint32(len(s.nodes))
}

func (s *scanner) value(depth int) error {
	c := s.peek()
	i, err := s.open()
	if err != nil {
		return err
	}
	switch {
	case (c == '{' || c == '[') && depth == MaxDepth:
		return &fault{kind: errs.TooLarge, message: fmt.Sprintf("is nested deeper than %d levels", MaxDepth), pos: s.pos}
	case c == '{':
		err = s.object(depth + 1)
	case c == '[':
		err = s.array(depth + 1)
	case c == '"':
		err = s.quoted()
	case c == '-' || c >= '0' && c <= '9':
		err = s.number()
	default:
		err = s.literal()
	}
	s.close(i)
	return err
}

func (s *scanner) object(depth int) error {
	s.take()
	if s.peek() == '}' {
		s.take()
		return nil
	}
	for {
		if s.peek() != '"' {
			return s.wrong("where the name of a member should be")
		}
		i, err := s.open()
		if err != nil {
			return err
		}
		if err := s.quoted(); err != nil {
			return err
		}
		s.close(i)
		if s.peek() != ':' {
			return s.wrong("where a colon should be")
		}
		s.take()
		if err := s.value(depth); err != nil {
			return s.deeper(i, err)
		}
		switch s.peek() {
		case ',':
			s.take()
		case '}':
			s.take()
			return nil
		default:
			return s.wrong("in an object, where a comma or } should be")
		}
	}
}

// deeper puts the name of a member before the path of what is too deep. What isn't JSON is placed by its position alone.
func (s *scanner) deeper(key int, err error) error {
	var f *fault
	if errors.As(err, &f) && f.kind == errs.TooLarge && f.pos >= 0 {
		return in(string(s.key(uint32(key))), err)
	}
	return err
}

func (s *scanner) array(depth int) error {
	s.take()
	if s.peek() == ']' {
		s.take()
		return nil
	}
	for {
		if err := s.value(depth); err != nil {
			return err
		}
		switch s.peek() {
		case ',':
			s.take()
		case ']':
			s.take()
			return nil
		default:
			return s.wrong("in an array, where a comma or ] should be")
		}
	}
}

// take copies the byte under the position.
func (s *scanner) take() {
	s.text = append(s.text, s.src[s.pos])
	s.pos++
}
