// Command weir-verify checks an exported audit log, a proof, a checkpoint or the log of a running server, without Weir and
// without trust in it. It stands on the standard library and golang.org/x/mod alone.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"weir/audit/verify"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

const usage = `Usage: weir-verify [flags] FILE|URL

FILE is an exported bundle, a .tlog-proof, a checkpoint, or - for standard input. URL is where a server answers; the token
of an auditor is taken from WEIR_TOKEN. Exits with 0 if all holds, 1 if not, 2 if it can't be read.

`

// run is the program; it returns what to exit with.
func run(ctx context.Context, args []string, in io.Reader, out, trouble io.Writer) int {
	r := verify.Request{Token: os.Getenv("WEIR_TOKEN")}
	fs := flag.NewFlagSet("weir-verify", flag.ContinueOnError)
	fs.SetOutput(trouble)
	fs.Usage = func() {
		_, _ = fmt.Fprint(trouble, usage) // nobody is left to tell
		fs.PrintDefaults()
	}
	fs.StringVar(&r.Key, "key", "", "verifier key of the log, from elsewhere than the log")
	fs.StringVar(&r.Checkpoint, "checkpoint", "", "file with a signed checkpoint from before: the log has to continue it")
	fs.Func("witness", "verifier key of a witness that has to have signed; more than once for more than one", func(key string) error {
		r.Witnesses = append(r.Witnesses, key)
		return nil
	})
	fs.StringVar(&r.Leaf, "leaf", "", "file with the entry, if it does not come with the proof")
	fs.BoolVar(&r.JSON, "json", false, "print the result as JSON")
	// Flags may stand behind the file too.
	var targets []string
	for rest := args; ; {
		if err := fs.Parse(rest); err != nil {
			return verify.ExitUnreadable
		}
		if rest = fs.Args(); len(rest) == 0 {
			break
		}
		targets, rest = append(targets, rest[0]), rest[1:]
	}
	if len(targets) != 1 {
		fs.Usage()
		return verify.ExitUnreadable
	}
	r.Target = targets[0]
	return verify.Run(ctx, r, in, out, trouble)
}
