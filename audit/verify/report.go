package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// What a program that checks exits with.
const (
	ExitHolds      = 0
	ExitBroken     = 1
	ExitUnreadable = 2
)

// Request is what a command line asks for.
type Request struct {
	Target     string   // a file, "-" for standard input, or the http address of a server
	Key        string   // verifier key of the log
	Checkpoint string   // file with a signed checkpoint from before; "" if there is none
	Witnesses  []string // verifier keys of witnesses
	Leaf       string   // file with the entry that a proof is of; "" if it comes with the proof
	Token      string   // for a server
	JSON       bool
}

// Run does what was asked, prints the answer to out, or to trouble why there is none, and returns what to exit with.
func Run(ctx context.Context, r Request, in io.Reader, out, trouble io.Writer) int {
	result, err := r.check(ctx, in)
	if err == nil {
		err = r.print(out, result)
	}
	switch {
	case err != nil:
		_, _ = fmt.Fprintf(trouble, "can't check %s: %v\n", r.Target, err) // nobody is left to tell
		return ExitUnreadable
	case !result.OK:
		return ExitBroken
	}
	return ExitHolds
}

func (r Request) check(ctx context.Context, in io.Reader) (result Result, err error) {
	o := Options{Key: strings.TrimSpace(r.Key), Witnesses: r.Witnesses}
	if r.Checkpoint != "" {
		if o.Known, err = os.ReadFile(r.Checkpoint); err != nil {
			return Result{}, err
		}
	}
	if strings.HasPrefix(r.Target, "http://") || strings.HasPrefix(r.Target, "https://") {
		return Live(ctx, http.DefaultClient, r.Target, r.Token, o)
	}
	if r.Leaf != "" {
		return r.proof(o)
	}
	if r.Target == "-" {
		return File(in, o)
	}
	f, err := os.Open(r.Target)
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return File(f, o)
}

func (r Request) proof(o Options) (Result, error) {
	text, err := os.ReadFile(r.Target)
	if err != nil {
		return Result{}, err
	}
	leaf, err := os.ReadFile(r.Leaf)
	if err != nil {
		return Result{}, err
	}
	return Proof(text, leaf, o)
}

func (r Request) print(out io.Writer, result Result) error {
	if r.JSON {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(result)
	}
	_, err := io.WriteString(out, result.Words())
	return err
}

// Words says the result in sentences for a terminal.
func (r Result) Words() string {
	var b strings.Builder
	if !r.OK {
		fmt.Fprintf(&b, "BROKEN (%s): %s\n", r.Reason, r.Message)
		return b.String()
	}
	fmt.Fprintf(&b, "The %s holds.\n", r.What)
	fmt.Fprintf(&b, "log         %s\nentries     %d\nroot        %s\n", r.Origin, r.Size, r.Root)
	for _, k := range r.Keys {
		fmt.Fprintf(&b, "signed by   %s\n", k)
	}
	if r.Witnessed > 0 {
		fmt.Fprintf(&b, "witnessed   up to entry %d\n", r.Witnessed)
	}
	if r.What == "bundle" || r.Payloads+r.Erased+r.Redacted+r.Pruned > 0 {
		fmt.Fprintf(&b, "checkpoints %d\npayloads    %d hold", r.Checkpoints, r.Payloads)
		for _, n := range []struct {
			count int64
			words string
		}{
			{r.Erased, "erased on request"}, {r.Redacted, "redacted"}, {r.Pruned, "entries pruned by retention"},
		} {
			if n.count > 0 {
				fmt.Fprintf(&b, ", %d %s", n.count, n.words)
			}
		}
		b.WriteByte('\n')
	}
	for _, n := range r.Notices {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	return b.String()
}
