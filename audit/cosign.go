package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"weir/errs"
)

// cosigner checks C2SP cosignatures of Ed25519 (type 4). It is a note.Verifier.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

const cosignatureType = 4

// newCosigner reads a verifier's key: "<name>+<hash>+<base64 of type and key>".
func newCosigner(vkey string) (*cosigner, error) {
	bad := errs.Bad("vkey", "is not the key of a witness.")
	name, rest, _ := strings.Cut(vkey, "+")
	hex, encoded, ok := strings.Cut(rest, "+")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || name == "" || len(key) != 1+ed25519.PublicKeySize || key[0] != cosignatureType {
		return nil, bad
	}
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	hash, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 8 || uint32(hash) != binary.BigEndian.Uint32(sum[:]) {
		return nil, bad
	}
	return &cosigner{name, uint32(hash), key[1:]}, nil
}

// Name is the name of the witness.
func (c *cosigner) Name() string { return c.name }

// KeyHash tells keys of one name apart.
func (c *cosigner) KeyHash() uint32 { return c.hash }

// Verify tells whether sig is a time and a signature over it and the text.
func (c *cosigner) Verify(text, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), text)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}
