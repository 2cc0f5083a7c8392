package marketplace

import (
	"context"
	"fmt"
	"slices"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// AgentAct registers an agent, or a service account, of somebody.
type AgentAct struct {
	Name    string     `json:"name"`
	Type    authz.Type `json:"type"`  // authz.Agent or authz.Account
	Owner   graph.ID   `json:"owner"` // the person behind it; never empty
	Purpose string     `json:"purpose"`
}

type agentAct struct {
	AgentAct
	s *Service
}

func (in AgentAct) name() string        { return ActAgent }
func (in AgentAct) bind(s *Service) act { return agentAct{in, s} }

// second: service accounts are made by those who manage people alone.
func (in AgentAct) second(context.Context, graph.Reader) (bool, error) {
	return in.Type == authz.Agent, nil
}

func (a agentAct) check(ctx context.Context) error {
	kind := authz.Self
	if a.Type != authz.Agent || string(a.Owner) != authz.From(ctx).ID {
		kind = authz.People
	}
	if err := a.s.policy.Require(ctx, kind, authz.Everywhere, authz.Manage); err != nil {
		return err
	}
	if a.Type != authz.Account && a.Type != authz.Agent {
		return errs.Bad("type", "is service or agent.")
	}
	c := &checker{}
	if name := c.handle("name", a.Name); name != a.Name {
		c.field("name", "has to be in lower case.")
	}
	c.lines("purpose", a.Purpose, identity.MaxText, true)
	if err := c.err(); err != nil {
		return err
	}
	if _, taken, err := a.made(ctx); err != nil || taken {
		return orError(err, errs.Bad("name", "is taken. Choose another."))
	}
	return nil
}

func orError(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// made is the account of the name, if there is one.
func (a agentAct) made(ctx context.Context) (identity.Account, bool, error) {
	found, err := a.s.options.People.AccountByName(authz.With(ctx, authz.Operator), a.Name)
	if errs.Is(err, errs.NotFound) {
		return identity.Account{}, false, nil
	}
	return found, err == nil, err
}

// may: who manages people may confirm it, security may, and stewards where the owner holds a role.
func (a agentAct) may(ctx context.Context, r graph.Reader) error {
	why := a.s.policy.Require(ctx, authz.People, authz.Everywhere, authz.Manage)
	if why == nil {
		return nil
	}
	keys, err := a.keys(ctx, r)
	if err != nil {
		return err
	}
	mine, _ := keysOf(authz.From(ctx))
	for _, k := range keys {
		for _, audience := range audiences(k) {
			if slices.Contains(mine, audience) {
				return nil
			}
		}
	}
	return why
}

func (a agentAct) keys(ctx context.Context, r graph.Reader) ([]string, error) {
	_, held, err := identity.Standing(ctx, r, a.Owner)
	if err != nil {
		return nil, err
	}
	keys := append(a.s.rolesThat(authz.People, authz.Everywhere, authz.Manage), everywhereKey(authz.Approver))
	for _, h := range held {
		if h.Domain != authz.Everywhere {
			keys = append(keys, roleKey(authz.Steward, graph.ID(h.Domain)), roleKey(authz.Approver, graph.ID(h.Domain)))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys), nil
}

// agentFacts are what the registration of an agent is judged by.
type agentFacts struct {
	Agent AgentAct     `json:"agent"`
	Held  []authz.Held `json:"held,omitempty"` // by the owner
}

func (a agentAct) describe(ctx context.Context, r graph.Reader) (Effect, error) {
	found, err := identity.Lookup(ctx, r, a.Owner)
	if err != nil {
		return Effect{}, err
	}
	owner, ok := found[a.Owner]
	if !ok || owner.Type != authz.Person || owner.Disabled {
		return Effect{}, errs.Bad("owner", "is nobody who is known here.")
	}
	f, name := agentFacts{Agent: a.AgentAct}, mention(a.Owner)
	if _, f.Held, err = identity.Standing(ctx, r, a.Owner); err != nil {
		return Effect{}, err
	}
	e := Effect{Title: "Register the agent " + a.Name, About: a.Owner, Facts: f, concerned: []graph.ID{a.Owner}, Lines: []string{
		fmt.Sprintf("The agent %s comes into being. %s answers for it.", a.Name, name),
		"It is for: " + a.Purpose,
		"It acts within the rights of " + name + ", never beyond, and may ask for data; it never decides.",
		heldWords(a.Owner, f.Held),
	}}
	if a.Type == authz.Account {
		e.Title, e.Lines[0] = "Make the service account "+a.Name, fmt.Sprintf("The service account %s comes into being. %s answers for it.", a.Name, name)
		e.Lines[2] = "It has no rights but the roles that it is given, and may ask for data; it never decides."
	}
	e.keys, err = a.keys(ctx, r)
	return e, err
}

// run is safe to repeat: the name is unique.
func (a agentAct) run(ctx context.Context) (string, error) {
	old, there, err := a.made(ctx)
	if err != nil {
		return "", err
	}
	if there && old.Owner == a.Owner && old.Type == a.Type && old.Purpose == a.Purpose {
		return string(old.ID), nil
	}
	made, err := a.s.options.People.CreateAccount(ctx, identity.NewAccount{Name: a.Name, Type: a.Type, Owner: a.Owner, Purpose: a.Purpose})
	return string(made.ID), err
}
