package marketplace

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/identity"
)

// The acts that may need a second person.
const (
	ActRole   = "role"   // give or take a role
	ActRules  = "rules"  // change the rules of who may do what
	ActDelete = "delete" // delete a dataset that others read
	ActAgent  = "agent"  // register an agent
	ActExport = "export" // take the list of grants out
)

// Acts are all of them, in the order in which they are listed.
var Acts = []string{ActRole, ActRules, ActAgent, ActDelete, ActExport}

// ActInput says what is to be done: a RoleAct, RulesAct, DeleteAct, AgentAct or ExportAct.
type ActInput interface {
	name() string
	bind(s *Service) act
	// second tells whether this needs a second person where the organisation wants one for its act.
	second(ctx context.Context, r graph.Reader) (bool, error)
}

// Effect is what an act will change, in plain words. It is the same whoever looks. As it is kept, mention stands in it for the
// name of who it is about.
type Effect struct {
	Title  string
	Lines  []string
	Facts  any      // what the lines are made of
	About  graph.ID // who or what it is done to
	Domain graph.ID

	concerned []graph.ID // who gains by it
	keys      []string   // assignee keys of those who may confirm it
}

// act is an input with what carries it out.
type act interface {
	// check refuses what the principal in ctx may not do himself, and what can't be done.
	check(ctx context.Context) error
	// describe says what will change. Errors: NotFound, Conflict if it can't be done any more.
	describe(ctx context.Context, r graph.Reader) (Effect, error)
	// may refuses whoever has not the right to confirm it, whatever he has to do with the proposer.
	may(ctx context.Context, r graph.Reader) error
	// run does it as the principal in ctx and returns the id of what it made. Once it is done, doing it again changes nothing.
	run(ctx context.Context) (string, error)
}

// ParseAct reads the input of an act from JSON. Errors: Invalid.
func ParseAct(name string, raw []byte) (ActInput, error) {
	switch name {
	case ActRole:
		return parseInput[RoleAct](raw)
	case ActRules:
		return parseInput[RulesAct](raw)
	case ActDelete:
		return parseInput[DeleteAct](raw)
	case ActAgent:
		return parseInput[AgentAct](raw)
	case ActExport:
		return parseInput[ExportAct](raw)
	}
	return nil, errs.Bad("act", "is none that there is.")
}

func parseInput[I ActInput](raw []byte) (ActInput, error) {
	var in I
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return nil, errs.Bad("input", "can't be read. Open the form again.")
	}
	return in, nil
}

// rolesThat are the assignee keys of the roles that may do something in a domain.
func (s *Service) rolesThat(kind authz.Kind, domain string, action authz.Action) []string {
	if s.policy == nil {
		return []string{everywhereKey(authz.Admin)}
	}
	if domain == "" {
		domain = authz.NoDomain
	}
	var names []string
	rules, _ := s.policy.Rules()
	for _, r := range rules {
		names = append(names, r.Role)
	}
	slices.Sort(names)
	var out []string
	for _, role := range slices.Compact(names) {
		who := authz.Principal{ID: "anybody", Type: authz.Person, Roles: []authz.Held{{Role: role, Domain: domain}}}
		if role != authz.Member && s.policy.ExplainFor(who, kind, domain, action).Allowed {
			out = append(out, role+"@"+domain)
		}
	}
	return out
}

// placeWords says in a sentence where something holds.
func placeWords(ctx context.Context, r graph.Reader, domain string) (string, error) {
	switch domain {
	case authz.Everywhere:
		return "everywhere", nil
	case authz.NoDomain, "":
		return "for what has no domain", nil
	}
	title, err := domainTitle(ctx, r, graph.ID(domain))
	return "in " + title, err
}

// ActName is the name of the act that an input is for.
func ActName(in ActInput) string { return in.name() }

// mention stands for somebody's name in what is kept. The name is put in where it is shown, so that it goes when somebody is erased.
func mention(id graph.ID) string { return "{" + string(id) + "}" }

// speller puts the name of who something is about in the place of mentions.
func speller(ctx context.Context, r graph.Reader, about graph.ID) (func(string) string, error) {
	if about == "" {
		return func(text string) string { return text }, nil
	}
	found, err := identity.Lookup(ctx, r, about)
	name := "somebody who is gone"
	if who := found[about]; who.Name != "" || who.Handle != "" {
		name = orText(who.Name, who.Handle)
	}
	return func(text string) string { return strings.ReplaceAll(text, mention(about), name) }, err
}

// spelled is the effect with names in it.
func (e Effect) spelled(ctx context.Context, r graph.Reader) (Effect, error) {
	spell, err := speller(ctx, r, e.About)
	e.Title, e.Lines = spell(e.Title), spellAll(e.Lines, spell)
	return e, err
}

func spellAll(lines []string, spell func(string) string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = spell(line)
	}
	return out
}
