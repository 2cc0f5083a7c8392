package sqlite

import (
	"math"
	"time"
)

// Times are kept as microseconds since 1970.

// The open ends of spans.
const (
	ever    = math.MinInt64 // since
	forever = math.MaxInt64 // until
)

func sinceMicros(t time.Time) int64 {
	if t.IsZero() {
		return ever
	}
	return t.UnixMicro()
}

func untilMicros(t time.Time) int64 {
	if t.IsZero() {
		return forever
	}
	return t.UnixMicro()
}

// zeroTime leaves a time of a question out: now.
var zeroTime time.Time

// openMicros is the time of a number that may be an open end.
func openMicros(t int64) time.Time {
	if t == ever || t == forever {
		return time.Time{}
	}
	return fromMicros(t)
}

func fromMicros(t int64) time.Time { return time.UnixMicro(t).UTC() }

// now is the time of a question that names none.
func now() int64 { return time.Now().UnixMicro() }
