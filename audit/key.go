package audit

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"weir/errs"
)

// signer is a key of the log that this process can sign with.
type signer struct {
	note.Signer
	vkey string
}

// loadSigners reads the keys that lie in a directory; none if there is no file. They must be keys of the log of that origin.
func loadSigners(dir, origin string) ([]signer, error) {
	lines, err := readLines(filepath.Join(dir, signerFile))
	if err != nil {
		return nil, err
	}
	var signers []signer
	for _, line := range lines {
		s, err := parseSigner(line)
		if err != nil {
			return nil, err
		}
		if s.Name() != origin {
			return nil, errs.Ef(errs.Conflict, "The signing key in the directory is of the log %s, but the store holds the log %s. "+
				"Was the store replaced?", s.Name(), origin)
		}
		signers = append(signers, s)
	}
	return signers, nil
}

// parseSigner reads a line of the key file: "PRIVATE+KEY+<name>+<hash>+<base64 of 1 and the seed>".
func parseSigner(line string) (signer, error) {
	const message = "The signing key of the log can't be read."
	s, err := note.NewSigner(line)
	if err != nil {
		return signer{}, errs.Wrap(err, errs.Internal, message)
	}
	parts := strings.SplitN(line, "+", 5)
	seed, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return signer{}, errs.E(errs.Internal, message)
	}
	public, _ := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(s.Name(), public)
	return signer{s, vkey}, errs.Wrap(err, errs.Internal, message)
}

// makeKey makes a key of the log of that origin: a line of the key file, and the verifier's key.
func makeKey(origin string) (line, vkey string, err error) {
	line, vkey, err = note.GenerateKey(rand.Reader, origin)
	return line, vkey, errs.Wrap(err, errs.Internal, "No random numbers are to be had.")
}

// publish writes the verifier's keys of the signers beside their file.
func publish(dir string, signers []signer) error {
	var b strings.Builder
	for _, s := range signers {
		b.WriteString(s.vkey + "\n")
	}
	return writeFile(filepath.Join(dir, publicFile), b.String(), 0o644)
}

// chosen returns the signers of all keys that must sign a checkpoint of a size, in the order of the keys, and those that
// may. Conflict if one that must isn't here.
func chosen(signers []signer, spans []KeySpan, size int64) ([]note.Signer, error) {
	var out []note.Signer
	for _, k := range spans {
		if k.To != 0 && k.To <= size {
			continue
		}
		found := false
		for _, s := range signers {
			if s.vkey == k.VKey {
				out, found = append(out, s.Signer), true
			}
		}
		if !found && k.Signs(size) {
			return nil, errs.Ef(errs.Conflict, "The signing key %s of the log isn't on this server; copy %s from one that has it.",
				k.VKey, signerFile)
		}
	}
	if len(out) == 0 {
		return nil, errs.E(errs.Conflict, "The log has no key that signs.")
	}
	return out, nil
}
