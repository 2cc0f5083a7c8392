package verify

import (
	"encoding/hex"
	"io"

	"golang.org/x/mod/sumdb/tlog"
)

// A Writer writes a bundle. Call Begin, then Checkpoint and Add as the log goes on, each checkpoint before the entry behind
// its size, then End. Memory is bounded by the largest part: partEntries, or what is in partBytes.
type Writer struct {
	w                        io.Writer
	size                     int64 // entries that were added
	begin                    int64 // index of the first entry of the part
	pruned                   bool  // the entries of the part are gone
	hashes, leaves, payloads []byte
	latest                   []byte
	err                      error
}

const (
	partEntries = 4096
	partBytes   = 8 << 20
)

// Begin starts a bundle with the keys that were in force where the entries begin.
func Begin(w io.Writer, keys []Span) (*Writer, error) {
	out := &Writer{w: w}
	out.file(readmeName, []byte(readme))
	out.file(keysName, keysText(keys))
	return out, out.err
}

// Checkpoint adds a signed checkpoint of a size that is not below what was added.
func (w *Writer) Checkpoint(size int64, note []byte) error {
	w.flush()
	w.file(numbered(checkpointsDir, size), note)
	w.latest = note
	return w.err
}

// Pruned adds the hash of an entry that is gone.
func (w *Writer) Pruned(hash tlog.Hash) error {
	if !w.pruned {
		w.flush()
		w.pruned = true
	}
	return w.hash(hash)
}

// Add adds an entry, its hash as the log keeps it, and its payloads by their fields. An entry that is missing is nil: the
// bundle says what is there, not what should be.
func (w *Writer) Add(hash tlog.Hash, leaf []byte, payloads ...Payload) error {
	if w.pruned {
		w.flush()
	}
	w.leaves = append(append(w.leaves, leaf...), '\n')
	for _, p := range payloads {
		w.payloads = appendPayload(w.payloads, p)
	}
	return w.hash(hash)
}

func (w *Writer) hash(h tlog.Hash) error {
	w.hashes = append(hex.AppendEncode(w.hashes, h[:]), '\n')
	w.size++
	if w.size-w.begin >= partEntries || len(w.leaves)+len(w.payloads) >= partBytes {
		w.flush()
	}
	return w.err
}

// Size is how many entries were added.
func (w *Writer) Size() int64 { return w.size }

// End ends the bundle.
func (w *Writer) End() error {
	w.flush()
	w.file(latestName, w.latest)
	if w.err == nil {
		w.err = writeEnd(w.w)
	}
	return w.err
}

// flush writes the part that was gathered.
func (w *Writer) flush() {
	if w.size == w.begin {
		w.pruned = false
		return
	}
	w.file(numbered(hashesDir, w.begin), w.hashes)
	if !w.pruned {
		w.file(numbered(leavesDir, w.begin), w.leaves)
	}
	if len(w.payloads) > 0 {
		w.file(numbered(payloadsDir, w.begin), w.payloads)
	}
	w.begin, w.pruned = w.size, false
	w.hashes, w.leaves, w.payloads = w.hashes[:0], w.leaves[:0], w.payloads[:0]
}

func (w *Writer) file(name string, body []byte) {
	if w.err == nil {
		w.err = writeFile(w.w, name, body)
	}
}
