package catalog

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"time"

	"weir/graph"
)

// A register holds a single value that many events state: the greatest (event time, hash of the event) wins, whatever
// the order in which they come.
type register struct {
	At     int64 // event time, microseconds
	Hash   uint64
	Source graph.ID
	Values []string
}

// registers are the registers of a subject by key. Keys of values that events state begin with "e:", of those that a
// person set with "p:", of facets with "x:", of a column's values with "c:".
type registers map[string]register

// stamp is when an event said something and which of several of that time it is.
type stamp struct {
	at     int64
	hash   uint64
	source graph.ID
}

func stampOf(e *Event, source graph.ID) stamp {
	return stamp{e.At.UnixMicro(), binary.BigEndian.Uint64(e.Hash[:8]), source}
}

// less orders registers: by time, then by hash.
func (r register) less(s stamp) bool {
	return r.At < s.at || r.At == s.at && r.Hash < s.hash
}

// set joins a value in and tells whether the register changed.
func (rs registers) set(key string, s stamp, values ...string) bool {
	old, ok := rs[key]
	if ok && !old.less(s) {
		return false
	}
	rs[key] = register{s.at, s.hash, s.source, values}
	return true
}

// value returns the single value of a register, "" if there is none.
func (rs registers) value(key string) string {
	if vs := rs[key].Values; len(vs) > 0 {
		return vs[0]
	}
	return ""
}

// at returns the event time of a register; zero if there is none.
func (rs registers) at(key string) time.Time {
	r, ok := rs[key]
	if !ok {
		return time.Time{}
	}
	return time.UnixMicro(r.At).UTC()
}

// bytes encodes registers in the order of their keys, so that equal registers are equal bytes.
func (rs registers) bytes() []byte {
	if len(rs) == 0 {
		return nil
	}
	b := binary.AppendUvarint(nil, uint64(len(rs)))
	for _, key := range slices.Sorted(maps.Keys(rs)) {
		r := rs[key]
		b = appendString(b, key)
		b = binary.AppendVarint(b, r.At)
		b = binary.BigEndian.AppendUint64(b, r.Hash)
		b = appendString(b, string(r.Source))
		b = binary.AppendUvarint(b, uint64(len(r.Values)))
		for _, v := range r.Values {
			b = appendString(b, v)
		}
	}
	return b
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

var errRegisters = errors.New("registers are damaged")

// parseRegisters decodes what bytes made.
func parseRegisters(b []byte) (registers, error) {
	rs := registers{}
	if len(b) == 0 {
		return rs, nil
	}
	r := reader{b: b}
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		key := r.string()
		reg := register{At: r.varint(), Hash: r.uint64(), Source: graph.ID(r.string())}
		for m := r.uvarint(); m > 0 && !r.bad; m-- {
			reg.Values = append(reg.Values, r.string())
		}
		rs[key] = reg
	}
	if r.bad || len(r.b) != 0 {
		return nil, errRegisters
	}
	return rs, nil
}

// reader takes values from the front of b; bad is set once something is missing.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.bad = true
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (r *reader) string() string {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.bad = true
		return ""
	}
	return string(r.take(int(n)))
}
