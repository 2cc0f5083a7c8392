package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"weir/audit"
	"weir/audit/verify"
	"weir/errs"
)

// exitCode ends the program with a code, when all was said.
type exitCode int

// Error names the code.
func (c exitCode) Error() string { return fmt.Sprintf("exit status %d", int(c)) }

func auditVerify() *cobra.Command {
	cfg := defaults()
	var r verify.Request
	c := &cobra.Command{
		Use: "verify [FILE|URL]", Short: "Check a log, an export or a proof", Args: cobra.MaximumNArgs(1),
		Long: "Check an exported bundle, a .tlog-proof or a checkpoint, the log of a running server by its address (the token of an auditor in\n" +
			"WEIR_TOKEN), or, without an argument, the log as it lies in the store of --dir.\n" +
			"Exits with 0 if all holds, with 1 and the first entry that does not, and with 2 if it can't be read.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return verifyStore(cmd, &cfg, r)
			}
			r.Target, r.Token = args[0], os.Getenv("WEIR_TOKEN")
			return ended(verify.Run(cmd.Context(), r, cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()))
		},
	}
	c.Flags().StringVar(&r.Key, "key", "", "verifier key of the log, from elsewhere than the log")
	c.Flags().StringVar(&r.Checkpoint, "checkpoint", "", "file with a signed checkpoint from before: the log has to continue it")
	c.Flags().StringArrayVar(&r.Witnesses, "witness", nil, "verifier key of a witness that has to have signed; more than once for more than one")
	c.Flags().StringVar(&r.Leaf, "leaf", "", "file with the entry, if it does not come with the proof")
	c.Flags().BoolVar(&r.JSON, "json", false, "print the result as JSON")
	cfg.flags(c.Flags(), "dir", "store")
	return c
}

// ended is nil for success, else what the program ends with.
func ended(code int) error {
	if code == verify.ExitHolds {
		return nil
	}
	return exitCode(code)
}

// verifyStore checks the log in its store. Where nothing is given, the key and the last checkpoint are those that lie in
// the directory beside it.
func verifyStore(cmd *cobra.Command, cfg *Config, r verify.Request) error {
	result, err := checkStoredLog(cmd, cfg, r)
	if err == nil {
		err = printResult(cmd, r, result)
	}
	if err != nil {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), "weir: "+explain(err)) // nobody is left to tell
		return exitCode(verify.ExitUnreadable)
	}
	if !result.OK {
		return exitCode(verify.ExitBroken)
	}
	return nil
}

func checkStoredLog(cmd *cobra.Command, cfg *Config, r verify.Request) (result verify.Result, err error) {
	if err := cfg.load(cmd.Flags()); err != nil {
		return result, err
	}
	o, err := known(cfg.Dir, r)
	if err != nil {
		return result, err
	}
	b, err := openBook(cmd, *cfg, audit.Options{})
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, b.Store.Close()) }()
	for tries := 0; ; tries++ {
		result, err = b.Verify(b.ctx, o)
		if err != nil || result.Reason != verify.RolledBack || r.Checkpoint != "" || tries == verifyTries {
			return result, err
		}
		// A server writes the checkpoint beside the store a moment before it is in it; one that was killed in between has left it
		// there, and the next seal takes it in.
		time.Sleep(verifyPause)
		if err := b.seal(); err != nil {
			return result, err
		}
	}
}

// How often a log that seems to be behind the checkpoint beside it is looked at again.
const (
	verifyTries = 3
	verifyPause = 300 * time.Millisecond
)

// known is what is given, or else what the directory knows.
func known(dir string, r verify.Request) (verify.Options, error) {
	o := verify.Options{Key: r.Key, Witnesses: r.Witnesses}
	if o.Key == "" {
		keys, err := readIfThere(filepath.Join(dir, "audit.pub"))
		if err != nil {
			return o, err
		}
		first, _, _ := strings.Cut(string(keys), "\n")
		o.Key = strings.TrimSpace(first)
	}
	var err error
	if r.Checkpoint != "" {
		o.Known, err = os.ReadFile(r.Checkpoint)
	} else {
		o.Known, err = readIfThere(filepath.Join(dir, "last-checkpoint"))
	}
	if err != nil {
		return o, errs.Badf("checkpoint", "can't be read: %v.", err)
	}
	return o, nil
}

// readIfThere is what a file holds; nil if there is none.
func readIfThere(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

func printResult(cmd *cobra.Command, r verify.Request, result verify.Result) error {
	if !r.JSON {
		_, err := fmt.Fprint(cmd.OutOrStdout(), result.Words())
		return err
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(result)
}
