package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/errs"
	"weir/graph/sqlite"
)

func configCommand() *cobra.Command {
	c := &cobra.Command{Use: "config", Short: "Look at the configuration"}
	cfg := defaults()
	check := &cobra.Command{
		Use: "check", Short: "Check the settings and the store that they name", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := cfg.load(cmd.Flags()); err != nil {
				return err
			}
			return checkStore(cmd, cfg)
		},
	}
	cfg.flags(check.Flags(), "addr", "dir", "store", "organisation", "external-url",
		"anchor-file", "anchor-webhook", "witness-url", "witness-key", "log-level", "log-format")
	c.AddCommand(check)
	return c
}

// checkStore says what it checks, so that silence is never taken for an answer.
func checkStore(cmd *cobra.Command, cfg Config) error {
	name, where, err := cfg.engine()
	if err != nil {
		return errs.Bad("store", err.Error())
	}
	say := func(line string) error {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), line)
		return err
	}
	if err := say("settings: ok"); err != nil {
		return err
	}
	if name == "sqlite" {
		if err := sqlite.Check(cmd.Context(), where); err != nil {
			return err
		}
		return say("store " + where + ": whole")
	}
	store, err := cfg.open(cmd.Context(), false)
	if err != nil {
		return err
	}
	if err := errors.Join(store.Ready(cmd.Context()), store.Close()); err != nil {
		return err
	}
	return say("store " + where + ": answers")
}

func checkCommand() *cobra.Command {
	cfg := defaults()
	var derived bool
	c := &cobra.Command{
		Use: "check", Short: "Work derived values out anew and compare", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !derived {
				return errs.Bad("derived", "is the only check there is: weir check --derived")
			}
			if err := cfg.load(cmd.Flags()); err != nil {
				return err
			}
			return checkDerived(cmd, cfg)
		},
	}
	c.Flags().BoolVar(&derived, "derived", false, "data classes that flow in, and who may see what")
	cfg.flags(c.Flags(), "dir", "store")
	return c
}

func checkDerived(cmd *cobra.Command, cfg Config) (err error) {
	store, err := cfg.open(cmd.Context(), false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	ctx := context.WithoutCancel(cmd.Context())
	drifts, err := lineage.NewPropagator(store).Check(ctx)
	if err != nil {
		return err
	}
	misplaced, err := catalog.New(store, time.Now).CheckAudiences(ctx)
	if err != nil {
		return err
	}
	for _, m := range misplaced {
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%+v\n", m); err != nil {
			return err
		}
	}
	for _, d := range drifts {
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%+v\n", d); err != nil {
			return err
		}
	}
	if n := len(drifts) + len(misplaced); n > 0 {
		return errs.Ef(errs.Conflict, "%d derived values are not what they should be.", n)
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), "inherited data classes and audiences: as they should be")
	return err
}
