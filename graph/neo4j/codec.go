package neo4j

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
)

// Each node and each relationship keeps all that it is in one property, packed. The server reads and sends one value
// several times quicker than a map of twenty. What questions are asked of stands beside it in properties of its own.
//
// Packed values are what append… writes and unpacker reads: numbers as varints, strings with their length first. It
// begins with a version of the form.

const packedVersion = 1

// The tags of property values.
const (
	packedFalse byte = iota
	packedTrue
	packedInt
	packedFloat
	packedTime
	packedString
	packedBytes
	packedStrings
)

func packNode(n graph.Node) []byte {
	b := make([]byte, 1, 64+n.Props.Size()*5/4)
	b[0] = packedVersion
	b = appendString(b, string(n.ID))
	b = appendString(b, string(n.Kind))
	b = binary.AppendVarint(b, n.Version)
	b = binary.AppendVarint(b, n.Created.UnixMicro())
	b = binary.AppendVarint(b, n.Updated.UnixMicro())
	return appendProps(b, n.Props)
}

// packEdge leaves out the ends, which the database knows.
func packEdge(e graph.Edge) []byte {
	b := make([]byte, 1, 64+len(e.Key)+e.Props.Size()*5/4)
	b[0] = packedVersion
	b = appendString(b, string(e.Rel))
	b = appendString(b, e.Key)
	for _, t := range []time.Time{e.Valid.Since, e.Valid.Until, e.Known.Since, e.Known.Until} {
		b = binary.AppendVarint(b, sinceOf(t)) // the zero time has one form here, whichever end it is
	}
	return appendProps(b, e.Props)
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendProps(b []byte, props graph.Props) []byte {
	b = binary.AppendUvarint(b, uint64(len(props)))
	for _, name := range slices.Sorted(maps.Keys(props)) {
		b = appendValue(appendString(b, name), props[name])
	}
	return b
}

func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		if v {
			return append(b, packedTrue)
		}
		return append(b, packedFalse)
	case int64:
		return binary.AppendVarint(append(b, packedInt), v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, packedFloat), math.Float64bits(v))
	case time.Time:
		return binary.AppendVarint(append(b, packedTime), v.UnixMicro())
	case string:
		return appendString(append(b, packedString), v)
	case []byte:
		return append(binary.AppendUvarint(append(b, packedBytes), uint64(len(v))), v...)
	case []string:
		b = binary.AppendUvarint(append(b, packedStrings), uint64(len(v)))
		for _, s := range v {
			b = appendString(b, s)
		}
		return b
	}
	panic("neo4j: a property is of a type outside the contract") // Checked refuses it
}

// unpacker reads what was packed. Names that return again and again are made once. The first mistake stays in err.
type unpacker struct {
	b      []byte
	names  map[string]string
	fields []string // not nil: the only properties wanted
	err    error
}

var errPacked = errs.Wrap(errors.New("a packed value in the database is broken"), errs.Internal, "")

func newUnpacker() *unpacker { return &unpacker{names: map[string]string{}} }

// node reads a node from the value of a row.
func (u *unpacker) node(v any) graph.Node {
	u.begin(v)
	return graph.Node{
		ID: graph.ID(u.string()), Kind: graph.Kind(u.name()), Version: u.varint(),
		Created: timeOf(u.varint()), Updated: timeOf(u.varint()), Props: u.props(),
	}
}

// edge reads an edge between two nodes.
func (u *unpacker) edge(from, to graph.ID, v any) graph.Edge {
	u.begin(v)
	return graph.Edge{
		From: from, To: to, Rel: graph.Rel(u.name()), Key: u.name(),
		Valid: graph.Span{Since: timeOf(u.varint()), Until: timeOf(u.varint())},
		Known: graph.Span{Since: timeOf(u.varint()), Until: timeOf(u.varint())},
		Props: u.props(),
	}
}

// rel reads the relation of an edge alone.
func (u *unpacker) rel(v any) graph.Rel {
	u.begin(v)
	return graph.Rel(u.name())
}

func (u *unpacker) begin(v any) {
	u.b, _ = v.([]byte)
	if version := u.take(1); len(version) != 1 || version[0] != packedVersion {
		u.fail()
	}
}

func (u *unpacker) fail() {
	u.b = nil
	if u.err == nil {
		u.err = errPacked
	}
}

// take cuts off n bytes; fewer at the end of a broken value.
func (u *unpacker) take(n uint64) []byte {
	if n > uint64(len(u.b)) {
		u.fail()
		return nil
	}
	out := u.b[:n]
	u.b = u.b[n:]
	return out
}

func (u *unpacker) varint() int64 {
	v, n := binary.Varint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return v
}

func (u *unpacker) count() uint64 {
	v, n := binary.Uvarint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return v
}

// items is a count of things of which each takes a byte at least.
func (u *unpacker) items() uint64 {
	n := u.count()
	if n > uint64(len(u.b)) {
		u.fail()
		return 0
	}
	return n
}

func (u *unpacker) string() string { return string(u.take(u.count())) }

func (u *unpacker) name() string {
	b := u.take(u.count())
	if s, ok := u.names[string(b)]; ok {
		return s
	}
	s := string(b)
	u.names[s] = s
	return s
}

func (u *unpacker) props() graph.Props {
	n := u.items()
	size := n
	if u.fields != nil {
		size = min(n, uint64(len(u.fields)))
	}
	props := make(graph.Props, size)
	for ; n > 0 && u.err == nil; n-- {
		name := u.name()
		if u.fields != nil && !slices.Contains(u.fields, name) {
			u.skip()
			continue
		}
		props[name] = u.value()
	}
	return props
}

// skip passes over a value.
func (u *unpacker) skip() {
	tag := u.take(1)
	if len(tag) == 0 {
		return
	}
	switch tag[0] {
	case packedInt, packedTime:
		u.varint()
	case packedFloat:
		u.take(8)
	case packedString, packedBytes:
		u.take(u.count())
	case packedStrings:
		u.strings()
	}
}

func (u *unpacker) value() any {
	tag := u.take(1)
	if len(tag) == 0 {
		return nil
	}
	switch tag[0] {
	case packedFalse, packedTrue:
		return tag[0] == packedTrue
	case packedInt:
		return u.varint()
	case packedFloat:
		bits := u.take(8)
		if len(bits) < 8 {
			return nil
		}
		return math.Float64frombits(binary.BigEndian.Uint64(bits))
	case packedTime:
		return time.UnixMicro(u.varint()).UTC()
	case packedString:
		return u.string()
	case packedBytes:
		return append([]byte{}, u.take(u.count())...)
	case packedStrings:
		return u.strings()
	}
	u.fail()
	return nil
}

func (u *unpacker) strings() []string {
	n := u.items()
	out := make([]string, 0, n)
	for ; n > 0 && u.err == nil; n-- {
		out = append(out, u.string())
	}
	return out
}
