package template

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"weir/errs"
)

// MaxJSON is the most bytes that Parse reads.
const MaxJSON = 256 << 10

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

// Parse reads a body. It refuses with errs.Invalid what it doesn't know, what comes twice and what follows the end, so that
// nobody believes in a rule that was never read. It doesn't Check or Clean, so that what Check says fits what was sent.
func Parse(data []byte) (Body, error) {
	if len(data) > MaxJSON {
		return Body{}, errs.Ef(errs.TooLarge, "A policy has at most %d bytes of JSON.", MaxJSON)
	}
	if err := once(json.NewDecoder(bytes.NewReader(data))); err != nil {
		return Body{}, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var b Body
	if err := dec.Decode(&b); err != nil {
		return Body{}, unread(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Body{}, errs.Bad("policy", "Something follows the end of the JSON object.")
	}
	return b, nil
}

// unread says what is wrong with the JSON in a field that the sender knows.
func unread(err error) error {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return errs.Badf(kind.Field, "Is a JSON %s where a %s is wanted.", kind.Value, kind.Type.Kind())
	}
	return errs.Bad("policy", "Is not the JSON of a policy: "+err.Error())
}

// once wants each key of each object once, whatever its case: the decoder takes any case and keeps the last of two.
func once(dec *json.Decoder) error {
	type level struct {
		object bool
		key    bool // the next token is a key
		seen   map[string]bool
	}
	var open []level
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return unread(err)
		}
		top := len(open) - 1
		if delim, ok := token.(json.Delim); ok {
			if delim == '{' || delim == '[' {
				open = append(open, level{object: delim == '{', key: true, seen: map[string]bool{}})
				continue
			}
			open, top = open[:top], top-1
		} else if name, ok := token.(string); ok && top >= 0 && open[top].object && open[top].key {
			if open[top].seen[strings.ToLower(name)] {
				return errs.Bad(name, "Is there twice.")
			}
			open[top].seen[strings.ToLower(name)], open[top].key = true, false
			continue
		}
		if top >= 0 {
			open[top].key = true
		}
	}
}
