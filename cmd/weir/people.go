package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// people are the services of the operator's commands, over the store itself: they work beside a running server, which hears
// of what they change from the log.
type people struct {
	*identity.Service
	roles *authz.Service
	store graph.Store
	cmd   *cobra.Command
	ctx   context.Context // in which the operator acts
}

// peopleCommand is a command of the operator over people.
func peopleCommand(use, short string, args cobra.PositionalArgs, flags func(*pflag.FlagSet), run func(p *people, args []string) error) *cobra.Command {
	cfg := defaults()
	c := &cobra.Command{
		Use: use, Short: short, Args: args,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := cfg.load(cmd.Flags()); err != nil {
				return err
			}
			p, err := openPeople(cmd, cfg)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, p.store.Close()) }()
			return run(p, args)
		},
	}
	cfg.flags(c.Flags(), "dir", "store")
	if flags != nil {
		flags(c.Flags())
	}
	return c
}

func openPeople(cmd *cobra.Command, cfg Config) (*people, error) {
	p, err := operate(cmd.Context(), cfg)
	if err != nil {
		return nil, err
	}
	p.cmd = cmd
	return p, nil
}

// operate opens the store for the operator, beside a server that may run on it.
func operate(ctx context.Context, cfg Config) (*people, error) {
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, errs.Badf("dir", "can't be made: %v.", err)
	}
	ctx = context.WithoutCancel(ctx) // half a change is none: what was begun is finished
	store, err := cfg.open(ctx, false)
	if err != nil {
		return nil, err
	}
	g, err := cfg.newGuard(ctx, store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return &people{Service: g.Identity, roles: g.Roles, store: store, ctx: g.asOperator(ctx)}, nil
}

func (p *people) say(format string, args ...any) error {
	_, err := fmt.Fprintf(p.cmd.OutOrStdout(), format+"\n", args...)
	return err
}

// subject is a person by his login, or an account by its name.
func (p *people) subject(name string) (graph.ID, error) {
	u, err := p.UserByLogin(p.ctx, name)
	if err == nil || !errs.Is(err, errs.NotFound) {
		return u.ID, err
	}
	a, err := p.AccountByName(p.ctx, name)
	if errs.Is(err, errs.NotFound) {
		return "", errs.Ef(errs.NotFound, "There is no person and no account called %s.", name)
	}
	return a.ID, err
}

// password reads one from standard input, without showing it if that is a terminal.
func (p *people) password() (string, error) {
	if f, ok := p.cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		if _, err := fmt.Fprint(p.cmd.ErrOrStderr(), "Password: "); err != nil {
			return "", err
		}
		b, err := term.ReadPassword(int(f.Fd()))
		return string(b), err
	}
	line, err := bufio.NewReader(p.cmd.InOrStdin()).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// domainOf is where a role is held: everywhere, or in the domain of a name or an id.
func domainOf(name string) string {
	switch {
	case name == "" || name == authz.Everywhere:
		return authz.Everywhere
	case name == authz.NoDomain || strings.HasPrefix(name, catalog.DomainType.Spec.Prefix+"_"):
		return name
	}
	return string(catalog.DomainID(name))
}

// groups are what groups of the provider give. The file names domains; roles are held in their ids.
func (c *Config) groups() map[string]identity.GroupMap {
	out := make(map[string]identity.GroupMap, len(c.Groups))
	for group, m := range c.Groups {
		roles := make([]authz.Held, len(m.Roles))
		for i, h := range m.Roles {
			roles[i] = authz.Held{Role: h.Role, Domain: domainOf(h.Domain)}
		}
		out[group] = identity.GroupMap{Teams: m.Teams, Roles: roles}
	}
	return out
}
