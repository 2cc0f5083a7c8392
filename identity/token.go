package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// The limits of tokens.
const (
	DefaultTokenTime = 90 * 24 * time.Hour
	MaxTokenTime     = 365 * 24 * time.Hour
	MaxNamespaces    = 50
	maxTokens        = 200 // of one principal that are neither revoked nor expired
)

// NewToken is a token to be made: for oneself if Principal is empty, or for an account. A zero Expires is DefaultTokenTime
// from now.
type NewToken struct {
	Principal  graph.ID
	Name       string
	Scopes     []string
	Namespaces []string
	Expires    time.Time
}

// CreateToken makes a token and returns its text, to be shown once. A person's token he makes himself, or the operator at
// the machine does: nobody else can act in his name. A token makes none that may do more than it may itself.
// Errors: Forbidden, Invalid with the fields, NotFound.
func (s *Service) CreateToken(ctx context.Context, in NewToken) (Token, string, error) {
	const action = "identity.token-create"
	if in.Principal == "" {
		in.Principal = graph.ID(authz.From(ctx).ID)
	}
	if err := in.check(s.now()); err != nil {
		return Token{}, "", err
	}
	var out Token
	text := newSecret()
	err := s.run(ctx, action, in.Principal, func(ctx context.Context, tx graph.Tx) (deed, error) {
		if err := s.mayHaveTokens(ctx, tx, in.Principal); err != nil {
			return deed{}, err
		}
		if err := within(authz.From(ctx), in); err != nil {
			return deed{}, err
		}
		if err := s.fewTokens(ctx, tx, in.Principal); err != nil {
			return deed{}, err
		}
		var err error
		out, err = put(ctx, tx, tokenType, newID(tokenType.Spec.Prefix), graph.Create, Token{
			Name: in.Name, Hash: hashToken(text), Principal: in.Principal,
			Scopes: in.Scopes, Namespaces: in.Namespaces, Expires: graph.Time(in.Expires),
		})
		return deed{target: in.Principal, facts: map[string]string{"token": string(out.ID), "scopes": strings.Join(in.Scopes, " ")},
			changes: []audit.Change{{Asset: out.asset(), Field: "token", After: out.words()}}}, err
	})
	if err != nil {
		return Token{}, "", err
	}
	return out.shown(), text, nil
}

// shown is a token without its hash, which nobody has to see.
func (t Token) shown() Token {
	t.Hash = ""
	return t
}

// asset is what the log says was changed: whom the token is of. The operator is no node, so there it is the token itself.
func (t Token) asset() graph.ID {
	if string(t.Principal) == authz.Operator.ID {
		return t.ID
	}
	return t.Principal
}

// words tell of a token in the log.
func (t Token) words() string {
	out := fmt.Sprintf("%s: %s until %s", t.Name, strings.Join(t.Scopes, ", "), t.Expires.Format(time.DateOnly))
	if len(t.Namespaces) > 0 {
		out += " for " + strings.Join(t.Namespaces, ", ")
	}
	return out
}

func (in *NewToken) check(now time.Time) error {
	c := &checker{}
	in.Name = c.text("name", in.Name, MaxName, true, false)
	if len(in.Scopes) == 0 {
		c.field("scopes", "are missing: say what the token may do.")
	}
	for _, scope := range in.Scopes {
		if !slices.ContainsFunc(authz.Scopes, func(s struct{ Name, Meaning string }) bool { return s.Name == scope }) {
			c.field("scopes", fmt.Sprintf("hold %q, which is none.", scope))
		}
	}
	in.Scopes = slices.Compact(slices.Sorted(slices.Values(in.Scopes)))
	var spaces []string
	for _, n := range in.Namespaces {
		if n = c.text("namespaces", n, MaxName, false, false); n != "" {
			spaces = append(spaces, n)
		}
	}
	slices.Sort(spaces)
	in.Namespaces = slices.Compact(spaces)
	if len(in.Namespaces) > MaxNamespaces {
		c.field("namespaces", fmt.Sprintf("are more than %d.", MaxNamespaces))
	}
	switch {
	case in.Expires.IsZero():
		in.Expires = now.Add(DefaultTokenTime)
	case !in.Expires.After(now):
		c.field("expires", "is in the past.")
	case in.Expires.After(now.Add(MaxTokenTime)):
		c.field("expires", "is more than a year away.")
	}
	return c.err()
}

