package main

import (
	"context"
	"errors"
	"fmt"

	"weir/authz"
	"weir/catalog"
	"weir/demo"
	"weir/errs"
	"weir/graph"
	"weir/identity"
	"weir/web"
)

// fillPeople makes the people of the sample company, those who are missing, and offers them on the page to sign in.
func (s *Server) fillPeople(ctx context.Context) error {
	ids := map[string]graph.ID{}
	for _, p := range demo.People {
		u, err := s.Identity.UserByLogin(ctx, p.Login)
		if errs.Is(err, errs.NotFound) {
			u, err = s.addPerson(ctx, p)
		}
		if err != nil {
			return fmt.Errorf("%s of the sample company: %w", p.Name, err)
		}
		ids[p.Login] = u.ID
		s.people = append(s.people, web.Somebody{ID: u.ID, Name: p.Name, Role: p.Does})
	}
	return errors.Join(s.fillTeams(ctx, ids), s.fillHelpers(ctx, ids))
}

func (s *Server) addPerson(ctx context.Context, p demo.Person) (identity.User, error) {
	u, err := s.Identity.CreateUser(ctx, identity.NewUser{Login: p.Login, Name: p.Name, Email: p.Login + "@halden.example"})
	if err != nil {
		return u, err
	}
	return u, s.giveRoles(ctx, u.ID, p.Roles)
}

func (s *Server) giveRoles(ctx context.Context, subject graph.ID, roles []demo.Role) error {
	for _, r := range roles {
		domain := r.Domain
		if domain != authz.Everywhere {
			domain = string(catalog.DomainID(domain))
		}
		if err := s.Roles.GrantRole(ctx, authz.RoleChange{Subject: subject, Role: r.Role, Domain: domain}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) fillTeams(ctx context.Context, people map[string]graph.ID) error {
	teams := map[string]graph.ID{}
	for _, t := range demo.Teams {
		made, err := s.Identity.CreateTeam(ctx, identity.NewTeam{Name: t.Name, Title: t.Title, Description: t.Description})
		if errs.Is(err, errs.Exists) {
			return nil // of an earlier run
		}
		if err != nil {
			return err
		}
		teams[t.Name] = made.ID
		if t.Within != "" {
			if err := s.Identity.AddMember(ctx, teams[t.Within], made.ID); err != nil {
				return err
			}
		}
	}
	for _, p := range demo.People {
		if p.Team == "" {
			continue
		}
		if err := s.Identity.AddMember(ctx, teams[p.Team], people[p.Login]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) fillHelpers(ctx context.Context, people map[string]graph.ID) error {
	for _, h := range demo.Helpers {
		a, err := s.Identity.CreateAccount(ctx, identity.NewAccount{Name: h.Name, Type: h.Type, Owner: people[h.Owner], Purpose: h.Purpose})
		if errs.Is(err, errs.Exists) {
			return nil // of an earlier run
		}
		if err != nil {
			return err
		}
		if err := s.giveRoles(ctx, a.ID, h.Roles); err != nil {
			return err
		}
	}
	return nil
}

// guardDomains closes the domains of the sample company that not everybody sees.
func (s *Server) guardDomains(ctx context.Context) error {
	for name, visibility := range demo.Guarded {
		v := string(visibility)
		if err := s.Catalog.Describe(ctx, catalog.DescribeInput{ID: catalog.DomainID(name), Visibility: &v}); err != nil {
			return fmt.Errorf("the domain %s of the sample company: %w", name, err)
		}
	}
	return nil
}

// demoToken is a token for trying the doors that programs use.
func (s *Server) demoToken(ctx context.Context) (string, error) {
	_, text, err := s.Identity.CreateToken(s.asOperator(ctx), identity.NewToken{
		Name: "made by the demo", Scopes: []string{authz.ScopeAdmin},
	})
	return text, err
}
