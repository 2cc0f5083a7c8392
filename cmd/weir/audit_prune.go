package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"weir/audit/verify"
	"weir/errs"
)

func auditPrune() *cobra.Command {
	var keep int64
	var archive, basis string
	flags := func(fs *pflag.FlagSet) {
		fs.Int64Var(&keep, "keep-from", 0, "index of the first entry that is kept, a multiple of 256")
		fs.StringVar(&archive, "archive", "", "export that holds what is forgotten: it is checked first")
		basisFlag(fs, &basis)
	}
	c := bookCommand("prune", "Forget old entries that an export keeps", flags, func(b *book) error {
		digest, err := b.archived(archive, keep)
		if err != nil {
			return err
		}
		if err := b.Prune(b.ctx, keep, digest, basis); err != nil {
			return err
		}
		return b.say("pruned; the tree and all checkpoints stay, so every proof still holds")
	})
	c.Long = "Forget old entries that an export keeps. Refused unless retention is configured and they are older than that."
	return c
}

// archived demands that a file is an export of this log that holds the entries up to an index, and returns its SHA-256.
func (b *book) archived(path string, keep int64) (digest string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", errs.Badf("archive", "can't be opened: %v.", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	o, err := known(b.cfg.Dir, verify.Request{})
	if err != nil {
		return "", err
	}
	state, err := b.Log.State(b.ctx)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	r, err := verify.Bundle(io.TeeReader(f, sum), verify.Options{Key: o.Key})
	switch {
	case err != nil:
		return "", errs.Badf("archive", "is no export: %v.", err)
	case !r.OK:
		return "", errs.Badf("archive", "does not hold: %s.", r.Message)
	case r.Origin != b.Log.Origin() || r.Size < keep || r.Pruned > state.MinIndex:
		return "", errs.Bad("archive", "does not hold all entries that would be forgotten.")
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
