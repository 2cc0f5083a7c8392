package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"weir/graph"
)

// Properties are kept as a row of (name's number, type, value), ordered by the number, so that equal properties have
// equal bytes.

// The types of values.
const (
	typeString byte = iota + 1
	typeFalse
	typeTrue
	typeInt
	typeFloat
	typeTime
	typeBytes
	typeStrings
)

var errProps = errors.New("sqlite: properties are damaged")

// encodeProps returns the bytes of properties, interning names. nil values are left out.
func (s *session) encodeProps(props graph.Props) ([]byte, error) {
	type named struct {
		num   int64
		value any
	}
	list := make([]named, 0, len(props))
	for name, v := range props {
		if v == nil {
			continue
		}
		num, err := s.terms.intern(s, name)
		if err != nil {
			return nil, err
		}
		list = append(list, named{num, v})
	}
	slices.SortFunc(list, func(a, b named) int { return int(a.num - b.num) })
	b := make([]byte, 0, 32*len(list))
	for _, p := range list {
		b = binary.AppendUvarint(b, uint64(p.num))
		b = appendValue(b, p.value)
	}
	return b, nil
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendText(append(b, typeString), v)
	case bool:
		if v {
			return append(b, typeTrue)
		}
		return append(b, typeFalse)
	case int64:
		return binary.AppendVarint(append(b, typeInt), v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, typeFloat), math.Float64bits(v))
	case time.Time:
		return binary.AppendVarint(append(b, typeTime), v.UnixMicro())
	case []byte:
		b = binary.AppendUvarint(append(b, typeBytes), uint64(len(v)))
		return append(b, v...)
	case []string:
		b = binary.AppendUvarint(append(b, typeStrings), uint64(len(v)))
		for _, s := range v {
			b = appendText(b, s)
		}
		return b
	}
	panic(fmt.Sprintf("sqlite: a %T can't be a property", v)) // Checked lets none through
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decodeProps returns the properties in b; with want, only those that it accepts.
func (s *session) decodeProps(b []byte, want func(name string) bool) (graph.Props, error) {
	return s.decodeText(string(b), want)
}

// decodeText is decodeProps of bytes that stand in a string; the strings among the values share memory with it.
func (s *session) decodeText(b string, want func(name string) bool) (graph.Props, error) {
	d := decoder{rest: b}
	props := make(graph.Props, d.size(want))
	for d.rest != "" && !d.bad {
		name, err := s.terms.text(s, int64(d.uvarint()))
		if err != nil {
			return nil, err
		}
		if want != nil && !want(name) {
			d.skip()
			continue
		}
		props[name] = d.value()
	}
	if d.bad {
		return nil, errProps
	}
	return props, nil
}

// size is about how many properties there are to keep: a map that grows costs as much as all the rest.
func (d *decoder) size(want func(name string) bool) int {
	if want != nil || len(d.rest) < 100 {
		return 4
	}
	ahead, n := *d, 0
	for ; ahead.rest != ""; n++ {
		ahead.uvarint()
		ahead.skip()
	}
	return n
}

// decoder reads from one string, so that the strings it yields share memory with it.
type decoder struct {
	rest string
	bad  bool
}

func (d *decoder) fail() {
	d.rest, d.bad = "", true
}

func (d *decoder) uvarint() uint64 {
	var x uint64
	for i := range min(len(d.rest), binary.MaxVarintLen64) {
		c := d.rest[i]
		x |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.rest = d.rest[i+1:]
			return x
		}
	}
	d.fail()
	return 0
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *decoder) take(n uint64) string {
	if n > uint64(len(d.rest)) {
		d.fail()
		return ""
	}
	t := d.rest[:n]
	d.rest = d.rest[n:]
	return t
}

func (d *decoder) value() any {
	typ := d.take(1)
	if typ == "" {
		return nil
	}
	switch typ[0] {
	case typeString:
		return d.take(d.uvarint())
	case typeFalse:
		return false
	case typeTrue:
		return true
	case typeInt:
		return d.varint()
	case typeFloat:
		return d.float()
	case typeTime:
		return time.UnixMicro(d.varint()).UTC()
	case typeBytes:
		return []byte(d.take(d.uvarint()))
	case typeStrings:
		return d.strings()
	}
	d.fail()
	return nil
}

func (d *decoder) float() float64 {
	raw := d.take(8)
	if raw == "" {
		return 0
	}
	return math.Float64frombits(binary.BigEndian.Uint64([]byte(raw)))
}

func (d *decoder) strings() []string {
	n := d.uvarint()
	if n > uint64(len(d.rest)) {
		d.fail()
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = d.take(d.uvarint())
	}
	return out
}

// skip passes over a value without making it.
func (d *decoder) skip() {
	if d.rest == "" {
		d.fail()
		return
	}
	switch d.rest[0] {
	case typeString, typeBytes:
		d.take(1)
		d.take(d.uvarint())
	case typeInt, typeTime:
		d.take(1)
		d.uvarint()
	case typeFalse, typeTrue:
		d.take(1)
	default:
		d.value()
	}
}
