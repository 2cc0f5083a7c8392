package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"weir/audit"
	"weir/audit/ledger"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

func auditCommand() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "Export, check and keep the audit log, at the machine"}
	c.AddCommand(auditExport(), auditVerify(), auditErase(), auditRedact(), auditPrune(), auditRotate(), auditRetire(), auditRewrap())
	return c
}

// book is the log of a store with the commands over it, for the operator at the machine.
type book struct {
	*ledger.Service
	cfg Config
	cmd *cobra.Command
	ctx context.Context
}

// bookCommand makes a command over the log. It works beside a running server, too.
func bookCommand(use, short string, flags func(*pflag.FlagSet), run func(b *book) error) *cobra.Command {
	cfg := defaults()
	c := &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if err := cfg.load(cmd.Flags()); err != nil {
				return err
			}
			retention, err := cfg.retention()
			if err != nil {
				return err // load has refused it before
			}
			b, err := openBook(cmd, cfg, audit.Options{Retention: retention})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, b.Store.Close()) }()
			return run(b)
		},
	}
	cfg.flags(c.Flags(), "dir", "store")
	if flags != nil {
		flags(c.Flags())
	}
	return c
}

// retention is how long entries are kept at least; 0 is for ever.
func (c *Config) retention() (time.Duration, error) {
	if c.Retention == "" {
		return 0, nil
	}
	days, err := strconv.Atoi(strings.TrimSuffix(c.Retention, "d"))
	if err != nil || !strings.HasSuffix(c.Retention, "d") || days < 1 || days > 36_500 {
		return 0, errors.New("has to be a number of days, such as 2555d")
	}
	return time.Duration(days) * 24 * time.Hour, nil
}

func openBook(cmd *cobra.Command, cfg Config, o audit.Options) (*book, error) {
	if _, err := os.Stat(cfg.Dir); err != nil {
		return nil, errs.Badf("dir", "can't be read: %v.", err)
	}
	ctx := context.WithoutCancel(cmd.Context()) // half a change is none: what was begun is finished
	store, err := cfg.open(ctx, false)
	if err != nil {
		return nil, err
	}
	o.Dir, o.Host, o.Now = cfg.Dir, cfg.host(), time.Now
	log, err := audit.Open(ctx, store, o)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	ctx = authz.With(audit.Sealing(ctx, log.Keys()), authz.Operator)
	return &book{Service: &ledger.Service{Store: store, Log: log, Now: time.Now}, cfg: cfg, cmd: cmd, ctx: ctx}, nil
}

func (b *book) say(format string, args ...any) error {
	_, err := fmt.Fprintf(b.cmd.OutOrStdout(), format+"\n", args...)
	return err
}

// seal signs what there is, unless a server works on the directory, which does so itself.
func (b *book) seal() error {
	lock, err := takeDir(b.cfg.Dir)
	if errs.Is(err, errs.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	for s := (&audit.Sealer{Log: b.Log}); err == nil; {
		var c audit.Checkpoint
		if c, err = s.Step(b.ctx); c.Size == 0 {
			break
		}
	}
	if err != nil { // what was signed before can be exported all the same
		_, _ = fmt.Fprintln(b.cmd.ErrOrStderr(), "weir: the newest entries can't be signed here: "+explain(err))
	}
	return lock.Close()
}

func auditExport() *cobra.Command {
	var out string
	flags := func(fs *pflag.FlagSet) {
		fs.StringVar(&out, "out", "", `file to write, which must not exist; "-" is standard output`)
	}
	c := bookCommand("export", "Write the log into a file that anybody can check", flags, func(b *book) error {
		if out == "" {
			return errs.Bad("out", "is missing: the file to write.")
		}
		if err := b.seal(); err != nil {
			return err
		}
		if out == "-" {
			_, err := b.Export(b.ctx, b.cmd.OutOrStdout())
			return err
		}
		size, err := b.exportFile(out)
		if err != nil {
			return err
		}
		return b.say("%d entries in %s; check them with: weir-verify --key KEY %s\n%s has the key. Whoever checks should have it from elsewhere.",
			size, out, out, filepath.Join(b.cfg.Dir, "audit.pub"))
	})
	c.Long = "Write the log, as far as it is signed, into one tar file of plain files. It says itself how it is checked; weir audit verify and weir-verify do it."
	return c
}

// exportFile exports into a new file, all of it or nothing.
func (b *book) exportFile(out string) (size int64, err error) {
	f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, errs.Badf("out", "can't be written: %v.", err)
	}
	size, err = b.Export(b.ctx, f)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return 0, errors.Join(err, os.Remove(out))
	}
	return size, nil
}

func auditErase() *cobra.Command {
	var subject, basis string
	flags := func(fs *pflag.FlagSet) {
		fs.StringVar(&subject, "subject", "", "id of the person, as weir user list shows it")
		basisFlag(fs, &basis)
	}
	return bookCommand("erase", "Make unreadable, for ever, what the log holds about a person", flags, func(b *book) error {
		if err := b.Erase(b.ctx, graph.ID(subject), basis); err != nil {
			return err
		}
		if err := b.seal(); err != nil {
			return err
		}
		return b.say("erased; every proof still holds. Backups of the store and of payload.key together can still be read: let them run out.")
	})
}

func auditRedact() *cobra.Command {
	var entry int64
	var basis string
	flags := func(fs *pflag.FlagSet) {
		fs.Int64Var(&entry, "entry", 0, "number of the entry")
		basisFlag(fs, &basis)
	}
	return bookCommand("redact", "Remove what one entry changed, for ever", flags, func(b *book) error {
		if err := b.Redact(b.ctx, entry, basis); err != nil {
			return err
		}
		if err := b.seal(); err != nil {
			return err
		}
		return b.say("redacted; every proof still holds")
	})
}

func basisFlag(fs *pflag.FlagSet, basis *string) {
	fs.StringVar(basis, "basis", "", "why, in words that name nobody: they stay in the log")
}

func auditRotate() *cobra.Command {
	return bookCommand("rotate-key", "Make a new signing key beside those that there are", nil, func(b *book) error {
		vkey, err := b.Rotate(b.ctx)
		if err != nil {
			return err
		}
		return b.say("%s\nsigns from the next checkpoint on, beside the others. Copy audit.key to the other servers of this store. Hand the key to those who check; later end an old key with weir audit retire-key.", vkey)
	})
}

func auditRetire() *cobra.Command {
	var key string
	flags := func(fs *pflag.FlagSet) { fs.StringVar(&key, "key", "", "verifier key that signs no more") }
	return bookCommand("retire-key", "End a signing key that has a successor", flags, func(b *book) error {
		if err := b.seal(); err != nil {
			return err
		}
		if err := b.Retire(b.ctx, key); err != nil {
			return err
		}
		return b.say("retired")
	})
}

func auditRewrap() *cobra.Command {
	return bookCommand("rewrap", "Make a new key around the keys to personal data, as after an erasure", nil, func(b *book) error {
		if err := b.Rewrap(b.ctx); err != nil {
			return err
		}
		return b.say("done; copy payload.key to the other servers of this store")
	})
}
