package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"weir/errs"
)

// root is the command line.
func root() *cobra.Command {
	c := &cobra.Command{
		Use:           "weir",
		Short:         "A data catalog and private data marketplace",
		Long:          "Weir knows what data there is, what it was made from and who uses it.\nTry it on a sample company: weir demo",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	c.AddCommand(demoCommand(), serveCommand(), importCommand(), configCommand(), checkCommand(),
		userCommand(), tokenCommand(), auditCommand(), versionCommand())
	return c
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "weir "+version())
			return err
		},
	}
}

// version is the module's version, and the commit where the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v += " " + s.Value
		}
	}
	return v + " " + info.GoVersion
}

// exactly demands so many arguments, and says what they are if they are others.
func exactly(n int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return errs.Ef(errs.Invalid, "The command is %s", c.UseLine())
		}
		return nil
	}
}
