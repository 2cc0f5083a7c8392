package neo4j

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"weir/graph"
)

// Keys put values of a property into one string whose order in the database (bytes of UTF-8) is the contract's. A key
// begins with a tag for the type of the value, so that values compare with their type only.
const (
	tagBool    = "1"
	tagInt     = "2"
	tagFloat   = "3"
	tagTime    = "4"
	tagString  = "5"
	tagMissing = "9"

	keyEnd = "\x7f" // is after all tags and ids
)

// sortKey encodes a value by its order; strings as far as they count in a sort.
func sortKey(v any) string {
	switch v := v.(type) {
	case bool:
		return tagBool + strconv.FormatBool(v)
	case int64:
		return tagInt + ordered(v)
	case float64:
		return tagFloat + orderedFloat(v)
	case time.Time:
		return tagTime + ordered(v.UnixMicro())
	case string:
		// NUL ends the string, so that what follows doesn't count in the order; a NUL inside is escaped.
		return tagString + strings.ReplaceAll(graph.SortKey(v), "\x00", "\x00\x01") + "\x00\x00"
	}
	return tagMissing
}

func ordered(n int64) string { return fmt.Sprintf("%016x", uint64(n)^(1<<63)) }

func orderedFloat(f float64) string {
	bits := math.Float64bits(f)
	if bits>>63 == 1 {
		return fmt.Sprintf("%016x", ^bits)
	}
	return fmt.Sprintf("%016x", bits|1<<63)
}

// orderKey encodes a value by its order alone, with nothing behind it.
func orderKey(v any) string {
	if s, ok := v.(string); ok {
		return tagString + graph.SortKey(s)
	}
	return sortKey(v)
}

// exactKey encodes a value for equality, whole.
func exactKey(v any) string {
	if s, ok := v.(string); ok {
		return tagString + s
	}
	return sortKey(v)
}

// hash makes a fixed-length name of parts, for what is looked up by equality alone. 128 bits keep strangers from
// choosing values that meet.
func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(p), p) // a hash takes everything
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// hashLen is the length of a hash.
const hashLen = 22

// packed writes a key in letters that the full-text index keeps in order and its query language has no use for: 12
// bits in each, so that the longest key stays below the 255 letters of a token.
func packed(key string) string {
	var b strings.Builder
	for i := 0; i < len(key); i += 3 {
		var chunk [3]byte
		copy(chunk[:], key[i:])
		b.WriteRune(packBase + rune(chunk[0])<<4 + rune(chunk[1])>>4)
		b.WriteRune(packBase + rune(chunk[1]&0xf)<<8 + rune(chunk[2]))
	}
	return b.String()
}

const (
	packBase = '\u4e00'
	packEnd  = "\u9fff" // after every packed key
)
