package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"weir/errs"
)

// The files that the program keeps in its directory beside the store.
const (
	lockName    = "weir.lock"    // locked by the one process that works on the directory
	addressName = "weir.address" // where that process answers, if it is a server; one that was killed leaves it behind
)

// takeDir makes the directory if there is none and takes it for this process alone, whichever engine the store is on.
// The system releases the lock when the process ends, however it ends.
// Errors: Conflict if another process has it.
func takeDir(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.Badf("dir", "can't be made: %v.", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errs.Badf("dir", "can't be written to: %v.", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case err == nil:
		return f, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		err = errs.Ef(errs.Conflict, "Another Weir serves the directory %s%s. Stop it first, or use another one.", dir, atAddress(dir))
	default:
		err = errs.Badf("dir", "can't be locked: %v.", err)
	}
	return nil, errors.Join(err, f.Close())
}

// atAddress is " at" with the address of the server on a directory, or nothing if it isn't known.
func atAddress(dir string) string {
	if url, err := addressIn(dir); err == nil && url != "" {
		return " at " + url
	}
	return ""
}

// addressIn is what the directory says of where its server answers; "" if it says nothing.
func addressIn(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, addressName))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", errs.Badf("dir", "the address of its server can't be read: %v.", err)
	}
	return strings.TrimSpace(string(b)), nil
}
