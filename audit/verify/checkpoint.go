package verify

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// maxNote is the size of a checkpoint with its signatures in bytes.
const maxNote = 64 << 10

// strict is base64 in which each value has one spelling.
var strict = base64.StdEncoding.Strict()

// checkpoint is what a signed note says: so many entries, with that root, are the log of that name.
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
	text   []byte // the whole note
}

// parseCheckpoint reads a checkpoint without looking at who signed it.
func parseCheckpoint(text []byte) (checkpoint, error) {
	bad := func(why string) (checkpoint, error) {
		return checkpoint{}, problem(-1, BadNote, "a checkpoint %s", why)
	}
	if len(text) > maxNote {
		return bad("is too large")
	}
	body, signatures, ok := strings.Cut(string(text), "\n\n")
	lines := strings.Split(body, "\n")
	if !ok || len(lines) != 3 || lines[0] == "" {
		return bad("is not origin, size, root and signatures")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || strconv.FormatInt(size, 10) != lines[1] {
		return bad("has no size")
	}
	root, err := strict.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return bad("has no root hash")
	}
	if !exact(signatures) {
		return bad("has signatures that are not in the form of signatures, or one twice")
	}
	return checkpoint{origin: lines[0], size: size, root: tlog.Hash(root), text: text}, nil
}

// exact holds for lines "— name base64" of which none stands there twice. The library that opens notes would overlook
// a second one, and a base64 that is spelled differently.
func exact(signatures string) bool {
	seen := map[string]bool{}
	for line := range strings.Lines(signatures) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), " ")
		if len(f) != 3 || f[0] != "—" || !strings.HasSuffix(line, "\n") {
			return false
		}
		raw, err := strict.DecodeString(f[2])
		if err != nil || len(raw) < 5 || seen[f[1]+string(raw[:4])] {
			return false
		}
		seen[f[1]+string(raw[:4])] = true
	}
	return len(seen) > 0
}

// open returns the keys of the ring that signed the checkpoint, and whether all its witnesses did.
func (c checkpoint) open(k *keyring) (keys []string, witnessed bool, err error) {
	n, err := note.Open(c.text, k)
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		return nil, false, problem(-1, BadSignature, "the checkpoint of size %d is not signed by a key of this log", c.size)
	case errors.As(err, &invalid):
		return nil, false, problem(-1, BadSignature, "a signature under the checkpoint of size %d is wrong", c.size)
	case err != nil:
		return nil, false, problem(-1, BadNote, "the checkpoint of size %d is malformed: %v", c.size, err)
	}
	return k.signed(n), k.witnessed(n), nil
}
