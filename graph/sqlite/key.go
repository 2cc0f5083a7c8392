package sqlite

import (
	"encoding/binary"
	"math"
	"time"

	"weir/graph"
)

// Keys are bytes whose order is that of the values they stand for. Values of one type are ordered among themselves
// and types by their tag; a missing value comes after everything.
const (
	tagBool    byte = 0x10
	tagInt     byte = 0x20
	tagFloat   byte = 0x30
	tagTime    byte = 0x40
	tagString  byte = 0x50
	tagMissing byte = 0xFE
	tagEnd     byte = 0xFF // after every tag
)

// missingKey is the key of a missing value.
const missingKey = "\xFE"

// exactBytes is how much of a string stands in a key that is compared for equality: one byte more than a filter's
// value may have, so that a longer string equals none.
const exactBytes = graph.MaxSortBytes + 1

// appendExact appends a value that is compared with filters.
func appendExact(b []byte, v any) []byte {
	if s, ok := v.(string); ok && len(s) > exactBytes {
		v = s[:exactBytes]
	}
	return appendOrdered(b, v)
}

// appendSort appends a value that is sorted by.
func appendSort(b []byte, v any) []byte {
	if s, ok := v.(string); ok {
		v = graph.SortKey(s)
	}
	return appendOrdered(b, v)
}

func appendOrdered(b []byte, v any) []byte {
	switch v := v.(type) {
	case bool:
		if v {
			return append(b, tagBool, 1)
		}
		return append(b, tagBool, 0)
	case int64:
		return appendInt(append(b, tagInt), v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, tagFloat), floatBits(v))
	case time.Time:
		return appendInt(append(b, tagTime), v.UnixMicro())
	case string:
		return appendString(append(b, tagString), v)
	}
	return append(b, tagMissing) // absent, or of a type that is never compared
}

func appendInt(b []byte, v int64) []byte {
	return binary.BigEndian.AppendUint64(b, uint64(v)^(1<<63))
}

// floatBits are bits that are ordered as floats are: negative ones inverted.
func floatBits(f float64) uint64 {
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

// appendString ends the string so that no other one can begin in the same way: a zero byte in it is escaped.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		b = append(b, s[i])
		if s[i] == 0 {
			b = append(b, 0xFF)
		}
	}
	return append(b, 0, 1)
}

// span is a half-open range of keys.
type keySpan struct{ from, to []byte }

func (k keySpan) holds(key string) bool { return string(k.from) <= key && key < string(k.to) }

// narrow restricts a range of the values that follow prefix by a Less or More filter: to values of the bound's type,
// before or from it on.
func (k keySpan) narrow(prefix []byte, f graph.Filter) keySpan {
	bound := appendSort(clip(prefix), f.Values[0])
	tag := bound[len(prefix)]
	low, high := append(clip(prefix), tag), append(clip(prefix), tag+1)
	if f.Op == graph.Less {
		high = bound
	} else {
		low = bound
	}
	return keySpan{from: later(k.from, low), to: earlier(k.to, high)}
}

func later(a, b []byte) []byte {
	if string(a) > string(b) {
		return a
	}
	return b
}

func earlier(a, b []byte) []byte {
	if string(a) < string(b) {
		return a
	}
	return b
}

// clip makes sure that appending copies.
func clip(b []byte) []byte { return b[:len(b):len(b)] }
