package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"weir/errs"
)

// prepare makes the folder and the file of a store, readable by their owner alone. SQLite gives its side files the
// permissions of the file itself.
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return errs.Wrap(err, errs.Unavailable, "The store's folder can't be made.")
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return errs.Wrap(err, errs.Unavailable, "The store's file can't be opened.")
	}
	return errs.Wrap(f.Close(), errs.Unavailable, "The store's file can't be written.")
}

// exists tells whether there is a store at path.
func exists(path string) error {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return errs.Wrap(err, errs.NotFound, "There is no store at that path.")
	}
	return errs.Wrap(err, errs.Unavailable, "The store's file can't be read.")
}

// serveLock takes the lock of the one process that serves a store. The system releases it when the process ends,
// however it ends; the file beside the store stays.
func serveLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, errs.Wrap(err, errs.Unavailable, "The store's lock file can't be opened.")
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errs.Wrap(err, errs.Conflict, "Another Weir serves this store already. Stop it first, or use another folder.")
	} else {
		err = errs.Wrap(err, errs.Unavailable, "The store's lock can't be taken.")
	}
	return nil, errors.Join(err, f.Close())
}
