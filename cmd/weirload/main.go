// Command weirload measures a running Weir from outside: how many events it takes a second and how soon it answers, and
// how fast lineage, search and pages are. It can fill an empty store with a generated catalog first. docs/performance.md
// says how its figures were made.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

const usage = `usage:
  weirload fill   --store sqlite:PATH|bolt://HOST:PORT --datasets N    a generated catalog: N datasets, N transforms, about 5 N edges
  weirload ingest --url URL --events N --clients N --new               events through HTTP; --new: each brings a new job and dataset
  weirload read   --url URL --datasets N --seconds N --clients N       lineage, search and pages through HTTP
with an API token in WEIR_TOKEN: scopes lineage:write and catalog:read
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "weirload:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what to do\n%s", usage)
	}
	fs := flag.NewFlagSet(args[0], flag.ContinueOnError)
	switch args[0] {
	case "fill":
		store := fs.String("store", "", "sqlite:PATH or bolt://HOST:PORT")
		n := fs.Int("datasets", 10_000, "how many datasets")
		if err := fs.Parse(args[1:]); err != nil {
			return err
		}
		return fill(ctx, *store, *n)
	case "ingest":
		l := ingestLoad{}
		fs.StringVar(&l.url, "url", "http://127.0.0.1:8080", "of the server")
		fs.IntVar(&l.events, "events", 20_000, "how many events")
		fs.IntVar(&l.clients, "clients", 32, "how many senders at once")
		fs.IntVar(&l.jobs, "jobs", 2_000, "how many jobs the events are about")
		fs.BoolVar(&l.fresh, "new", false, "each event brings a new job, dataset and columns")
		if err := fs.Parse(args[1:]); err != nil {
			return err
		}
		return l.run(ctx)
	case "read":
		l := readLoad{}
		fs.StringVar(&l.url, "url", "http://127.0.0.1:8080", "of the server")
		fs.IntVar(&l.datasets, "datasets", 10_000, "how many datasets the store was filled with")
		fs.IntVar(&l.seconds, "seconds", 10, "how long each question is asked")
		fs.IntVar(&l.clients, "clients", 1, "how many ask at once")
		if err := fs.Parse(args[1:]); err != nil {
			return err
		}
		return l.run(ctx)
	}
	return fmt.Errorf("there is no %q\n%s", args[0], usage)
}
