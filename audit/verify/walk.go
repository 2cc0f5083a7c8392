package verify

import (
	"bytes"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// A walk goes through a log once, from its first entry to its last, part by part: for each part the hashes, then the
// entries, then the payloads. Checkpoints are handed in before the walk passes their size. It keeps little of what it
// saw: ids, keys, and what is missing.
type walk struct {
	result    Result
	keys      *keyring
	origin    string
	tree      tree
	pending   []checkpoint // to come, by size
	last      checkpoint   // the last that held
	trusted   bool         // a key that is vouched for signed the last
	witnessed int64        // size of the last checkpoint that all witnesses signed
	known     *checkpoint  // that whoever asks has from before; nil once it was passed
	bare      bool         // payloads do not come along

	begin   int64       // index of the first entry of this part
	hashes  []tlog.Hash // of this part
	wants   []want      // what its entries committed to
	removed removal
	ids     map[[16]byte]bool
	other   map[string]bool // ids that are no UUIDs
	newest  time.Time
}

// want is a payload that an entry committed to.
type want struct {
	index   int64
	subject string
	commitment
	met bool // it is there
}

func newWalk(what string, o Options) (*walk, error) {
	w := &walk{result: Result{What: what}, ids: map[[16]byte]bool{}, other: map[string]bool{}, removed: newRemoval()}
	var err error
	if w.keys, err = newKeyring(o.Key, o.Witnesses...); err != nil {
		return nil, err
	}
	w.result.Pinned = o.Key != ""
	if o.Known != nil {
		c, err := parseCheckpoint(o.Known)
		if err != nil {
			return nil, err
		}
		w.known = &c
	}
	return w, nil
}

// begins takes the keys that were in force at the beginning.
func (w *walk) begins(spans []Span) error {
	for _, s := range spans {
		if err := w.keys.begin(s); err != nil {
			return err
		}
	}
	w.origin = w.keys.known[spans[0].Key].Name()
	return nil
}

// checkpoint takes a checkpoint that the walk has still to pass.
func (w *walk) checkpoint(text []byte) error {
	c, err := parseCheckpoint(bytes.Clone(text))
	if err != nil {
		return err
	}
	before := w.tree.size
	if n := len(w.pending); n > 0 {
		before = w.pending[n-1].size
	}
	if c.size <= before {
		return problem(-1, BadOrder, "the checkpoint of size %d comes after one of size %d", c.size, before)
	}
	w.pending = append(w.pending, c)
	return nil
}

// part takes the hashes of the next part of the log.
func (w *walk) part(hashes []tlog.Hash) error {
	if len(hashes) == 0 {
		return problem(-1, BadOrder, "a part of the log is empty")
	}
	w.begin, w.hashes, w.wants = w.tree.size, hashes, w.wants[:0]
	return nil
}

// ends closes a part: it goes into the tree, and each checkpoint on the way has to have the root that comes out.
// pruned tells that the entries of the part are gone.
func (w *walk) ends(pruned bool) error {
	if err := w.removed.part(w.wants, w.begin, pruned, int64(len(w.hashes))); err != nil {
		return err
	}
	for _, h := range w.hashes {
		w.tree.add(h)
		if len(w.pending) > 0 && w.pending[0].size == w.tree.size {
			if err := w.pass(); err != nil {
				return err
			}
		}
		if w.known != nil && w.known.size == w.tree.size {
			if err := w.passKnown(); err != nil {
				return err
			}
		}
	}
	w.hashes, w.wants = w.hashes[:0], w.wants[:0]
	return nil
}

// pass demands that the next checkpoint holds.
func (w *walk) pass() error {
	c := w.pending[0]
	w.pending = w.pending[1:]
	trusted, err := w.holds(c)
	if err != nil {
		return err
	}
	if c.root != w.tree.root() {
		return problem(w.last.size, BadRoot, "from here to entry %d the entries are not those that were signed", c.size)
	}
	w.last, w.trusted = c, trusted
	w.result.Checkpoints++
	return nil
}

// passKnown demands that the checkpoint that is known from before is one of this history.
func (w *walk) passKnown() error {
	c := *w.known
	w.known = nil
	if _, err := w.holds(c); err != nil {
		return err
	}
	if c.root != w.tree.root() {
		return problem(-1, Forked, "the checkpoint of size %d that is known from before is of another history: this log was rewritten", c.size)
	}
	return nil
}

func (w *walk) holds(c checkpoint) (vouched bool, err error) {
	if c.origin != w.origin {
		return false, problem(-1, BadOrigin, "a checkpoint is of the log %q, not of %q", c.origin, w.origin)
	}
	signed, witnessed, err := c.open(w.keys)
	if err != nil {
		return false, err
	}
	if witnessed {
		w.witnessed = max(w.witnessed, c.size)
	}
	return w.keys.admit(c.size, signed)
}

// finish demands what can be said only at the end.
func (w *walk) finish() error {
	switch {
	case w.known != nil:
		return problem(-1, RolledBack, "a checkpoint of size %d is known from before, but the log ends at %d: it was restored from an older copy, or cut",
			w.known.size, w.tree.size)
	case len(w.pending) > 0:
		return problem(w.tree.size, Cut, "it is missing, like all up to entry %d that were signed", w.pending[0].size)
	case w.tree.size == 0:
		return problem(-1, BadOrder, "the log is empty")
	case w.last.size != w.tree.size:
		return problem(w.last.size, BadOrder, "it and what follows was not signed")
	case w.result.Pinned && !w.trusted && w.bare: // a server shows its latest checkpoint alone
		return problem(-1, BadKey, "the latest checkpoint is not signed by the key that was given; if that key was retired, an export shows which one followed it")
	case w.result.Pinned && !w.trusted:
		return problem(-1, BadKey, "the log is not signed by the key that was given, nor by one that it announced")
	case !w.trusted:
		return problem(-1, BadKey, "the log is signed by a key that no earlier key vouches for")
	}
	if len(w.keys.witnesses) > 0 && w.witnessed == 0 {
		return problem(-1, BadWitness, "no checkpoint is signed by all witnesses that were given")
	}
	if err := w.keys.finish(); err != nil {
		return err
	}
	if err := w.removed.finish(); err != nil {
		return err
	}
	r := &w.result
	r.Origin, r.Size, r.Root = w.origin, w.tree.size, w.last.root.String()
	r.Payloads, r.Erased, r.Redacted, r.Pruned = w.removed.held, w.removed.erased, w.removed.redacted, w.removed.pruned
	r.Witnessed = w.witnessed
	r.Keys = w.keys.inForce(w.tree.size)
	if !r.Pinned {
		w.notice("no key was given: the log agrees with itself, but that it is the right one shows only when --key names a key that you have from elsewhere")
	}
	return nil
}

// inForce are the keys that have to sign at a size.
func (k *keyring) inForce(size int64) []string {
	var keys []string
	for _, s := range k.spans {
		if s.demanded(size) {
			keys = append(keys, s.Key)
		}
	}
	return keys
}
