package identity

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"weir/errs"
)

// cost is what one Argon2id hash takes.
type cost struct {
	memory  uint32 // KiB
	rounds  uint32
	threads uint8
}

// standard is what OWASP asks for at least.
var standard = cost{memory: 19 << 10, rounds: 2, threads: 1}

// today is what new passwords cost; a password that was hashed for less is hashed again when it is next shown.
var today = standard

const (
	saltLen = 16
	tagLen  = 32
)

// hashing lets a few passwords be hashed at once: each takes cost.memory, and all who sign in at nine o'clock would
// otherwise take it together.
type hashing struct {
	slots chan struct{}
	dummy string // hash of a password that nobody has, for logins that have none
}

func newHashing(slots int) *hashing {
	return &hashing{slots: make(chan struct{}, slots), dummy: phc(today, random(saltLen), random(tagLen))}
}

// take waits for a slot; the caller calls free when he has hashed.
func (h *hashing) take(ctx context.Context) (free func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, errs.Wrap(ctx.Err(), errs.Unavailable, "Too many people sign in at this moment. Try again in a second.")
	}
}

// hash makes the PHC string of a password.
func hash(password string) string {
	salt := random(saltLen)
	return phc(today, salt, today.tag(password, salt, tagLen))
}

func (c cost) tag(password string, salt []byte, n uint32) []byte {
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.rounds, c.memory, c.threads, n)
}

func phc(c cost, salt, tag []byte) string {
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.rounds, c.threads, enc(salt), enc(tag))
}

// verify tells whether a password is the one of a PHC string. It takes as long whether it is or not.
func verify(stored, password string) (bool, error) {
	c, salt, tag, err := parsePHC(stored)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(tag, c.tag(password, salt, uint32(len(tag)))) == 1, nil
}

// dated tells whether a stored hash cost something else than today's.
func dated(stored string) bool {
	c, salt, tag, err := parsePHC(stored)
	return err == nil && (c != today || len(salt) != saltLen || len(tag) != tagLen)
}

func parsePHC(s string) (c cost, salt, tag []byte, err error) {
	bad := func(cause error) (cost, []byte, []byte, error) {
		return cost{}, nil, nil, errs.Wrap(fmt.Errorf("a stored password is no PHC string of Argon2id: %w", cause), errs.Internal, "A password can't be read.")
	}
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return bad(fmt.Errorf("%d parts", len(parts)))
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.rounds, &c.threads); err != nil {
		return bad(err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return bad(err)
	}
	if tag, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return bad(err)
	}
	if c.rounds == 0 || c.threads == 0 || len(tag) == 0 {
		return bad(fmt.Errorf("no cost or no tag"))
	}
	return c, salt, tag, nil
}
