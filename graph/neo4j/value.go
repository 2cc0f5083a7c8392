package neo4j

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"weir/graph"
)

// ever and still stand for the open ends of a span.
const (
	ever  = math.MinInt64
	still = math.MaxInt64
)

func sinceOf(t time.Time) int64 {
	if t.IsZero() {
		return ever
	}
	return t.UnixMicro()
}

func untilOf(t time.Time) int64 {
	if t.IsZero() {
		return still
	}
	return t.UnixMicro()
}

func timeOf(micro int64) time.Time {
	if micro == ever || micro == still {
		return time.Time{}
	}
	return time.UnixMicro(micro).UTC()
}

// shownLen is how much of a long value stands beside the packed node: more than any filter's value has, so that filters
// on it come out as on the whole.
const shownLen = 1024

// shown is a property's value as it stands beside the packed node, for filters and for people who look at the
// database. Every type has its own there; times are zoned date-times in UTC.
func shown(v any) any {
	switch v := v.(type) {
	case string:
		if len(v) > shownLen {
			return strings.ToValidUTF8(v[:shownLen], "")
		}
	case []byte:
		return v[:min(len(v), shownLen)]
	case []string:
		if (graph.Props{"": v}).Size() > shownLen {
			return []string{}
		}
	}
	return v
}

// text and number read what the engine itself stored.
func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) int64 {
	n, _ := v.(int64)
	return n
}

// merge sets the given properties over those there and deletes those given as nil. It also tells whether that changes
// anything.
func merge(old, given graph.Props) (graph.Props, bool) {
	merged := make(graph.Props, len(old)+len(given))
	maps.Copy(merged, old)
	changed := false
	for k, v := range given {
		if same(old[k], v) {
			continue
		}
		changed = true
		if v == nil {
			delete(merged, k)
			continue
		}
		merged[k] = v
	}
	return merged, changed
}

func same(a, b any) bool {
	switch a := a.(type) {
	case time.Time:
		t, ok := b.(time.Time)
		return ok && a.Equal(t)
	case []byte:
		s, ok := b.([]byte)
		return ok && bytes.Equal(a, s)
	case []string:
		s, ok := b.([]string)
		return ok && slices.Equal(a, s)
	}
	switch b.(type) {
	case []byte, []string:
		return false // comparing them would panic
	}
	return a == b
}
