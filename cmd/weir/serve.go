package main

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"weir/views/link"
)

func serveCommand() *cobra.Command {
	cfg := defaults()
	c := &cobra.Command{
		Use: "serve", Short: "Serve the catalog", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cfg.load(cmd.Flags()); err != nil {
				return err
			}
			return serve(cmd, cfg)
		},
	}
	cfg.flags(c.Flags(), "addr", "dir", "store", "organisation", "external-url",
		"anchor-file", "anchor-webhook", "witness-url", "witness-key", "enforcement", "smtp", "mail-from", "log-level", "log-format")
	return c
}

func serve(cmd *cobra.Command, cfg Config) (err error) {
	slog.SetDefault(cfg.logger())
	s, err := Open(cmd.Context(), cfg, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Listen(cmd.Context()); err != nil {
		return err
	}
	if err := s.greet(cmd); err != nil {
		return err
	}
	return s.Serve(cmd.Context())
}

// greet prints the address; and, apart from what programs read, how to begin where nobody can sign in yet.
func (s *Server) greet(cmd *cobra.Command) error {
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), "Weir serves at "+s.URL()); err != nil {
		return err
	}
	ctx := s.asOperator(cmd.Context())
	due, err := s.Identity.NeedsSetup(ctx)
	if err != nil || !due {
		return err
	}
	code, err := s.Identity.NewSetupCode(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(), "Nobody can sign in yet. Make the first administrator at %s%s with the code %s (good for a day, once).\n",
		s.whereReadersAre(), link.Welcome(), code)
	return err
}

// whereReadersAre is the address that readers use: a session that is made at another one isn't kept.
func (s *Server) whereReadersAre() string {
	if s.Config.ExternalURL != "" {
		return strings.TrimSuffix(s.Config.ExternalURL, "/")
	}
	return s.URL()
}
