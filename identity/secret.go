package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/crc32"
	"math/big"
	"strings"
)

// TokenPrefix begins every API token, so that people and scanners know one when they see it.
const TokenPrefix = "weir_"

// A token is the prefix, 32 random bytes and the CRC-32 of those characters, both in base 62.
const (
	tokenBytes = 32
	tokenChars = 43
	checkChars = 6
)

// newSecret makes the text of a token.
func newSecret() string {
	body := base62(new(big.Int).SetBytes(random(tokenBytes)), tokenChars)
	return TokenPrefix + body + checksum(body)
}

func checksum(body string) string {
	return base62(big.NewInt(int64(crc32.ChecksumIEEE([]byte(body)))), checkChars)
}

// base62 writes n in n characters of 0-9A-Za-z.
func base62(n *big.Int, width int) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	out := make([]byte, width)
	base, rest := big.NewInt(int64(len(digits))), new(big.Int)
	n = new(big.Int).Set(n)
	for i := width - 1; i >= 0; i-- {
		n.DivMod(n, base, rest)
		out[i] = digits[rest.Int64()]
	}
	return string(out)
}

// LooksLikeToken tells whether a text has the form and the checksum of a token; whether there is such a token only the store
// knows.
func LooksLikeToken(text string) bool {
	rest, ok := strings.CutPrefix(text, TokenPrefix)
	if !ok || len(rest) != tokenChars+checkChars {
		return false
	}
	body := rest[:tokenChars]
	return rest[tokenChars:] == checksum(body)
}

// hashToken is what is kept of a token. It is random enough that one round is.
func hashToken(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
