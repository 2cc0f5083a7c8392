package web

import (
	"bytes"
	"encoding/json"
)

// indented is JSON for people to read; what is no JSON is shown as it is.
func indented(text string) string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		return text
	}
	return out.String()
}
