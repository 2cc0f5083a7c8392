package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

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

// A process that brings a store up to date has the lock for a moment: so long is it waited for.
const (
	lockWait  = 3 * time.Second
	lockPause = 20 * time.Millisecond
)

// awaitLock is serveLock, but gives a process that begins at the same time a moment to be done.
func awaitLock(ctx context.Context, path string) (*os.File, error) {
	for end := time.Now().Add(lockWait); ; {
		f, err := serveLock(path)
		if !errs.Is(err, errs.Conflict) || time.Now().After(end) {
			return f, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(lockPause):
		return nil
	}
}

// firstSession opens the session that writes. SQLite does not wait for others while a new file gets its journal: this does.
func firstSession(ctx context.Context, path string) (*session, error) {
	for end := time.Now().Add(lockWait); ; {
		w, err := newSession(path, smallCache)
		if !errs.Is(exit(ctx, err), errs.Unavailable) || time.Now().After(end) {
			return w, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}
