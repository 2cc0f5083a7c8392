package web

import (
	"context"
	"slices"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/views/form"
	"weir/views/people"
	"weir/views/settings"
	"weir/views/ui"
)

// rights holds the commands over roles and rules. They write where the sessions are.
func (s *Site) rights() *authz.Service {
	return &authz.Service{Store: s.Sessions.Store, Policy: s.Policy, Now: s.Now}
}

// places are the domains that the reader may see, to name those in which roles are held.
type places []catalog.Domain

// places finds none for those who may not see domains: their own pages stay open to them.
func (s *Site) places(ctx context.Context) (places, error) {
	if !s.Policy.CanSomewhere(ctx, authz.Domain, authz.View) {
		return nil, nil
	}
	page, err := s.Catalog.Domains(ctx, graph.MaxPage, "")
	return page.Items, err
}

// link names the domain of a role or rule. One that the reader may not see stays without its name.
func (all places) link(domain string) ui.Link {
	switch domain {
	case authz.Everywhere:
		return ui.Link{Text: "everywhere"}
	case authz.NoDomain, "":
		return ui.Link{Text: "what has no domain"}
	}
	i := slices.IndexFunc(all, func(d catalog.Domain) bool { return string(d.ID) == domain })
	if i < 0 {
		return ui.Link{Text: "a domain hidden from you"}
	}
	return domainLink(&all[i])
}

// options are what a form offers as the place of a role or rule.
func (all places) options(everywhere string) []form.Option {
	out := []form.Option{{Value: authz.Everywhere, Label: everywhere}, {Value: authz.NoDomain, Label: "What has no domain"}}
	for _, d := range all {
		out = append(out, form.Option{Value: string(d.ID), Label: domainName(d)})
	}
	return out
}

// where says in a sentence where something holds: "" is everywhere.
func (all places) where(domain string) string {
	switch domain {
	case authz.Everywhere:
		return ""
	case authz.NoDomain:
		return " where there is no domain"
	}
	return " in " + all.link(domain).Text
}

// roleNames are the roles by name, with their titles.
type roleNames []authz.Role

func (all roleNames) of(name string) authz.Role {
	i := slices.IndexFunc(all, func(r authz.Role) bool { return r.Name == name })
	if i < 0 {
		return authz.Role{Name: name, Title: ui.Capital(name)}
	}
	return all[i]
}

// roles are the roles in the order in which the program brings them, those made here after them.
func (s *Site) roles(ctx context.Context) (roleNames, error) {
	all, err := s.rights().Roles(ctx)
	slices.SortStableFunc(all, func(a, b authz.Role) int { return builtinRank(a.Name) - builtinRank(b.Name) })
	return all, err
}

func builtinRank(name string) int {
	i := slices.IndexFunc(authz.Builtin, func(r authz.Role) bool { return r.Name == name })
	if i < 0 {
		return len(authz.Builtin)
	}
	return i
}

// heldRoles words the roles that somebody holds.
func (s *Site) heldRoles(ctx context.Context, held []authz.Held) ([]settings.Role, error) {
	roles, err := s.roles(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.places(ctx)
	if err != nil {
		return nil, err
	}
	var out []settings.Role
	for _, h := range held {
		r := roles.of(h.Role)
		out = append(out, settings.Role{Name: r.Name, Title: r.Title, Meaning: r.Meaning, Domain: all.link(h.Domain)})
	}
	return out, nil
}

// fillRoles fills the part of a page that says which roles a person, team or account holds, and gives more.
func (s *Site) fillRoles(ctx context.Context, subject graph.ID, p *people.Page) error {
	p.Roles.Hidden = !s.Policy.CanSomewhere(ctx, authz.Roles, authz.View) && authz.From(ctx).ID != string(subject)
	if p.Roles.Hidden {
		return nil
	}
	held, err := s.Identity.RolesOf(ctx, subject)
	if err != nil {
		return err
	}
	roles, err := s.roles(ctx)
	if err != nil {
		return err
	}
	all, err := s.places(ctx)
	if err != nil {
		return err
	}
	p.Roles.Rows = roleRows(held, roles, all)
	p.Roles.Grant = s.Policy.CanSomewhere(ctx, authz.Roles, authz.Manage)
	p.Roles.Names = append([]form.Option{{Label: "Choose a role"}}, roleOptions(roles)...)
	p.Roles.Domains = append([]form.Option{{Label: "Choose where"}}, all.options("Everywhere")...)
	return nil
}

func roleRows(held []authz.Held, roles roleNames, all places) []people.Role {
	var out []people.Role
	for _, h := range held {
		r := roles.of(h.Role)
		out = append(out, people.Role{Name: r.Name, Title: r.Title, Meaning: r.Meaning, DomainID: h.Domain, Domain: all.link(h.Domain)})
	}
	return out
}

// roleOptions are the roles that can be given: all but that of everybody.
func roleOptions(roles roleNames) []form.Option {
	var out []form.Option
	for _, r := range roles {
		if r.Name != authz.Member {
			out = append(out, form.Option{Value: r.Name, Label: r.Title})
		}
	}
	return out
}

func teamName(t identity.Team) string {
	if t.Title != "" {
		return t.Title
	}
	return t.Name
}

// ownerKind is how the badge of a principal looks.
func ownerKind(kind string) string {
	switch {
	case strings.EqualFold(kind, "team"):
		return "team"
	case kind == "account" || kind == string(authz.Account) || kind == string(authz.Agent):
		return "agent"
	}
	return "person"
}

// byLogin finds the person whose login was typed into a field. Errors: Invalid with the field, where nobody has it.
func (s *Site) byLogin(ctx context.Context, field, login string) (identity.User, error) {
	u, err := s.Identity.UserByLogin(ctx, login)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Invalid) {
		return u, errs.Bad(field, "is nobody's login.")
	}
	return u, err
}
