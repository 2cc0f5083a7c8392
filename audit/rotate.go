package audit

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"weir/errs"
	"weir/graph"
)

// Rotate makes a new signing key on this server. From the next checkpoint on it signs beside those that there are, until these
// are retired: so whoever knows an old key learns of the new one from what the old one signs. by gives Actor and Request;
// authorizing is the caller's. Errors: Conflict if the keys of the log aren't here, or others kept changing the log meanwhile.
func (l *Log) Rotate(ctx context.Context, by Entry) (vkey string, err error) {
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return "", err
	}
	lines, err := l.keyLines(at)
	if err != nil {
		return "", err
	}
	line, vkey, err := makeKey(l.origin)
	if err != nil {
		return "", err
	}
	// The key is on the disk before the log demands it: a crash between leaves a key that nobody asks for.
	if err := l.writeSigners(append(lines, line)); err != nil {
		return "", err
	}
	return vkey, l.amend(ctx, func(at *standing) (Entry, error) {
		from := at.Size + 1
		at.Keys = append(at.Keys, KeySpan{VKey: vkey, From: from}.text())
		return about(by, ActionKey, "", map[string]string{"vkey": vkey, "from": strconv.FormatInt(from, 10)}), nil
	})
}

// Retire ends a signing key: no checkpoint from the next one on needs it. Errors: NotFound if it doesn't sign, Conflict if
// it is the only one that does or others changed the keys at the same time.
func (l *Log) Retire(ctx context.Context, by Entry, vkey string) error {
	err := l.amend(ctx, func(at *standing) (Entry, error) {
		to := at.Size + 1
		facts := map[string]string{"vkey": vkey, "to": strconv.FormatInt(to, 10)}
		return about(by, ActionRetire, "", facts), at.retire(vkey, to)
	})
	if err != nil {
		return err
	}
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return err
	}
	lines, err := l.keyLines(at)
	if err != nil {
		return err
	}
	return l.writeSigners(lines)
}

// retire ends the span of a key, unless it is the only one that is open.
func (s *standing) retire(vkey string, to int64) error {
	spans, err := s.keys()
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(slices.Clone(spans), func(k KeySpan) bool { return k.To != 0 })
	which := slices.IndexFunc(spans, func(k KeySpan) bool { return k.To == 0 && k.VKey == vkey })
	if which < 0 {
		return errs.E(errs.NotFound, "No key that signs the log is that one.")
	}
	if len(open) == 1 {
		return errs.E(errs.Conflict, "This is the only key that signs; rotate first.")
	}
	// Trust goes from key to key by a checkpoint that both signed: without one nobody could follow.
	if !slices.ContainsFunc(open, func(k KeySpan) bool { return k.VKey != vkey && k.From <= s.Size }) {
		return errs.E(errs.Conflict, "No checkpoint is signed by another key yet; try again in a moment.")
	}
	spans[which].To = to
	s.Keys[which] = spans[which].text()
	return nil
}

// keyLines are the lines of the key file whose keys sign; Conflict if there are none.
func (l *Log) keyLines(at standing) ([]string, error) {
	signers, err := loadSigners(l.dir, l.origin)
	if err != nil {
		return nil, err
	}
	lines, err := readLines(filepath.Join(l.dir, signerFile))
	if err != nil {
		return nil, err
	}
	spans, err := at.keys()
	if err != nil {
		return nil, err
	}
	var kept []string
	for i, s := range signers {
		if slices.ContainsFunc(spans, func(k KeySpan) bool { return k.VKey == s.vkey && k.To == 0 }) {
			kept = append(kept, lines[i])
		}
	}
	if len(kept) == 0 {
		return nil, errs.E(errs.Conflict, "No key that signs the log is on this server.")
	}
	return kept, nil
}

// writeSigners replaces the key file and the file of the verifier's keys.
func (l *Log) writeSigners(lines []string) error {
	if err := writeFile(filepath.Join(l.dir, signerFile), strings.Join(lines, "\n")+"\n", 0o600); err != nil {
		return err
	}
	signers, err := loadSigners(l.dir, l.origin)
	if err != nil {
		return err
	}
	return publish(l.dir, signers)
}

// amendTries bounds amend: a conflict comes from a checkpoint that is signed at the same moment, once a second.
const amendTries = 20

// amend changes the state of the log together with the entry about it. change may run more than once.
func (l *Log) amend(ctx context.Context, change func(*standing) (Entry, error)) error {
	for tries := 1; ; tries++ {
		at, err := readStanding(ctx, l.store)
		if err != nil {
			return err
		}
		e, err := change(&at)
		if err != nil {
			return err
		}
		err = l.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			if err := tx.Lock(ctx, string(standingID)); err != nil {
				return err
			}
			if _, err := tx.Put(ctx, at.write()); err != nil {
				return err
			}
			return Append(ctx, tx, l.now(), e)
		})
		if !errs.Is(err, errs.Conflict) || tries == amendTries {
			return err
		}
	}
}
