package audit

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"weir/errs"
)

// Keys wrap the keys of subjects. They lie in a file outside the store, so that neither the store nor a backup of it shows
// personal data, and a key of a subject that is deleted is gone.
//
// The file is read again when it is needed, so that an operator can change the key beside a running server: see Rewrap.
type Keys struct {
	path string
}

const keySize = 32

// wrapper is one key of the file. Its id tells it from others and says nothing about it: the store knows by it which one
// is in use, so that of several servers none wraps with a key that the others don't have.
type wrapper struct {
	cipher.AEAD
	id string
}

// loadKeys reads the file at path, and makes it if the store doesn't ask for one that was there.
func loadKeys(path string, at standing) (*Keys, error) {
	lines, err := readLines(path)
	if err != nil {
		return nil, err
	}
	k := &Keys{path: path}
	if len(lines) == 0 && at.Wrapping != "" {
		return nil, errs.Ef(errs.Conflict, "The file %s is missing, and the log holds personal data that it is the key to. "+
			"Copy it from a backup or from another server.", path)
	}
	if len(lines) == 0 {
		if err := createFile(path, newSecret()+"\n", 0o600); err != nil {
			return nil, err
		}
	}
	all, err := k.read()
	if err != nil {
		return nil, err
	}
	if at.Wrapping != "" {
		_, err = inUse(all, at)
	}
	return k, err
}

// read returns the keys in the file, the first of which is the newest.
func (k *Keys) read() ([]wrapper, error) {
	lines, err := readLines(k.path)
	if err != nil {
		return nil, err
	}
	var all []wrapper
	for _, line := range lines {
		secret, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(secret) != keySize {
			return nil, errs.Ef(errs.Internal, "The file %s doesn't hold keys.", payloadFile)
		}
		sum := sha256.Sum256(append([]byte("weir payload key\n"), secret...))
		all = append(all, wrapper{aead(secret), hex.EncodeToString(sum[:8])})
	}
	if len(all) == 0 {
		return nil, errs.Ef(errs.Internal, "The file %s doesn't hold keys.", payloadFile)
	}
	return all, nil
}

// inUse is the key that the store is written with.
func inUse(all []wrapper, at standing) (wrapper, error) {
	for _, w := range all {
		if w.id == at.Wrapping {
			return w, nil
		}
	}
	return wrapper{}, errs.Ef(errs.Conflict, "The file %s isn't the one that the log is written with. Copy it from the server that is.", payloadFile)
}

// newSecret is a line of the file.
func newSecret() string {
	return base64.StdEncoding.EncodeToString(random(keySize))
}

// random are n random bytes.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails: the program ends if the system has no random numbers
	return b
}

// aead is AES-256-GCM under a key.
func aead(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // keys have keySize bytes
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has the right block
	}
	return a
}

// seal encrypts under a random nonce, which comes first. about binds it to what it belongs to.
func seal(a cipher.AEAD, plain []byte, about string) []byte {
	nonce := random(a.NonceSize())
	return a.Seal(nonce, nonce, plain, []byte(about))
}

// unseal decrypts what seal made.
func unseal(a cipher.AEAD, sealed []byte, about string) ([]byte, error) {
	if len(sealed) < a.NonceSize() {
		return nil, errs.E(errs.Internal, "A sealed payload is too short.")
	}
	n := a.NonceSize()
	plain, err := a.Open(nil, sealed[:n], sealed[n:], []byte(about))
	return plain, errs.Wrap(err, errs.Internal, "A sealed payload can't be opened.")
}

type keysKey struct{}

// Sealing returns a context whose transactions and readers can seal and read personal data. A server makes it once,
// for all requests; nil keys change nothing.
func Sealing(ctx context.Context, k *Keys) context.Context {
	if k == nil {
		return ctx
	}
	return context.WithValue(ctx, keysKey{}, k)
}

// keysOf are the keys in a context; nil if there are none.
func keysOf(ctx context.Context) *Keys {
	k, _ := ctx.Value(keysKey{}).(*Keys)
	return k
}
