package audit

import (
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"weir/errs"
)

// A log must never sign two checkpoints that contradict each other, even if its store was restored from a backup
// or copied. So whoever signs keeps the last checkpoint that it signed in a file outside the store, and demands before
// each signature that the store still agrees with it.

// lastSigned returns what the last checkpoint signed here says; a tree of size 0 if there is none.
func (l *Log) lastSigned(known note.Verifiers) (tlog.Tree, error) {
	b, err := os.ReadFile(filepath.Join(l.dir, lastFile))
	if os.IsNotExist(err) {
		return tlog.Tree{}, nil
	}
	if err != nil {
		return tlog.Tree{}, errs.Wrap(err, errs.Internal, "The last checkpoint signed here can't be read.")
	}
	t, err := open(string(b), l.origin, known)
	if err != nil {
		return t, errs.Wrap(err, errs.Conflict, "The last checkpoint signed here isn't one of the log in the store. Was the store replaced?")
	}
	return t, nil
}

// keepSigned writes a checkpoint to the file before anybody can see it.
func (l *Log) keepSigned(text string) error {
	return writeFile(filepath.Join(l.dir, lastFile), text, 0o600)
}

// agree demands that a tree continues what was signed here before.
func agree(signed, now tlog.Tree, r tlog.HashReader) error {
	if signed.N == 0 {
		return nil
	}
	if now.N < signed.N {
		return errs.Ef(errs.Conflict, "The store holds %d entries, but %d were signed here before. Was it restored from an older backup?",
			now.N, signed.N)
	}
	h, err := rootAt(signed.N, r)
	if err != nil {
		return err
	}
	if h != signed.Hash {
		return errs.Ef(errs.Conflict, "The first %d entries of the store aren't those that were signed here before. "+
			"Was it restored from a backup, or changed?", signed.N)
	}
	return nil
}
