package verify

import (
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// A proof is a file of the form c2sp.org/tlog-proof@v1: that an entry stands at an index of the log that a checkpoint signs.
// The entry itself stands in its extra line, so that the file is all that is needed besides the key.
const proofHead = "c2sp.org/tlog-proof@v1\n"

const maxProof = 1 << 20

// proof is a proof that was read.
type proof struct {
	leaf   []byte // nil if it does not come along
	index  int64
	hashes tlog.RecordProof
	signed []byte
}

// Proof checks a proof of one entry. leaf is the entry; nil takes the one that comes with the proof. The key has to be given.
func Proof(text, leaf []byte, o Options) (Result, error) {
	r := Result{What: "proof", Pinned: true}
	p, err := parseProof(text)
	if err != nil {
		return settle(r, err)
	}
	if leaf != nil {
		p.leaf = leaf
	}
	c, keys, witnessed, err := single(p.signed, o)
	if err != nil {
		return settle(r, err)
	}
	r.Origin, r.Size, r.Root, r.Keys, r.Witnessed = c.origin, c.size, c.root.String(), keys, witnessed
	return settle(r, p.check(c))
}

// check demands that the proof leads from its entry to the checkpoint.
func (p proof) check(c checkpoint) error {
	if p.leaf == nil {
		return problem(p.index, BadProof, "the entry does not come with the proof, and was not given")
	}
	if _, err := parseLeaf(p.leaf); err != nil {
		return problem(p.index, BadForm, "it is not an entry in canonical JSON")
	}
	if p.index >= c.size {
		return problem(p.index, BadProof, "the checkpoint counts only %d entries", c.size)
	}
	if err := tlog.CheckRecord(p.hashes, c.size, c.root, p.index, tlog.RecordHash(p.leaf)); err != nil {
		return problem(p.index, BadProof, "the proof does not lead from it to the checkpoint")
	}
	return nil
}

// single opens a checkpoint that stands alone, by the key that was given. witnessed is its size if witnesses were given; all of
// them have to have signed it.
func single(text []byte, o Options) (c checkpoint, keys []string, witnessed int64, err error) {
	if o.Key == "" {
		return c, nil, 0, errNoKey
	}
	if c, err = parseCheckpoint(text); err != nil {
		return c, nil, 0, err
	}
	k, err := newKeyring(o.Key, o.Witnesses...)
	if err == nil {
		err = k.add(Span{Key: o.Key})
	}
	if err != nil {
		return c, nil, 0, err
	}
	if name := k.known[o.Key].Name(); c.origin != name {
		return c, nil, 0, problem(-1, BadOrigin, "the checkpoint is of the log %q, the key of %q", c.origin, name)
	}
	keys, all, err := c.open(k)
	switch {
	case err != nil:
		return c, nil, 0, err
	case len(keys) == 0:
		return c, nil, 0, problem(-1, BadSignature, "the checkpoint of size %d is not signed by the key of the log", c.size)
	case len(o.Witnesses) == 0:
		return c, keys, 0, nil
	case !all:
		return c, keys, 0, problem(-1, BadWitness, "the checkpoint of size %d is not signed by all witnesses that were given", c.size)
	}
	return c, keys, c.size, nil
}

// parseProof reads a proof.
func parseProof(text []byte) (proof, error) {
	p := proof{}
	bad := func(what string) (proof, error) {
		return proof{}, problem(-1, BadProof, "the proof has no %s in the form of one", what)
	}
	rest, ok := strings.CutPrefix(string(text), proofHead)
	if !ok || len(text) > maxProof {
		return bad("head")
	}
	line, rest, ok := strings.Cut(rest, "\n")
	if extra, has := strings.CutPrefix(line, "extra "); has && ok {
		var err error
		if p.leaf, err = strict.DecodeString(extra); err != nil {
			return bad("entry")
		}
		line, rest, ok = strings.Cut(rest, "\n")
	}
	number, has := strings.CutPrefix(line, "index ")
	index, err := strconv.ParseInt(number, 10, 64)
	if !ok || !has || err != nil || index < 0 || strconv.FormatInt(index, 10) != number {
		return bad("index")
	}
	p.index = index
	for {
		line, rest, ok = strings.Cut(rest, "\n")
		if !ok {
			return bad("end")
		}
		if line == "" {
			p.signed = []byte(rest)
			return p, nil
		}
		h, err := strict.DecodeString(line)
		if err != nil || len(h) != tlog.HashSize || len(p.hashes) == 64 {
			return bad("list of hashes")
		}
		p.hashes = append(p.hashes, tlog.Hash(h))
	}
}
