// Package authz knows who is asking. Rules about who may do what come to stand here too.
package authz

import "context"

// Principal is who acts: a person, a service account, an agent or the operator at the machine.
type Principal struct {
	ID   string // stable, such as "operator" or the account of a token
	Name string // to be shown
}

// Operator is who works at the machine itself, before anybody can sign in.
var Operator = Principal{ID: "operator", Name: "Operator"}

type key struct{}

// With returns a context in which p acts.
func With(ctx context.Context, p Principal) context.Context { return context.WithValue(ctx, key{}, p) }

// From returns who acts in ctx: the operator, where nobody else is known.
func From(ctx context.Context) Principal {
	if p, ok := ctx.Value(key{}).(Principal); ok {
		return p
	}
	return Operator
}
