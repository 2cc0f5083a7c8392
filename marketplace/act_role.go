package marketplace

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// RoleAct gives somebody a role, or takes it.
type RoleAct struct {
	Subject graph.ID `json:"subject"`
	Role    string   `json:"role"`
	Domain  string   `json:"domain"` // id of a domain, authz.NoDomain or authz.Everywhere
	Take    bool     `json:"take,omitempty"`
}

// strongRoles are those that decide, or let others decide.
var strongRoles = []string{authz.Admin, authz.Approver, authz.Owner}

type roleAct struct {
	RoleAct
	s *Service
}

func (in RoleAct) name() string        { return ActRole }
func (in RoleAct) bind(s *Service) act { return roleAct{in, s} }

// second: taking a role away never waits.
func (in RoleAct) second(context.Context, graph.Reader) (bool, error) {
	return !in.Take && slices.Contains(strongRoles, in.Role), nil
}

func (a roleAct) change() authz.RoleChange {
	return authz.RoleChange{Subject: a.Subject, Role: a.Role, Domain: a.Domain}
}

func (a roleAct) roles() *authz.Service {
	return &authz.Service{Store: a.s.store, Policy: a.s.policy, Now: a.s.now}
}

func (a roleAct) check(ctx context.Context) error {
	if err := a.may(ctx, a.s.store); err != nil {
		return err
	}
	who := authz.From(ctx)
	if slices.Contains(slices.Concat([]string{who.ID}, who.Teams, who.For), string(a.Subject)) {
		return errs.E(errs.Forbidden, "Nobody changes his own roles, nor those of a team that he is in or of somebody for whom he stands in. Ask another administrator.")
	}
	if err := a.roles().Grantable(ctx, a.change()); err != nil {
		return err
	}
	held, err := authz.HeldBy(ctx, a.s.store, a.Subject)
	if err != nil {
		return err
	}
	if has := slices.Contains(held, authz.Held{Role: a.Role, Domain: a.Domain}); has != a.Take {
		return errs.Bad("role", map[bool]string{true: "isn't held there.", false: "is held there already."}[a.Take])
	}
	return nil
}

func (a roleAct) may(ctx context.Context, _ graph.Reader) error {
	return a.s.policy.Require(ctx, authz.Roles, a.Domain, authz.Manage)
}

// roleFacts are what a change of a role is judged by.
type roleFacts struct {
	Change RoleAct      `json:"change"`
	Held   []authz.Held `json:"held,omitempty"`
	People int          `json:"people,omitempty"` // of a team
}

func (a roleAct) describe(ctx context.Context, r graph.Reader) (Effect, error) {
	found, err := identity.Lookup(ctx, r, a.Subject)
	if err != nil {
		return Effect{}, err
	}
	who, ok := found[a.Subject]
	if !ok {
		return Effect{}, errs.E(errs.NotFound, "There is no such person, team or account.")
	}
	f, name := roleFacts{Change: a.RoleAct}, mention(a.Subject)
	if f.Held, err = authz.HeldBy(ctx, r, a.Subject); err != nil {
		return Effect{}, err
	}
	where, err := placeWords(ctx, r, a.Domain)
	if err != nil {
		return Effect{}, err
	}
	role := roleOf(a.Role)
	e := Effect{About: a.Subject, Domain: domainOfPlace(a.Domain), Title: fmt.Sprintf("Give %s the role %s %s", name, role.Title, where),
		Lines: []string{fmt.Sprintf("%s gets the role %s %s.", name, role.Title, where), role.Title + ": " + role.Meaning}}
	if a.Take {
		e.Title = fmt.Sprintf("Take the role %s %s from %s", role.Title, where, name)
		e.Lines[0] = fmt.Sprintf("%s loses the role %s %s.", name, role.Title, where)
	}
	if who.Team {
		people, err := identity.People(ctx, r, a.Subject)
		if err != nil {
			return Effect{}, err
		}
		f.People = len(people[a.Subject])
		e.Lines = append(e.Lines, fmt.Sprintf("It is a team: this holds for everybody in it, %s now.", count(f.People, "person", "people")))
	}
	e.Lines = append(e.Lines, heldWords(a.Subject, f.Held))
	e.Facts, e.concerned, e.keys = f, []graph.ID{a.Subject}, a.s.rolesThat(authz.Roles, a.Domain, authz.Manage)
	return e, nil
}

// heldWords says what somebody holds until now, without naming domains.
func heldWords(who graph.ID, held []authz.Held) string {
	var titles []string
	for _, h := range held {
		if t := roleOf(h.Role).Title; !slices.Contains(titles, t) {
			titles = append(titles, t)
		}
	}
	if len(titles) == 0 {
		return mention(who) + " holds no role now."
	}
	return fmt.Sprintf("%s holds now: %s.", mention(who), strings.Join(titles, ", "))
}

// run is safe to repeat: a role that is held, or gone, changes nothing.
func (a roleAct) run(ctx context.Context) (string, error) {
	if a.Take {
		return string(a.Subject), a.roles().RevokeRole(ctx, a.change())
	}
	return string(a.Subject), a.roles().GrantRole(ctx, a.change())
}

// roleOf is a role with its title; one that was made here has its name alone.
func roleOf(name string) authz.Role {
	i := slices.IndexFunc(authz.Builtin, func(r authz.Role) bool { return r.Name == name })
	if i < 0 {
		return authz.Role{Name: name, Title: name, Meaning: "What it allows stands in the rules."}
	}
	return authz.Builtin[i]
}

// domainOfPlace is the domain that a role is held in; "" for everywhere and for what has none.
func domainOfPlace(place string) graph.ID {
	if place == authz.Everywhere || place == authz.NoDomain {
		return ""
	}
	return graph.ID(place)
}

func domainTitle(ctx context.Context, r graph.Reader, id graph.ID) (string, error) {
	d, ok, err := get(ctx, r, catalog.DomainType, id)
	if err != nil {
		return "", err
	}
	if !ok {
		return "a domain that is gone", nil
	}
	return orText(d.Title, d.Name), nil
}

// count is a number with its word: "1 person", "3 people".
func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}
