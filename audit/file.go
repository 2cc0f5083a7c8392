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
	err := placed(path, text, perm, os.Rename)
	return errs.Wrap(err, errs.Internal, "A file of the log can't be written.")
}

// createFile writes a file as a whole, unless it is there already.
func createFile(path, text string, perm fs.FileMode) error {
	err := placed(path, text, perm, func(from, to string) error { return errors.Join(os.Link(from, to), os.Remove(from)) })
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return errs.Wrap(err, errs.Internal, "A file of the log can't be written.")
}

// placed writes a file under another name and moves it to its place.
func placed(path, text string, perm fs.FileMode, move func(from, to string) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Chmod(perm), f.Sync(), f.Close())
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := move(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
