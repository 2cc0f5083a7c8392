package audit

import "bytes"

// escaped are the escapes that encoding/json writes where RFC 8785 wants the character itself; the last stands for bytes that are
// no UTF-8. Whoever verifies refuses a leaf with another spelling than the one.
var escaped = map[string]string{"2028": "\u2028", "2029": "\u2029", "fffd": "\ufffd"}

// canonical makes what encoding/json wrote canonical in the sense of RFC 8785.
func canonical(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u`)) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			out = append(out, text[i])
			continue
		}
		if text[i+1] == 'u' && i+6 <= len(text) {
			if plain, ok := escaped[string(text[i+2:i+6])]; ok {
				out = append(out, plain...)
				i += 5
				continue
			}
		}
		out = append(out, text[i], text[i+1]) // both, so that an escaped backslash begins no escape
		i++
	}
	return out
}
