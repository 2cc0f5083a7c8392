package openlineage

import (
	"strings"
	"unicode/utf8"
)

// name reads a required member that names something. Names are taken as they are: no white space is cut, no case changed.
func name(v value, key string) (string, error) {
	n, err := optionalName(v, key)
	if err == nil && n == "" {
		return "", in(key, bad("is missing"))
	}
	return n, err
}

// optionalName is name for a member that may be absent or empty: "".
func optionalName(v value, key string) (string, error) {
	m := v.get(key)
	if !m.given() {
		return "", nil
	}
	if !m.is('"') {
		return "", in(key, bad("must be a string"))
	}
	n := m.text()
	if err := checkName(n); err != nil {
		return "", in(key, err)
	}
	return n, nil
}

// checkName refuses what can't be the name of anything.
func checkName(n string) error {
	if len(n) > MaxName {
		return over(MaxName, "bytes")
	}
	if strings.IndexByte(n, 0) >= 0 {
		return bad("must not hold the NUL character")
	}
	return nil
}

// text reads a member that is shown, not longer than MaxText; "" if it is no string.
func text(v value, key string) string { return cut(whole(v, key), MaxText) }

// whole is text without the limit.
func whole(v value, key string) string { return clean(v.get(key).text()) }

// clean replaces NUL characters: no store and no page knows what to do with one.
func clean(s string) string {
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "\ufffd")
}

// cut shortens a text to at most limit bytes, at a rune boundary and with an ellipsis.
func cut(s string, limit int) string {
	const ellipsis = "…"
	if len(s) <= limit {
		return s
	}
	end := limit - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + ellipsis
}

// runID reads a required run id. A UUID is taken in lower case: however a client writes it, it is the same run. Clients
// also send ids that are none, and those are as good for telling runs apart.
func runID(v value) (string, error) {
	id, err := name(v, "runId")
	if err == nil && isUUID(id) {
		id = strings.ToLower(id)
	}
	return id, err
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (c == '-') {
			return false
		}
		if !dash && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
}
