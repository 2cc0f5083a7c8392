package openlineage

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"

	"weir/errs"
)

// Read reads the events of a file: one object, objects one after the other (a line each or not), or arrays of them. It
// holds one event at a time, so that a file may have millions.
//
// What is wrong with one event is in its Item, and reading goes on after it; after brackets or quotes that don't match,
// with the next line. The second value is an error of r itself, Internal; then reading ends.
func Read(r io.Reader) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		s := stream{in: bufio.NewReaderSize(r, 256<<10), at: origin{line: 1, column: 1}}
		for {
			it, err := s.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Item{}, errs.Wrap(err, errs.Internal, "The file can't be read."))
				return
			}
			if !yield(it, nil) {
				return
			}
		}
	}
}

// stream is the reading of one file.
type stream struct {
	in      *bufio.Reader
	framer  framer
	index   int
	at      origin
	inArray bool
	raw     []byte // of the event that is read, up to the limit
	size    int    // of the same, all of it
}

// next reads the next event; io.EOF after the last.
func (s *stream) next() (Item, error) {
	for {
		first, err := s.peek()
		if err != nil {
			return Item{}, err
		}
		switch {
		case first == '[' && !s.inArray:
			s.inArray = true
		case first == ']' && s.inArray:
			s.inArray = false
		case first == ',':
		default:
			return s.event(first)
		}
		if err := s.pass(1); err != nil {
			return Item{}, err
		}
	}
}

// peek skips white space, and a byte order mark at the beginning, and returns the next byte.
func (s *stream) peek() (byte, error) {
	if s.at.offset == 0 {
		if mark, err := s.in.Peek(3); err == nil && string(mark) == "\ufeff" {
			if err := s.pass(3); err != nil {
				return 0, err
			}
		}
	}
	for {
		b, err := s.in.Peek(1)
		if err != nil {
			return 0, err
		}
		if c := b[0]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c, nil
		}
		if err := s.pass(1); err != nil {
			return 0, err
		}
	}
}

// pass moves on by n bytes that were seen.
func (s *stream) pass(n int) error {
	seen, err := s.in.Peek(n)
	if err != nil {
		return err
	}
	s.at.line, s.at.column = s.at.position(seen, n)
	s.at.offset += n
	_, err = s.in.Discard(n)
	return err
}

// take is pass for bytes of the event.
func (s *stream) take(piece []byte) error {
	s.raw = append(s.raw, piece[:min(len(piece), MaxEvent-len(s.raw))]...)
	s.size += len(piece)
	return s.pass(len(piece))
}

// event reads the event at the position. What begins with no bracket is none; it ends with its line.
func (s *stream) event(first byte) (Item, error) {
	from := s.at
	it := Item{Index: s.index, Line: from.line}
	s.index++
	s.raw, s.size = nil, 0
	var err error
	if first == '{' || first == '[' {
		err = s.frame()
	} else {
		err = s.line()
	}
	// What is broken or ends too early is no JSON either, and Parse says where.
	if err != nil && !errors.Is(err, errBroken) && !errors.Is(err, io.EOF) {
		return it, err
	}
	it.Raw = s.raw
	if s.size > MaxEvent {
		it.Err = errs.Ef(errs.TooLarge, "The event has %d bytes; at most %d are allowed.", s.size, MaxEvent)
		return it, nil
	}
	it.Event, it.Err = parse(s.raw, from)
	return it, nil
}

// frame takes an object or array. Of one whose brackets don't match it takes what comes before the next line.
func (s *stream) frame() error {
	s.framer.reset()
	for {
		piece, err := s.piece()
		if err != nil {
			return err
		}
		n, done, broken := s.framer.feed(piece)
		if err := s.take(piece[:n]); err != nil || done {
			return err
		}
		if broken == nil {
			continue
		}
		if s.at.column > 1 {
			if err := s.line(); err != nil {
				return err
			}
		}
		return broken
	}
}

// line takes the rest of the line.
func (s *stream) line() error {
	for {
		piece, err := s.piece()
		if err != nil {
			return err
		}
		if i := bytes.IndexByte(piece, '\n'); i >= 0 {
			return s.take(piece[:i])
		}
		if err := s.take(piece); err != nil {
			return err
		}
	}
}

// piece is what can be looked at without reading, and something of it in any case; io.EOF if there is no more.
func (s *stream) piece() ([]byte, error) {
	if _, err := s.in.Peek(1); err != nil {
		return nil, err
	}
	return s.in.Peek(s.in.Buffered())
}
