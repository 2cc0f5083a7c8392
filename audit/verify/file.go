package verify

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

var (
	errNoKey = errors.New("the verifier key of the log has to be given: --key")
	errWhat  = errors.New("this is neither a bundle, nor a proof, nor a checkpoint of an audit log")
)

// File checks what a file holds: a bundle, a proof or a checkpoint.
func File(r io.Reader, o Options) (Result, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	head, err := b.Peek(len(readmeName) + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return Result{Broken: -1}, err
	}
	if string(head) == readmeName+"\x00" {
		return Bundle(b, o)
	}
	text, err := io.ReadAll(io.LimitReader(b, maxProof+1))
	if err != nil {
		return Result{Broken: -1}, err
	}
	switch {
	case bytes.HasPrefix(text, []byte(proofHead)):
		return Proof(text, nil, o)
	case bytes.Contains(text, []byte("\n\n— ")):
		return Checkpoints(text, o)
	}
	return Result{Broken: -1}, errWhat
}

// Checkpoints checks a checkpoint that stands alone, against the one that is known from before if there is one: of two
// checkpoints of one size the roots have to be equal. Whether a longer log continues a shorter one shows only from a bundle
// or from the log itself.
func Checkpoints(text []byte, o Options) (Result, error) {
	r := Result{What: "checkpoint", Pinned: true}
	c, keys, witnessed, err := single(text, o)
	if err != nil {
		return settle(r, err)
	}
	r.Origin, r.Size, r.Root, r.Keys, r.Checkpoints = c.origin, c.size, c.root.String(), keys, 1
	r.Witnessed = witnessed
	if o.Known == nil {
		return settle(r, nil)
	}
	r.What = "checkpoints"
	known, _, _, err := single(o.Known, Options{Key: o.Key})
	if err != nil {
		return settle(r, err)
	}
	r.Checkpoints = 2
	switch {
	case known.size > c.size:
		return settle(r, problem(-1, RolledBack, "a checkpoint of size %d is known from before, but this one is of size %d", known.size, c.size))
	case known.size < c.size:
		return Result{What: r.What, Broken: -1}, errApart
	case known.root != c.root:
		return settle(r, problem(-1, Forked, "two checkpoints of size %d have different roots: the log was rewritten", c.size))
	}
	return settle(r, nil)
}

var errApart = errors.New("whether one checkpoint continues the other shows only from the entries between: check a bundle, or the running log, with --checkpoint")
