package identity

import (
	"context"
	"slices"
	"strings"

	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// Page is a part of a list. Next is empty on the last one.
type Page[T any] struct {
	Items []T
	Next  string
}

// mayLook asks for the right to see who there is.
func (s *Service) mayLook(ctx context.Context) error {
	return s.policy.Require(ctx, authz.People, authz.Everywhere, authz.View)
}

// list reads a page of a kind by name.
func list[T any](ctx context.Context, r graph.Reader, t *graph.Type[T], where []graph.Filter, after string, limit int) (Page[T], error) {
	page, err := r.List(ctx, graph.Query{Kind: t.Kind, Where: where, Sort: "name", After: after, Limit: limit})
	if err != nil {
		return Page[T]{}, err
	}
	items, err := t.ReadAll(page.Nodes)
	return Page[T]{Items: items, Next: page.Next}, broken(err)
}

// Users lists people by name, disabled ones too. Limits are 1 to graph.MaxPage here and below.
func (s *Service) Users(ctx context.Context, after string, limit int) (Page[User], error) {
	if err := s.mayLook(ctx); err != nil {
		return Page[User]{}, err
	}
	return list(ctx, s.store, userType, nil, after, limit)
}

// Teams lists teams by name.
func (s *Service) Teams(ctx context.Context, after string, limit int) (Page[Team], error) {
	if err := s.mayLook(ctx); err != nil {
		return Page[Team]{}, err
	}
	return list(ctx, s.store, teamType, []graph.Filter{{Prop: "deleted", Op: graph.Missing}}, after, limit)
}

// Accounts lists service accounts and agents by name, disabled ones too.
func (s *Service) Accounts(ctx context.Context, after string, limit int) (Page[Account], error) {
	if err := s.mayLook(ctx); err != nil {
		return Page[Account]{}, err
	}
	return list(ctx, s.store, accountType, nil, after, limit)
}

// AccountsOf are the accounts that somebody owns, by name.
func (s *Service) AccountsOf(ctx context.Context, owner graph.ID) ([]Account, error) {
	if err := s.mayLookAt(ctx, owner); err != nil {
		return nil, err
	}
	page, err := list(ctx, s.store, accountType, []graph.Filter{{Prop: "owner", Values: []any{string(owner)}}}, "", graph.MaxPage)
	return page.Items, err
}

// mayLookAt asks for the right to see somebody: oneself, or everybody.
func (s *Service) mayLookAt(ctx context.Context, id graph.ID) error {
	own, err := mine(ctx, s.store, id)
	if err != nil {
		return err
	}
	if own && s.can(ctx, authz.Self, authz.View) {
		return nil
	}
	return s.mayLook(ctx)
}

// User is one person. Errors: Forbidden, NotFound.
func (s *Service) User(ctx context.Context, id graph.ID) (User, error) {
	if err := s.mayLookAt(ctx, id); err != nil {
		return User{}, err
	}
	return userAt(ctx, s.store, id, 0)
}

// UserByLogin is one person. Errors: Forbidden, NotFound.
func (s *Service) UserByLogin(ctx context.Context, login string) (User, error) {
	if err := s.mayLook(ctx); err != nil {
		return User{}, err
	}
	u, ok, err := find(ctx, s.store, userType, "login", strings.ToLower(strings.TrimSpace(login)))
	if err == nil && !ok {
		err = noUser()
	}
	return u, err
}

// AccountByName is one account. Errors: Forbidden, NotFound.
func (s *Service) AccountByName(ctx context.Context, name string) (Account, error) {
	if err := s.mayLook(ctx); err != nil {
		return Account{}, err
	}
	a, ok, err := find(ctx, s.store, accountType, "name", strings.ToLower(strings.TrimSpace(name)))
	if err == nil && !ok {
		err = noAccount()
	}
	return a, err
}

// Team is one team. Errors: Forbidden, NotFound.
func (s *Service) Team(ctx context.Context, id graph.ID) (Team, error) {
	if err := s.mayLook(ctx); err != nil {
		return Team{}, err
	}
	return teamAt(ctx, s.store, id, 0)
}

// Account is one account. Errors: Forbidden, NotFound.
func (s *Service) Account(ctx context.Context, id graph.ID) (Account, error) {
	if err := s.mayLookAt(ctx, id); err != nil {
		return Account{}, err
	}
	return accountAt(ctx, s.store, id, 0)
}

// TeamsOf are the teams that somebody is in himself, by title.
func (s *Service) TeamsOf(ctx context.Context, member graph.ID) ([]Team, error) {
	if err := s.mayLookAt(ctx, member); err != nil {
		return nil, err
	}
	ids, err := teamsOf(ctx, s.store, member)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	nodes, err := s.store.Nodes(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var out []Team
	for _, n := range nodes {
		t, err := teamType.Read(n)
		if err != nil {
			return nil, broken(err)
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Team) int { return strings.Compare(a.Title+"\x00"+a.Name, b.Title+"\x00"+b.Name) })
	return out, nil
}

// RolesOf are the roles that a person, team or account holds itself.
func (s *Service) RolesOf(ctx context.Context, subject graph.ID) ([]authz.Held, error) {
	if err := s.mayLookAt(ctx, subject); err != nil {
		return nil, err
	}
	return authz.HeldBy(ctx, s.store, subject)
}

// Tokens are those of a person or account that are known of, those that last longest first: one's own, those of one's own
// accounts, or with the right to manage people anybody's.
// Errors: Forbidden.
func (s *Service) Tokens(ctx context.Context, principal graph.ID) ([]Token, error) {
	own, err := mine(ctx, s.store, principal)
	if err != nil {
		return nil, err
	}
	act := authz.View
	if !own {
		act = authz.Manage
	}
	if err := s.policy.Require(ctx, ownKind(own), authz.Everywhere, act); err != nil {
		return nil, err
	}
	page, err := s.store.List(ctx, graph.Query{Kind: tokenType.Kind, Sort: "expires", Desc: true, Limit: graph.MaxPage,
		Where: []graph.Filter{{Prop: "principal", Values: []any{string(principal)}}}})
	if err != nil {
		return nil, err
	}
	return readTokens(page.Nodes)
}

// AllTokens are the tokens of everybody, those that last longest first. Errors: Forbidden without the right to manage people.
func (s *Service) AllTokens(ctx context.Context, after string, limit int) (Page[Token], error) {
	if err := s.policy.Require(ctx, authz.People, authz.Everywhere, authz.Manage); err != nil {
		return Page[Token]{}, err
	}
	page, err := s.store.List(ctx, graph.Query{Kind: tokenType.Kind, Sort: "expires", Desc: true, After: after, Limit: limit})
	if err != nil {
		return Page[Token]{}, err
	}
	items, err := readTokens(page.Nodes)
	return Page[Token]{Items: items, Next: page.Next}, err
}

func readTokens(nodes []graph.Node) ([]Token, error) {
	out, err := tokenType.ReadAll(nodes)
	for i := range out {
		out[i] = out[i].shown()
	}
	return out, broken(err)
}

// StandIns are those from and to a person, the latest first: one's own, or with the right to manage people anybody's.
// Errors: Forbidden.
func (s *Service) StandIns(ctx context.Context, user graph.ID) ([]StandIn, error) {
	kind, act := ownOr(ctx, user), authz.View
	if kind == authz.People {
		act = authz.Manage
	}
	if err := s.policy.Require(ctx, kind, authz.Everywhere, act); err != nil {
		return nil, err
	}
	var out []StandIn
	for _, prop := range []string{"from", "to"} {
		part, err := listStandIns(ctx, s.store, prop, user, zeroTime)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	slices.SortFunc(out, func(a, b StandIn) int { return b.Until.Compare(a.Until) })
	return out, nil
}

// Find is for choosing somebody: people, teams and accounts with words that begin like those of text, best first.
// Errors: Forbidden, Invalid for a text that is too long.
func (s *Service) Find(ctx context.Context, text string, limit int) ([]Named, error) {
	if err := s.mayLook(ctx); err != nil {
		return nil, err
	}
	if len(text) > graph.MaxText {
		return nil, errs.Badf("text", "is longer than %d bytes.", graph.MaxText)
	}
	found, err := s.store.Search(ctx, graph.Search{Text: text, Prefix: true, Limit: limit,
		Kinds: []graph.Kind{userType.Kind, teamType.Kind, accountType.Kind}})
	if err != nil {
		return nil, err
	}
	var out []Named
	for _, h := range found.Hits {
		n, err := named(h.Node)
		if err != nil {
			return nil, err
		}
		if n.ID != "" {
			out = append(out, n)
		}
	}
	return out, nil
}
