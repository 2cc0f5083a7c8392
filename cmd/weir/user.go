package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

func userCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "user", Short: "Look after people, at the machine",
		Long: "Look after people, at the machine. The commands work beside a running server, too: what they change counts there within a second.",
	}
	c.AddCommand(userAdd(), userList(), userAble("disable", "Keep a person out, at once"), userAble("enable", "Let a person in again"),
		userPassword(), userRole())
	return c
}

func userAdd() *cobra.Command {
	var in identity.NewUser
	var roles []string
	var stdin bool
	flags := func(fs *pflag.FlagSet) {
		fs.StringVar(&in.Name, "name", "", "name to be shown (default the login)")
		fs.StringVar(&in.Email, "email", "", "e-mail address")
		fs.StringArrayVar(&roles, "role", nil, "role, or role@DOMAIN; more than once for more than one")
		fs.BoolVar(&stdin, "password-stdin", false, "read the password from standard input (default a temporary one is printed)")
	}
	return peopleCommand("add LOGIN", "Add a person", exactly(1), flags, func(p *people, args []string) error {
		in.Login = args[0]
		if in.Name == "" {
			in.Name = in.Login
		}
		if stdin {
			var err error
			if in.Password, err = p.password(); err != nil {
				return err
			}
			if in.Password == "" {
				return errs.Bad("password", "is missing on standard input.")
			}
		}
		if err := p.grantable(roles); err != nil {
			return err
		}
		u, err := p.CreateUser(p.ctx, in)
		if err != nil {
			return err
		}
		if err := p.give(u.ID, roles); err != nil {
			return err
		}
		if stdin {
			return p.say("%s can sign in.", u.Login)
		}
		return p.givePassword(u, "")
	})
}

// grantable refuses roles that can't be given before there is somebody to give them to.
func (p *people) grantable(roles []string) error {
	for _, r := range roles {
		if err := p.roles.Grantable(p.ctx, roleOf("", r)); err != nil {
			return err
		}
	}
	return nil
}

// give grants roles as they are written on a command line.
func (p *people) give(subject graph.ID, roles []string) error {
	for _, r := range roles {
		if err := p.roles.GrantRole(p.ctx, roleOf(subject, r)); err != nil {
			return err
		}
	}
	return nil
}

// roleOf reads a role as it is written on a command line: "steward", "owner@Sales".
func roleOf(subject graph.ID, text string) authz.RoleChange {
	role, domain, _ := strings.Cut(text, "@")
	return authz.RoleChange{Subject: subject, Role: role, Domain: domainOf(domain)}
}

// givePassword sets a password; a random one is printed and lasts a day.
func (p *people) givePassword(u identity.User, password string) error {
	set, err := p.SetPassword(p.ctx, u.ID, password)
	if err != nil {
		return err
	}
	if password != "" {
		return p.say("%s can sign in with the new password.", u.Login)
	}
	return p.say("%s can sign in within a day with this password, and has to change it then:\n%s", u.Login, set)
}

func userList() *cobra.Command {
	return peopleCommand("list", "List people with their roles", cobra.NoArgs, nil, func(p *people, _ []string) error {
		w := tabwriter.NewWriter(p.cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		if _, err := fmt.Fprintln(w, "LOGIN\tNAME\tSTATE\tID\tROLES"); err != nil {
			return err
		}
		for after := ""; ; {
			page, err := p.Users(p.ctx, after, 200)
			if err != nil {
				return err
			}
			for _, u := range page.Items {
				if err := p.userLine(w, u); err != nil {
					return err
				}
			}
			if after = page.Next; after == "" {
				return w.Flush()
			}
		}
	})
}

func (p *people) userLine(w *tabwriter.Writer, u identity.User) error {
	held, err := p.RolesOf(p.ctx, u.ID)
	if err != nil {
		return err
	}
	var roles []string
	for _, h := range held {
		if h.Domain == authz.Everywhere {
			roles = append(roles, h.Role)
		} else {
			roles = append(roles, h.Role+"@"+h.Domain)
		}
	}
	state := "active"
	if u.Disabled {
		state = "disabled"
	}
	_, err = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", u.Login, u.Name, state, u.ID, strings.Join(roles, " "))
	return err
}

func userAble(verb, short string) *cobra.Command {
	return peopleCommand(verb+" LOGIN", short, exactly(1), nil, func(p *people, args []string) error {
		u, err := p.UserByLogin(p.ctx, args[0])
		if err != nil {
			return err
		}
		do := p.EnableUser
		if verb == "disable" {
			do = p.DisableUser
		}
		if err := do(p.ctx, u.ID); err != nil {
			return err
		}
		return p.say("%s is %sd.", u.Login, verb)
	})
}

func userPassword() *cobra.Command {
	var stdin bool
	flags := func(fs *pflag.FlagSet) {
		fs.BoolVar(&stdin, "password-stdin", false, "read the password from standard input (default a temporary one is printed)")
	}
	return peopleCommand("password LOGIN", "Give a person a new password", exactly(1), flags, func(p *people, args []string) error {
		u, err := p.UserByLogin(p.ctx, args[0])
		if err != nil {
			return err
		}
		password := ""
		if stdin {
			if password, err = p.password(); err != nil {
				return err
			}
			if password == "" {
				return errs.Bad("password", "is missing on standard input.")
			}
		}
		return p.givePassword(u, password)
	})
}

func userRole() *cobra.Command {
	var domain string
	var revoke bool
	flags := func(fs *pflag.FlagSet) {
		fs.StringVar(&domain, "domain", "", "name of the domain (default everywhere)")
		fs.BoolVar(&revoke, "revoke", false, "take the role away")
	}
	return peopleCommand("role LOGIN ROLE", "Give a person or an account a role, or take it away", exactly(2), flags, func(p *people, args []string) error {
		subject, err := p.subject(args[0])
		if err != nil {
			return err
		}
		do, said := p.roles.GrantRole, "has the role"
		if revoke {
			do, said = p.roles.RevokeRole, "no longer has the role"
		}
		if err := do(p.ctx, authz.RoleChange{Subject: subject, Role: args[1], Domain: domainOf(domain)}); err != nil {
			return err
		}
		return p.say("%s %s %s.", args[0], said, args[1])
	})
}
