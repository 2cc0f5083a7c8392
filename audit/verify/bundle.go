package verify

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Options are what whoever asks has from elsewhere.
type Options struct {
	Key   string // the verifier key of the log; "" takes the one that comes with what is checked, and says so
	Known []byte // a signed checkpoint from before; nil if there is none

	Witnesses []string // verifier keys of witnesses, all of which have to have signed one checkpoint at least
}

// Bundle checks an exported log. It reads it once and keeps little of it in memory.
// Its error is not nil if what comes is no bundle at all, or can't be read.
func Bundle(r io.Reader, o Options) (Result, error) {
	w, err := newWalk("bundle", o)
	if err != nil {
		return settle(Result{What: "bundle"}, err)
	}
	b := bundle{walk: w, files: archive{r: r}}
	err = b.read()
	w.result.Size = w.tree.size
	return settle(w.result, err)
}

// bundle reads the files of a bundle in the one order in which they stand: README, keys, then checkpoints and parts, each
// checkpoint before the part that reaches its size, then the latest checkpoint again.
type bundle struct {
	walk  *walk
	files archive
	stage stage
}

// stage is what was read last.
type stage int

const (
	atStart stage = iota
	atReadme
	atKeys
	atCheckpoints // between parts
	atHashes
	atLeaves
	atPayloads
	atLatest
)

func (b *bundle) read() error {
	for {
		name, body, err := b.files.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := b.file(name, body); err != nil {
			return err
		}
	}
	if b.stage != atLatest {
		return problem(-1, BadOrder, "the bundle has no latest checkpoint at its end")
	}
	return b.walk.finish()
}

// file takes a file where it may stand.
func (b *bundle) file(name string, body []byte) error {
	dir, number := name, int64(-1)
	if at := strings.IndexByte(name, '/'); at >= 0 {
		n, err := strconv.ParseInt(name[at+1:], 10, 64)
		if dir = name[:at+1]; err != nil || numbered(dir, n) != name {
			return misplaced(name)
		}
		number = n
	}
	switch {
	case dir == readmeName && b.stage == atStart:
		b.stage = atReadme
		if string(body) != readme {
			return problem(-1, BadReadme, "the README is not that of the format")
		}
		return nil
	case dir == keysName && b.stage == atReadme:
		b.stage = atKeys
		return b.keys(body)
	case dir == checkpointsDir && b.stage >= atKeys && b.stage < atLatest:
		return b.checkpoint(name, number, body)
	case dir == hashesDir && b.stage >= atKeys && b.stage < atLatest:
		return b.hashes(name, number, body)
	case dir == leavesDir && b.stage == atHashes && number == b.walk.begin:
		b.stage = atLeaves
		return b.entries(body)
	case dir == payloadsDir && b.stage == atLeaves && number == b.walk.begin:
		b.stage = atPayloads
		return b.walk.payloads(body)
	case dir == latestName && b.stage >= atKeys && b.stage < atLatest:
		return b.latest(body)
	}
	return misplaced(name)
}

func misplaced(name string) error {
	return problem(-1, BadOrder, "the file %q does not belong there", name)
}

func (b *bundle) keys(body []byte) error {
	spans, err := parseKeys(body)
	if err != nil {
		return err
	}
	return b.walk.begins(spans)
}

func (b *bundle) checkpoint(name string, size int64, body []byte) error {
	if err := b.endPart(); err != nil {
		return err
	}
	if err := b.walk.checkpoint(body); err != nil {
		return err
	}
	if p := b.walk.pending; p[len(p)-1].size != size {
		return misplaced(name)
	}
	return nil
}

func (b *bundle) hashes(name string, begin int64, body []byte) error {
	if err := b.endPart(); err != nil {
		return err
	}
	if begin != b.walk.tree.size {
		return misplaced(name)
	}
	b.stage = atHashes
	lines, err := split(body)
	if err != nil {
		return err
	}
	hashes := make([]tlog.Hash, len(lines))
	for i, line := range lines {
		if unhex(hashes[i][:], string(line)) != nil {
			return problem(begin+int64(i), BadHash, "its hash is not 64 hexadecimal digits")
		}
	}
	return b.walk.part(hashes)
}

func (b *bundle) entries(body []byte) error {
	lines, err := split(body)
	if err != nil {
		return err
	}
	return b.walk.entries(lines)
}

// split parts a file into its lines without their ends.
func split(body []byte) ([][]byte, error) {
	if len(body) == 0 || body[len(body)-1] != '\n' {
		return nil, problem(-1, BadArchive, "the last line of a file has no end")
	}
	return bytes.Split(body[:len(body)-1], []byte{'\n'}), nil
}

// endPart closes the part that was read.
func (b *bundle) endPart() error {
	if b.stage < atHashes {
		return nil
	}
	pruned := b.stage == atHashes
	b.stage = atCheckpoints
	return b.walk.ends(pruned)
}

// latest takes the last file: it is the checkpoint that counts all entries.
func (b *bundle) latest(body []byte) error {
	if err := b.endPart(); err != nil {
		return err
	}
	b.stage = atLatest
	if len(b.walk.pending) == 0 && !bytes.Equal(body, b.walk.last.text) {
		return problem(-1, BadOrder, "the latest checkpoint is not the last of the checkpoints")
	}
	return nil
}
