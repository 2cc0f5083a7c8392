package openlineage

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// value is one value of a document. The zero value is an absent one.
type value struct {
	d *document
	i uint32
}

// raw is the value's compact JSON.
func (v value) raw() []byte {
	n := v.d.nodes[v.i]
	return v.d.text[n.start:n.end:n.end]
}

// is tells whether a value begins with that byte: { [ " t f n.
func (v value) is(c byte) bool { return v.d != nil && v.d.text[v.d.nodes[v.i].start] == c }

// given tells whether the value is there. Null says as much as nothing.
func (v value) given() bool { return v.d != nil && !v.is('n') }

func (v value) truth() bool { return v.is('t') }

// members walks over an object, or over nothing if it is none.
func (v value) members() members {
	if !v.is('{') {
		return members{}
	}
	return members{d: v.d, at: v.i + 1, end: v.d.nodes[v.i].next}
}

// members is a walk: for m := v.members(); m.more(); { m.key, m.value }.
type members struct {
	d       *document
	at, end uint32
	key     []byte // decoded; may share memory with the document
	value   value
}

func (m *members) more() bool {
	if m.at >= m.end {
		return false
	}
	m.key = m.d.key(m.at)
	m.value = value{m.d, m.at + 1}
	m.at = m.d.nodes[m.at+1].next
	return true
}

// key is the decoded member name at a node.
func (d *document) key(i uint32) []byte {
	return d.unquoted(d.nodes[i])
}

// unquoted is the decoded text of a string.
func (d *document) unquoted(n node) []byte {
	body := d.text[n.start+1 : n.end-1]
	if n.escaped {
		return unescape(body)
	}
	return body
}

// get is the member of that name, the last if there are several; absent if there is none.
func (v value) get(key string) value {
	var found value
	if !v.is('{') {
		return found
	}
	nodes := v.d.nodes
	for i, end := v.i+1, nodes[v.i].next; i < end; i = nodes[i+1].next {
		if n := &nodes[i]; !n.escaped && int(n.end-n.start) != len(key)+2 {
			continue
		}
		if string(v.d.key(i)) == key {
			found = value{v.d, i + 1}
		}
	}
	return found
}

// elements walks over an array: for e := v.elements(); e.more(); { e.index, e.value }. Over nothing if it is none.
func (v value) elements() elements {
	if !v.is('[') {
		return elements{index: -1}
	}
	return elements{d: v.d, at: v.i + 1, end: v.d.nodes[v.i].next, index: -1}
}

type elements struct {
	d       *document
	at, end uint32
	index   int
	value   value
}

func (e *elements) more() bool {
	if e.at >= e.end {
		return false
	}
	e.index++
	e.value = value{e.d, e.at}
	e.at = e.d.nodes[e.at].next
	return true
}

// text is the decoded string; "" if the value is none.
func (v value) text() string {
	if !v.is('"') {
		return ""
	}
	return string(v.d.unquoted(v.d.nodes[v.i]))
}

// count is the value as a number that counts something; 0 if it is none, negative or beyond int64.
func (v value) count() int64 {
	if v.d == nil || v.is('"') {
		return 0
	}
	raw := v.raw()
	if len(raw) > 40 {
		return 0
	}
	if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return max(n, 0)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil || f < 0 || f >= 1<<63 {
		return 0
	}
	return int64(f)
}

// unescape decodes what stands between the quotes of a string that was found to be right. A surrogate without its other
// half becomes U+FFFD.
func unescape(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\\')
		if i < 0 {
			return append(out, b...)
		}
		out = append(out, b[:i]...)
		b = b[i:]
		if b[1] != 'u' {
			out = append(out, short[b[1]])
			b = b[2:]
			continue
		}
		r, _ := hex4(b[2:])
		b = b[6:]
		if utf16.IsSurrogate(r) && len(b) >= 6 && b[0] == '\\' && b[1] == 'u' {
			low, _ := hex4(b[2:])
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				r, b = both, b[6:]
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

// short are the escapes of one letter.
var short = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// length is the number of elements of an array, and 0 of anything else.
func (v value) length() int {
	n := 0
	for e := v.elements(); e.more(); {
		n++
	}
	return n
}
