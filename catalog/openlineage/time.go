package openlineage

import (
	"strings"
	"time"
)

// layouts are the ways in which clients write times, after the separator was made a T. A fraction is understood after
// the seconds in each of them; without a zone it is UTC.
var layouts = [...]string{
	"2006-01-02T15:04:05Z07:00",
	"2006-01-02T15:04:05",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05Z07",
	"2006-01-02T15:04Z07:00",
	"2006-01-02T15:04",
}

// parseTime reads a time as RFC 3339 has it, and as clients write it: without a zone, with a space, without seconds,
// with a leap second, with Java's zone name after it. It is cut to microseconds, which is what stores keep.
func parseTime(s string) (time.Time, error) {
	if before, zone, ok := strings.Cut(s, "["); ok && strings.HasSuffix(zone, "]") {
		s = before
	}
	if len(s) > 10 && (s[10] == ' ' || s[10] == 't') {
		s = s[:10] + "T" + s[11:]
	}
	s = strings.ReplaceAll(s, "z", "Z")
	var leap time.Duration
	if len(s) > 19 && s[16:19] == ":60" {
		s, leap = s[:16]+":59"+s[19:], time.Second
	}
	for _, layout := range layouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		t = t.UTC().Add(leap).Truncate(time.Microsecond)
		if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
			return time.Time{}, bad("must be after the year 1 began and before the year 10000")
		}
		return t, nil
	}
	return time.Time{}, bad("must be a time such as 2026-03-02T22:01:35.123Z")
}

// moment reads a required member that is a time.
func moment(v value, key string) (time.Time, error) {
	m := v.get(key)
	if !m.given() {
		return time.Time{}, in(key, bad("is missing"))
	}
	if !m.is('"') {
		return time.Time{}, in(key, bad("must be a string with a time such as 2026-03-02T22:01:35.123Z"))
	}
	t, err := parseTime(m.text())
	if err != nil {
		return time.Time{}, in(key, err)
	}
	return t, nil
}
