package graph

import "time"

// Size is the number of bytes that properties count towards a limit: names and strings by their length, eight
// for each other value.
func (p Props) Size() int {
	n := 0
	for k, v := range p {
		n += len(k)
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		case []string:
			for _, s := range v {
				n += len(s) + 1
			}
		default:
			n += 8
		}
	}
	return n
}

// Time returns t as the store keeps it: UTC with microseconds. The zero time stays zero.
func Time(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Microsecond)
}

// The times that a store can keep, so that they fit 64 bits of microseconds and four digits of a year.
var (
	MinTime = time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)
	MaxTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
)
