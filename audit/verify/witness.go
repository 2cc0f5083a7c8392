package verify

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// witness is the key of somebody else who signs checkpoints of a log that he saw grow (C2SP tlog-cosignature, Ed25519). It is a
// note.Verifier.
type witness struct {
	key    string
	name   string
	hash   uint32
	public ed25519.PublicKey
}

// The layout of a cosignature: the time in seconds, then Ed25519 over a head, the time and the checkpoint.
const (
	cosignatureType = 4
	cosignatureTime = 8
)

// parseWitness reads a witness' verifier key.
func parseWitness(key string) (*witness, error) {
	bad := problem(-1, BadKey, "%q is not the verifier key of a witness", key)
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 || parts[0] == "" || strings.ContainsAny(parts[0], " \n\t") || len(parts[1]) != 8 {
		return nil, bad
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, bad
	}
	raw, err := strict.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != cosignatureType {
		return nil, bad
	}
	sum := sha256.Sum256([]byte(parts[0] + "\n" + string(raw)))
	if binary.BigEndian.Uint32(sum[:]) != uint32(hash) {
		return nil, bad
	}
	return &witness{key: key, name: parts[0], hash: uint32(hash), public: raw[1:]}, nil
}

// Name is the name of the witness.
func (w *witness) Name() string { return w.name }

// KeyHash tells its keys apart.
func (w *witness) KeyHash() uint32 { return w.hash }

// Verify tells whether the witness signed a checkpoint, at the time that stands in the signature.
func (w *witness) Verify(checkpoint, signature []byte) bool {
	if len(signature) != cosignatureTime+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(signature)
	message := fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", at, checkpoint)
	return ed25519.Verify(w.public, message, signature[cosignatureTime:])
}

var _ note.Verifier = (*witness)(nil)
