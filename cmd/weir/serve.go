package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"
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
	cfg.flags(c.Flags(), "addr", "dir", "store", "organisation", "log-level", "log-format")
	return c
}

func serve(cmd *cobra.Command, cfg Config) (err error) {
	if err := cfg.loopbackOnly(); err != nil {
		return err
	}
	slog.SetDefault(cfg.logger())
	s, err := Open(cmd.Context(), cfg, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return listenAndServe(cmd.Context(), cmd, s, "Weir serves at ")
}

// listenAndServe prints the address once requests are served.
func listenAndServe(ctx context.Context, cmd *cobra.Command, s *Server, greeting string) error {
	if err := s.Listen(ctx); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), greeting+s.URL()); err != nil {
		return err
	}
	return s.Serve(ctx)
}
