package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

func tokenCommand() *cobra.Command {
	c := &cobra.Command{Use: "token", Short: "Make and revoke API tokens, at the machine"}
	c.AddCommand(tokenCreate(), tokenList(), tokenRevoke())
	return c
}

func tokenCreate() *cobra.Command {
	var in identity.NewToken
	var owner, expires string
	flags := func(fs *pflag.FlagSet) {
		fs.StringArrayVar(&in.Scopes, "scope", nil, "what it may do: "+scopes()+"; more than once for more than one")
		fs.StringVar(&in.Name, "name", "made at the machine", "what it is for")
		fs.StringVar(&owner, "for", "", "login of a person or name of an account that it acts for (default the operator, within these scopes)")
		fs.StringArrayVar(&in.Namespaces, "namespace", nil, "namespace whose jobs it may report (default all)")
		fs.StringVar(&expires, "expires", "90d", "how long it lasts: 90d, 12h, or the date of its last day; at most a year")
	}
	c := peopleCommand("create", "Make a token and print it", cobra.NoArgs, flags, func(p *people, _ []string) error {
		var err error
		if in.Expires, err = expiry(expires, time.Now()); err != nil {
			return err
		}
		if in.Principal, err = p.tokenOwner(owner); err != nil {
			return err
		}
		_, text, err := p.CreateToken(p.ctx, in)
		if err != nil {
			return err
		}
		return p.say("%s", text)
	})
	c.Long = "Make an API token and print it, alone, on standard output. It is shown this once. It works beside a running server, too."
	c.Example = "  weir token create --dir weir-data --scope lineage:write --for airflow"
	return c
}

func scopes() string {
	var names []string
	for _, s := range authz.Scopes {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// tokenOwner is whom a token acts for: who was named, or the operator himself, within the scopes of the token.
func (p *people) tokenOwner(name string) (graph.ID, error) {
	if name != "" {
		return p.subject(name)
	}
	return graph.ID(authz.Operator.ID), nil
}

// expiry reads how long a token lasts: days, hours, or the date of the last day.
func expiry(text string, now time.Time) (time.Time, error) {
	if day, err := time.ParseInLocation(time.DateOnly, text, now.Location()); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(text, "d")); err == nil && strings.HasSuffix(text, "d") && n > 0 && n < 10_000 {
		return now.Add(time.Duration(n) * 24 * time.Hour), nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(d), nil
	}
	return time.Time{}, errs.Bad("expires", "is something like 90d, 12h or 2027-06-30.")
}

func tokenList() *cobra.Command {
	return peopleCommand("list", "List tokens", cobra.NoArgs, nil, func(p *people, _ []string) error {
		w := tabwriter.NewWriter(p.cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		if _, err := fmt.Fprintln(w, "ID\tNAME\tACTS FOR\tSCOPES\tSTATE\tLAST USE"); err != nil {
			return err
		}
		for after := ""; ; {
			page, err := p.AllTokens(p.ctx, after, 200)
			if err != nil {
				return err
			}
			if err := p.tokenLines(w, page.Items); err != nil {
				return err
			}
			if after = page.Next; after == "" {
				return w.Flush()
			}
		}
	})
}

func (p *people) tokenLines(w *tabwriter.Writer, tokens []identity.Token) error {
	var ids []graph.ID
	for _, t := range tokens {
		ids = append(ids, t.Principal)
	}
	names, err := p.Names(p.ctx, ids...)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		used := "never"
		if !t.Used.IsZero() {
			used = t.Used.Local().Format(time.DateTime)
		}
		_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, names[t.Principal], strings.Join(t.Scopes, " "), tokenState(t, time.Now()), used)
		if err != nil {
			return err
		}
	}
	return nil
}

func tokenState(t identity.Token, now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked " + t.Revoked.Local().Format(time.DateOnly)
	case !t.Good(now):
		return "expired " + t.Expires.Local().Format(time.DateOnly)
	}
	return "good until " + t.Expires.Local().Format(time.DateOnly)
}

func tokenRevoke() *cobra.Command {
	return peopleCommand("revoke ID", "End a token, at once", exactly(1), nil, func(p *people, args []string) error {
		if err := p.RevokeToken(p.ctx, graph.ID(args[0])); err != nil {
			return err
		}
		return p.say("The token is revoked.")
	})
}
