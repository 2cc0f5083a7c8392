package template

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Canonical is the body as JSON that is the same for bodies that say the same: lists without an order are sorted.
func (b Body) Canonical() []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(b.Clean()); err != nil {
		panic("template: strings, numbers and lists of them are always JSON: " + err.Error())
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// Hash is the SHA-256 of the canonical form, in hexadecimal.
func (b Body) Hash() string {
	sum := sha256.Sum256(b.Canonical())
	return hex.EncodeToString(sum[:])
}
