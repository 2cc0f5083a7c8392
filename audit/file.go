package audit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"weir/errs"
)

// The files beside the store. They are never kept in it: who has only the store can neither sign nor read what is sealed.
const (
	signerFile  = "audit.key"       // a note signer's key a line; all sign
	publicFile  = "audit.pub"       // the verifier's keys to them
	payloadFile = "payload.key"     // the keys that wrap the keys of subjects, base64; the first is used
	lastFile    = "last-checkpoint" // the last checkpoint that was signed here
)

// readLines returns the lines of a file; nil if there is none.
func readLines(path string) ([]string, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "A file of the log can't be read.")
	}
	return strings.Fields(strings.ReplaceAll(string(b), "\r", "")), nil
}

// writeFile replaces a file as a whole: after a crash it is the old or the new one, and on the disk before it returns.
func writeFile(path, text string, perm fs.FileMode) error {
	err := func() error {
		f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
		if err != nil {
			return err
		}
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Chmod(perm), f.Sync(), f.Close())
		if err == nil {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			return errors.Join(err, os.Remove(f.Name()))
		}
		return syncDir(filepath.Dir(path))
	}()
	return errs.Wrap(err, errs.Internal, "A file of the log can't be written.")
}

// createFile writes a file that isn't there; false if it is.
func createFile(path, text string, perm fs.FileMode) (bool, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Sync(), f.Close(), syncDir(filepath.Dir(path)))
	}
	return err == nil, errs.Wrap(err, errs.Internal, "A file of the log can't be written.")
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
