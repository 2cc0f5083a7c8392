package neo4j

import (
	"bytes"
	"math"
	"slices"
	"time"

	"weir/graph"
)

// Every type of a property has its own type in the database, so values come back as they went in: times are kept as
// zoned date-times in UTC.

// nodeProps are the properties that the engine asks for when it wants all of a node's: everything but the words.
const nodeProps = "n{.*, " + propWords + ": null}"

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

// nodeOf makes a node of its properties in the database.
func nodeOf(stored map[string]any) graph.Node {
	n := graph.Node{
		ID: graph.ID(text(stored[propID])), Kind: graph.Kind(text(stored[propKind])),
		Props: propsOf(stored), Version: number(stored[propVersion]),
		Created: timeOf(number(stored[propCreated])), Updated: timeOf(number(stored[propUpdated])),
	}
	return n
}

// propsOf are the user's properties among those in the database.
func propsOf(stored map[string]any) graph.Props {
	props := make(graph.Props, len(stored))
	for k, v := range stored {
		if name, ok := unescape(k); ok && v != nil {
			props[name] = valueOf(v)
		}
	}
	return props
}

// valueOf turns what the driver gives into what the contract promises.
func valueOf(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC()
	case []any:
		out := make([]string, len(v))
		for i, s := range v {
			out[i] = text(s)
		}
		return out
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

// merge sets the given properties over those there and deletes those given as nil. It also returns the change, named
// as in the database.
func merge(old, given graph.Props) (merged graph.Props, change map[string]any) {
	merged = make(graph.Props, len(old)+len(given))
	for k, v := range old {
		merged[k] = v
	}
	change = map[string]any{}
	for k, v := range given {
		if same(old[k], v) {
			continue
		}
		change[escape(k)] = v
		if v == nil {
			delete(merged, k)
			continue
		}
		merged[k] = v
	}
	return merged, change
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
