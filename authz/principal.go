// Package authz decides who may do what: principals, the rules over roles (an embedded Casbin model with a default policy
// that may be edited), and what a viewer may see.
//
// Require stands inside each command, before anything is written; Can only hides buttons. What has no rule is denied.
package authz

import (
	"context"
	"slices"
	"time"
)

// Type tells what sort of principal acts.
type Type string

// The sorts of principals.
const (
	Nobody  Type = ""        // not signed in
	Person  Type = "person"  // signed in, or a token of his
	Account Type = "service" // a service account, by its token
	Agent   Type = "agent"   // an agent, by its token; it acts within the rights of its owner
	Machine Type = "machine" // the operator at the machine, and the program itself
)

// Everywhere is the domain of a role that is held in every domain.
const Everywhere = "*"

// Held is a role that somebody holds, and where: the id of a domain, or Everywhere.
type Held struct {
	Role   string
	Domain string
}

// Principal is who acts.
type Principal struct {
	ID    string // stable: the node of the person or account; "" is nobody
	Name  string // to be shown
	Type  Type
	Teams []string   // ids of the teams, nested ones included
	Roles []Held     // own and through teams; sorted
	For   []string   // ids of the people for whom he stands in now, and of their teams
	Owner *Principal // of a service account or agent: the person behind it

	Token      string    // id of the API token that was shown; "" in a session
	Scopes     []string  // of that token; a session has none and is not bound by scopes
	Namespaces []string  // a token with lineage:write may report jobs of these namespaces alone; none: of all
	Session    string    // id of the session
	SignedInAt time.Time // when the person last proved who he is
}

// Operator is who works at the machine itself: whoever can read the store's files may do all with them.
var Operator = Principal{ID: "operator", Name: "Operator", Type: Machine}

// Known tells whether anybody is signed in.
func (p Principal) Known() bool { return p.Type != Nobody }

// Holds tells whether p holds a role in a domain.
func (p Principal) Holds(role, domain string) bool {
	return slices.ContainsFunc(p.Roles, func(h Held) bool {
		return h.Role == role && (h.Domain == Everywhere || h.Domain == domain)
	})
}

type key struct{}

// With returns a context in which p acts.
func With(ctx context.Context, p Principal) context.Context { return context.WithValue(ctx, key{}, p) }

// From returns who acts in ctx: nobody, where nothing is known.
func From(ctx context.Context) Principal {
	p, _ := ctx.Value(key{}).(Principal)
	return p
}

// Actor is the id of who acts in ctx, as entries of the log name him. Where nobody is known that is the machine itself:
// a command that was let through without a principal was called by the program's own code.
func Actor(ctx context.Context) string {
	if p := From(ctx); p.Known() {
		return p.ID
	}
	return Operator.ID
}
