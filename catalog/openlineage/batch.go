package openlineage

import (
	"bytes"
	"unicode/utf8"

	"weir/catalog"
	"weir/errs"
)

// Item is one event of many, or what is wrong with it.
type Item struct {
	Index int    // from 0
	Line  int    // where it begins in the text that it came in; from 1
	Raw   []byte // as it came; of one that is over MaxEvent only its beginning
	Event catalog.Event
	Err   error // Invalid or TooLarge; then Event is empty
}

// Part is the text of one event of a batch. It shares memory with the batch.
type Part struct {
	Raw  []byte
	from origin
}

// Line is where the event begins in the text of the batch; from 1.
func (p Part) Line() int { return p.from.line }

// Parse reads the event; its errors are those of the package's Parse, with places in the batch. The event shares no
// memory with the batch.
func (p Part) Parse() (catalog.Event, error) { return parse(p.Raw, p.from) }

// Split tells the events of a batch apart: a JSON array of them, or an object whose member "events" is one. It does not
// read them, since an event takes many times the memory of its text: a batch is read part by part.
// Its error says that the batch has no form in which single events could be told apart (Invalid) or holds more than
// MaxBatch (TooLarge); then there are no parts.
func Split(raw []byte) ([]Part, error) {
	b := batch{raw: raw, line: 1}
	b.skip(len(raw) - len(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	wrapped, err := b.begin()
	if err != nil {
		return nil, err
	}
	if err := b.array(); err != nil {
		return nil, err
	}
	if err := b.end(wrapped); err != nil {
		return nil, err
	}
	return b.parts, nil
}

// batch is the reading of one.
type batch struct {
	raw       []byte
	at        int
	line      int
	lineStart int // where the line began
	parts     []Part
	framer    framer
}

// skip moves on by n bytes and counts their lines.
func (b *batch) skip(n int) {
	passed := b.raw[b.at : b.at+n]
	if i := bytes.LastIndexByte(passed, '\n'); i >= 0 {
		b.line += bytes.Count(passed, []byte{'\n'})
		b.lineStart = b.at + i + 1
	}
	b.at += n
}

// peek skips white space and returns the next byte; 0 at the end.
func (b *batch) peek() byte {
	rest := bytes.TrimLeft(b.raw[b.at:], " \t\r\n")
	b.skip(len(b.raw) - b.at - len(rest))
	if len(rest) == 0 {
		return 0
	}
	return rest[0]
}

func (b *batch) origin() origin {
	return origin{offset: b.at, line: b.line, column: 1 + utf8.RuneCount(b.raw[b.lineStart:b.at])}
}

func (b *batch) wrong(message string) error {
	o := b.origin()
	return errs.Ef(errs.Invalid, "%s at byte %d (line %d, column %d)", message, o.offset, o.line, o.column)
}

// begin moves to the array: the whole batch, or its member "events" (wrapped).
func (b *batch) begin() (wrapped bool, err error) {
	switch b.peek() {
	case '[':
		return false, nil
	case '{':
		b.skip(1)
	default:
		return false, b.wrong("A batch must be a JSON array of events, or an object with the array \"events\": not so")
	}
	for b.peek() == '"' {
		key, err := b.member()
		if err != nil {
			return false, err
		}
		if key == "events" {
			if b.peek() != '[' {
				return false, errs.Bad("events", "must be an array")
			}
			return true, nil
		}
		if err := b.pass(); err != nil {
			return false, err
		}
		if b.peek() == ',' {
			b.skip(1)
		}
	}
	return false, errs.Bad("events", "is missing: a batch is an array of events, or an object with the array \"events\"")
}

// end passes what comes after the array: further members of the object around it, then nothing.
func (b *batch) end(wrapped bool) error {
	for wrapped && b.peek() == ',' {
		b.skip(1)
		if b.peek() != '"' {
			return b.wrong("Not JSON: the name of a member should be")
		}
		if _, err := b.member(); err != nil {
			return err
		}
		if err := b.pass(); err != nil {
			return err
		}
	}
	if wrapped {
		if b.peek() != '}' {
			return b.wrong("Not JSON: a comma or } should be")
		}
		b.skip(1)
	}
	if b.peek() != 0 || b.at < len(b.raw) {
		return b.wrong("Not JSON: the batch should end")
	}
	return nil
}

// member reads a member's name and the colon after it.
func (b *batch) member() (string, error) {
	start := b.at
	b.framer.reset()
	n, err := b.framer.text(b.raw[b.at+1:])
	if err != nil || n == 0 || b.raw[b.at+n] != '"' {
		return "", b.wrong("Not JSON: the name of a member doesn't end")
	}
	b.skip(n + 1)
	key := string(b.raw[start+1 : start+n])
	if b.peek() != ':' {
		return "", b.wrong("Not JSON: a colon is missing")
	}
	b.skip(1)
	return key, nil
}

// pass skips a value that isn't looked at.
func (b *batch) pass() error {
	switch b.peek() {
	case '{', '[':
		n, err := b.frame()
		b.skip(n)
		return err
	case '"':
		n, err := b.framer.text(b.raw[b.at+1:])
		if err != nil || n == 0 || b.raw[b.at+n] != '"' {
			return b.wrong("Not JSON: a string doesn't end")
		}
		b.skip(n + 1)
		return nil
	}
	end := bytes.IndexAny(b.raw[b.at:], ",}] \t\r\n")
	if end <= 0 {
		return b.wrong("Not JSON: a value should be")
	}
	b.skip(end)
	return nil
}

// frame returns the length of the object or array at the position.
func (b *batch) frame() (int, error) {
	b.framer.reset()
	n, done, err := b.framer.feed(b.raw[b.at:])
	if err != nil || !done {
		b.skip(n)
		return 0, b.wrong("Not JSON: brackets or quotes don't match")
	}
	return n, nil
}

// array passes the events.
func (b *batch) array() error {
	b.skip(1)
	if b.peek() == ']' {
		b.skip(1)
		return nil
	}
	for {
		if len(b.parts) == MaxBatch {
			return &errs.Error{
				Kind: errs.TooLarge, Message: over(MaxBatch, "events").message,
				Fields: []errs.Field{{Name: "events", Message: over(MaxBatch, "events").message}},
			}
		}
		if err := b.event(); err != nil {
			return err
		}
		switch b.peek() {
		case ',':
			b.skip(1)
		case ']':
			b.skip(1)
			return nil
		default:
			return b.wrong("Not JSON: a comma or ] should be")
		}
	}
}

// event passes one element.
func (b *batch) event() error {
	first := b.peek()
	from, start := b.origin(), b.at
	var err error
	if first == '{' || first == '[' {
		var n int
		if n, err = b.frame(); err == nil {
			b.skip(n)
		}
	} else {
		err = b.pass()
	}
	if err != nil {
		return err
	}
	b.parts = append(b.parts, Part{Raw: b.raw[start:b.at:b.at], from: from})
	return nil
}
