package audit

import "testing"

func TestEncodeIsCanonical(t *testing.T) {
	for text, want := range map[string]string{
		"a\u2028b\u2029c":  "\"a\u2028b\u2029c\"",
		`\u2028`:           `"\\u2028"`,
		`\` + "\u2028":     `"\\` + "\u2028\"",
		"\xff":             "\"\ufffd\"",
		"\x00\x1f\n\b\f\"": `"\u0000\u001f\n\b\f\""`,
		"<a&b>":            `"<a&b>"`,
	} {
		got, err := encode(text)
		if err != nil || string(got) != want {
			t.Errorf("encode(%q) = %s, %v, want %s", text, got, err, want)
		}
	}
}
