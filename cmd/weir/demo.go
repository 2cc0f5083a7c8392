package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"weir/authz"
	"weir/catalog"
	"weir/catalog/openlineage"
	"weir/demo"
	"weir/web"
)

// How many events of the sample company are there before the first page is, and how many are sent at once.
const (
	demoFirst = 600
	demoGroup = 200
)

func demoCommand() *cobra.Command {
	cfg := defaults()
	cfg.Dir, cfg.LogLevel, cfg.Organisation, cfg.Enforcement = "", "warn", demo.Company, "file:grants.jsonl"
	c := &cobra.Command{
		Use: "demo", Short: "Show a sample company, ready in seconds", Args: cobra.NoArgs,
		Long: "Show a living sample company in the embedded store.\nWithout --dir everything is kept in a temporary directory and gone in the end.",
		RunE: func(cmd *cobra.Command, _ []string) error { return runDemo(cmd, cfg) },
	}
	cfg.flags(c.Flags(), "addr", "dir", "log-level")
	return c
}

func runDemo(cmd *cobra.Command, cfg Config) (err error) {
	temporary := !cmd.Flags().Changed("dir") && os.Getenv("WEIR_DIR") == ""
	if temporary {
		if cfg.Dir, err = os.MkdirTemp("", "weir-demo-"); err != nil {
			return fmt.Errorf("no temporary directory can be made: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(cfg.Dir)) }()
	}
	if err := cfg.load(cmd.Flags()); err != nil {
		return err
	}
	if err := cfg.loopbackOnly(); err != nil {
		return err
	}
	slog.SetDefault(cfg.logger())
	s, err := Open(cmd.Context(), cfg, demoOptions)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var filling sync.WaitGroup
	defer filling.Wait()
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	if err := s.fillDemo(ctx, &filling); err != nil {
		return err
	}
	if err := s.Listen(ctx); err != nil {
		return err
	}
	if err := s.greetDemo(ctx, cmd); err != nil {
		return err
	}
	return s.Serve(ctx)
}

// greetDemo prints the address, and a token for the doors that pages don't need.
func (s *Server) greetDemo(ctx context.Context, cmd *cobra.Command) error {
	token, err := s.demoToken(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "Weir shows %s at %s\nSign in there as anybody, with one click. For programs: Authorization: Bearer %s\n",
		demo.Company, s.URL(), token)
	return err
}

func demoOptions(o *web.Options) {
	o.Playground = true
	o.Questions = questions()
}

// fillDemo sends the sample company's events through the intake: enough for every page before it returns, the older
// rest beside the running server. A directory that holds something already is left as it is.
func (s *Server) fillDemo(ctx context.Context, filling *sync.WaitGroup) error {
	ctx = s.asOperator(ctx)
	counts, err := s.Catalog.Counts(ctx)
	if err != nil {
		return err
	}
	if counts.Datasets > 0 {
		return s.fillPeople(ctx)
	}
	next, stop := iter.Pull(demo.Events(time.Now()))
	sent := 0
	for more := true; more && sent < demoFirst && err == nil; sent += demoGroup {
		more, err = s.sendDemo(ctx, next)
	}
	if err != nil {
		stop()
		return err
	}
	if err := errors.Join(s.guardDomains(ctx), s.fillPeople(ctx)); err != nil {
		stop()
		return err
	}
	if err := s.fillMarket(ctx); err != nil {
		stop()
		return err
	}
	if err := catchUp(ctx, s.Store); err != nil {
		slog.Debug("another follower is at it", "error", err)
	}
	filling.Go(func() {
		defer stop()
		for more, err := true, error(nil); more && ctx.Err() == nil; {
			if more, err = s.sendDemo(ctx, next); err != nil && ctx.Err() == nil {
				slog.Error("the sample company is not complete", "error", err)
				return
			}
		}
	})
	return nil
}

// sendDemo sends the next group of events and tells whether there may be more.
func (s *Server) sendDemo(ctx context.Context, next func() ([]byte, bool)) (more bool, err error) {
	var events []catalog.Event
	for len(events) < demoGroup {
		raw, ok := next()
		if !ok {
			break
		}
		e, err := openlineage.Parse(raw)
		if err != nil {
			return false, fmt.Errorf("an event of the sample company is not right: %w", err)
		}
		events = append(events, e)
	}
	return len(events) == demoGroup, s.send(ctx, events)
}

// send takes events in, all or else an error.
func (s *Server) send(ctx context.Context, events []catalog.Event) error {
	return errors.Join(s.Intake.Accept(ctx, authz.Operator.ID, events...)...)
}