// within refuses scopes and namespaces that the token, if one acts, doesn't have itself.
func within(who authz.Principal, in NewToken) error {
	if who.Token == "" {
		return nil
	}
	beyond := func(ns string) bool { return !slices.Contains(who.Namespaces, ns) }
	if len(who.Namespaces) > 0 && (len(in.Namespaces) == 0 || slices.ContainsFunc(in.Namespaces, beyond)) {
		return errs.Ef(errs.Forbidden, "A token for some namespaces makes none for others than %s.", strings.Join(who.Namespaces, ", "))
	}
	if slices.Contains(who.Scopes, authz.ScopeAdmin) {
		return nil
	}
	for _, scope := range in.Scopes {
		if !slices.Contains(who.Scopes, scope) {
			return errs.Ef(errs.Forbidden, "A token without the scope %s can't make one that has it.", scope)
		}
	}
	return nil
}

// mayHaveTokens tells whether the principal in ctx may make and revoke tokens of somebody. What he may not know of is
// missing to him.
func (s *Service) mayHaveTokens(ctx context.Context, r graph.Reader, id graph.ID) error {
	who := authz.From(ctx)
	if !who.Known() && s.policy != nil {
		return gone()
	}
	if string(id) == authz.Operator.ID {
		if atMachine(who) {
			return nil
		}
		return errs.E(errs.Forbidden, "Tokens of the operator are made at the machine.")
	}
	if isA(id, accountType.Spec.Prefix) {
		a, err := accountAt(ctx, r, id, 0)
		if err != nil {
			return err
		}
		return s.overAccount(ctx, r, a)
	}
	if _, err := userAt(ctx, r, id, 0); err != nil {
		return err
	}
	if !atMachine(who) && who.ID != string(id) && s.policy != nil {
		return errs.E(errs.Forbidden, "Everybody makes his own tokens: nobody else can act in his name.")
	}
	return s.policy.Require(ctx, ownOr(ctx, id), authz.Everywhere, authz.Manage)
}

// atMachine tells whether the operator acts at the machine itself, not by a token of his from elsewhere.
func atMachine(who authz.Principal) bool { return who.Type == authz.Machine && who.Token == "" }

// fewTokens holds the number of tokens that are good.
func (s *Service) fewTokens(ctx context.Context, r graph.Reader, id graph.ID) error {
	page, err := r.List(ctx, graph.Query{Kind: tokenType.Kind, Sort: "expires", Desc: true, Limit: graph.MaxPage,
		Where: []graph.Filter{{Prop: "principal", Values: []any{string(id)}}, {Prop: "expires", Op: graph.More, Values: []any{graph.Time(s.now())}}}})
	if err != nil {
		return err
	}
	list, err := tokenType.ReadAll(page.Nodes)
	good := slices.DeleteFunc(list, func(t Token) bool { return !t.Good(s.now()) })
	if len(good) >= maxTokens {
		return errs.Badf("name", "would be of token number %d; revoke some of the others first.", maxTokens+1)
	}
	return broken(err)
}

// RevokeToken ends a token at once: one's own, one of an account of one's own, or with the right to manage people any.
// Errors: Forbidden, NotFound; a token that is somebody else's is missing to whoever may not manage people.
func (s *Service) RevokeToken(ctx context.Context, id graph.ID) error {
	const action = "identity.token-revoke"
	return s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		t, ok, err := get(ctx, tx, tokenType, id)
		if err != nil {
			return deed{}, err
		}
		own, err := mine(ctx, tx, t.Principal)
		if err != nil {
			return deed{}, err
		}
		if !ok || !own && authz.From(ctx).Known() && !s.can(ctx, authz.People, authz.Manage) {
			return deed{}, errs.E(errs.NotFound, "There is no such token.")
		}
		if err := s.policy.Require(ctx, ownKind(own), authz.Everywhere, authz.Manage); err != nil || !t.Revoked.IsZero() {
			return deed{}, err
		}
		t.Revoked = graph.Time(s.now())
		_, err = put(ctx, tx, tokenType, id, graph.Upsert, t)
		return deed{target: t.Principal, facts: map[string]string{"token": string(id)},
			changes: []audit.Change{{Asset: t.asset(), Field: "token", Before: t.words()}}}, err
	})
}

// mine tells whether somebody is the principal in ctx, or an account of his.
func mine(ctx context.Context, r graph.Reader, id graph.ID) (bool, error) {
	who := authz.From(ctx)
	if !who.Known() {
		return false, nil
	}
	if who.ID == string(id) {
		return true, nil
	}
	a, ok, err := get(ctx, r, accountType, id)
	return ok && who.Type == authz.Person && string(a.Owner) == who.ID, err
}

func ownKind(own bool) authz.Kind {
	if own {
		return authz.Self
	}
	return authz.People
}
