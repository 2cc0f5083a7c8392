package audit

import (
	"context"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"weir/errs"
	"weir/graph"
)

// DefaultHost stands at the beginning of the origin of a log whose host isn't configured.
const DefaultHost = "weir.local"

// Options say how the log is opened.
type Options struct {
	Dir  string           // where the keys lie, outside the store; "": without keys, to read only
	Host string           // the first part of the origin of a new log; "" is DefaultHost
	Now  func() time.Time // nil is time.Now

	// Retention is how long entries must be kept before Prune may forget them; 0: for ever.
	Retention time.Duration
}

// Log is the proof over the entries of a store: its tree, its checkpoints and its keys. It is safe for use by
// several goroutines.
type Log struct {
	store  graph.Store
	dir    string
	now    func() time.Time
	origin string
	keys   *Keys

	retention time.Duration

	mu      sync.Mutex
	trouble error // of the last attempt to seal
}

// Open opens the log of a store. At the first run it gives the log its origin and makes the keys in the directory.
// A signing key that is missing later isn't made again: then another server seals, or nobody does, which State tells.
// Errors: those of the store; Internal if a file can't be read or written; Conflict if the key to the personal data is gone.
func Open(ctx context.Context, s graph.Store, o Options) (*Log, error) {
	if o.Host == "" {
		o.Host = DefaultHost
	}
	if strings.ContainsAny(o.Host, " +\n\t/") {
		return nil, errs.Bad("host", "is not a host name.")
	}
	l := &Log{store: s, dir: o.Dir, now: o.Now, retention: o.Retention}
	if l.now == nil {
		l.now = time.Now
	}
	at, err := ensureStanding(ctx, s, o.Host)
	if err != nil {
		return nil, err
	}
	if l.origin = at.Origin; l.dir == "" {
		return l, nil
	}
	if l.keys, err = loadKeys(filepath.Join(l.dir, payloadFile), at); err != nil {
		return nil, err
	}
	return l, l.introduce(ctx)
}

// introduce makes the first keys of a log known to its store. Of two servers that do so at once one is refused, or can't sign.
func (l *Log) introduce(ctx context.Context) error {
	return l.settle(ctx, func(at *standing) (bool, error) {
		all, err := l.keys.read()
		if err != nil {
			return false, err
		}
		changed := false
		if at.Wrapping == "" {
			at.Wrapping, changed = all[0].id, true
		}
		if _, err := inUse(all, *at); err != nil || len(at.Keys) > 0 {
			return changed, err
		}
		vkey, err := l.firstKey()
		if vkey != "" {
			at.Keys, changed = []string{KeySpan{VKey: vkey}.text()}, true
		}
		return changed, err
	})
}

// settle changes the state of the log without an entry, again if others did at the same time.
func (l *Log) settle(ctx context.Context, change func(*standing) (bool, error)) error {
	for tries := 1; ; tries++ {
		at, err := readStanding(ctx, l.store)
		if err != nil {
			return err
		}
		changed, err := change(&at)
		if err != nil || !changed {
			return err
		}
		err = l.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
			_, err := tx.Put(ctx, at.write())
			return err
		})
		if !errs.Is(err, errs.Conflict) || tries == amendTries {
			return err
		}
	}
}

// firstKey makes the signing key of a log that has none, unless a run that didn't end has made it; "" if another log's key is there,
// which sealing tells.
func (l *Log) firstKey() (vkey string, err error) {
	line, _, err := makeKey(l.origin)
	if err != nil {
		return "", err
	}
	path := filepath.Join(l.dir, signerFile)
	if err := createFile(path, line+"\n", 0o600); err != nil {
		return "", err
	}
	signers, err := loadSigners(l.dir, l.origin)
	if errs.Is(err, errs.Conflict) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if len(signers) == 0 {
		return "", errs.Ef(errs.Internal, "The file %s is empty.", path)
	}
	return signers[0].vkey, publish(l.dir, signers)
}

// Origin names the log: "<host>/audit/<log id>".
func (l *Log) Origin() string { return l.origin }

// Keys are the keys to personal data, for Sealing; nil without a directory.
func (l *Log) Keys() *Keys { return l.keys }

// Verifiers are the keys of the log, also those that sign no more.
func (l *Log) Verifiers(ctx context.Context) ([]KeySpan, error) {
	at, err := readStanding(ctx, l.store)
	if err != nil {
		return nil, err
	}
	return at.keys()
}

// setTrouble remembers why the log can't be sealed; nil if it can.
func (l *Log) setTrouble(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.trouble = err
}

// Trouble tells why this process can't seal the log; nil if it can or doesn't try.
func (l *Log) Trouble() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.trouble
}
