package openlineage

import "errors"

// framer finds where a JSON object or array ends, by its brackets and quotes alone. A text can be fed to it in pieces.
// That is enough to answer each event of many for itself: one that isn't right costs no other.
type framer struct {
	open     []byte // the brackets that are not closed yet
	inString bool
	escaped  bool
	last     byte // the last byte outside of strings that is no white space
}

// errBroken says that brackets or quotes can't be right, so that nobody knows where the event ends.
var errBroken = errors.New("brackets or quotes don't match")

// maxFrameDepth bounds the memory of brackets. It is above MaxDepth, so that Parse says what is wrong.
const maxFrameDepth = 1 << 20

func (f *framer) reset() { *f = framer{open: f.open[:0]} }

// feed takes the next piece; the first begins with the bracket of the object or array. It returns how many bytes of the
// piece belong to it, and whether that completes it. After errBroken, n bytes belong to what is broken.
func (f *framer) feed(piece []byte) (n int, done bool, err error) {
	for n < len(piece) {
		if f.inString {
			read, err := f.text(piece[n:])
			n += read
			if err != nil {
				return n, false, err
			}
			continue
		}
		c := piece[n]
		switch c {
		case '"':
			f.inString = true
		case '{', '[':
			// An object can't begin within an object but after a colon: the one around it was cut off.
			if len(f.open) == maxFrameDepth || f.within('{') && f.last != ':' {
				return n, false, errBroken
			}
			f.open = append(f.open, c)
		case '}', ']':
			if !f.within(c - 2) {
				return n, false, errBroken
			}
			f.open = f.open[:len(f.open)-1]
		}
		n++
		if len(f.open) == 0 {
			return n, true, nil
		}
		if c > ' ' {
			f.last = c
		}
	}
	return n, false, nil
}

// within tells whether that is the bracket that has to be closed next.
func (f *framer) within(bracket byte) bool {
	return len(f.open) > 0 && f.open[len(f.open)-1] == bracket
}

// text takes what is left of a string. A line never ends within one.
func (f *framer) text(piece []byte) (n int, err error) {
	for n < len(piece) {
		c := piece[n]
		switch {
		case f.escaped:
			f.escaped = false
		case plain[c]:
		case c == '\\':
			f.escaped = true
		case c == '"':
			f.inString = false
			return n + 1, nil
		case c == '\n':
			return n, errBroken
		}
		n++
	}
	return n, nil
}
