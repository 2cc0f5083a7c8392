package identity

import (
	"context"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// maxAccounts is how many accounts one person may own.
const maxAccounts = 500

// NewAccount is a service account or an agent to be made. Owner is the person behind it; empty is oneself.
type NewAccount struct {
	Name    string
	Type    authz.Type // authz.Account or authz.Agent
	Owner   graph.ID
	Purpose string
}

// CreateAccount makes a service account or an agent. Everybody may make agents of his own, since they act within his rights;
// the rest takes the right to manage people.
// Errors: Forbidden, Invalid with the fields, Exists if the name is taken.
func (s *Service) CreateAccount(ctx context.Context, in NewAccount) (Account, error) {
	const action = "identity.account-create"
	who := authz.From(ctx)
	if in.Owner == "" && who.Type == authz.Person {
		in.Owner = graph.ID(who.ID)
	}
	kind := ownOr(ctx, in.Owner)
	if in.Type != authz.Agent {
		kind = authz.People
	}
	if err := s.require(ctx, action, "", kind, authz.Manage); err != nil {
		return Account{}, err
	}
	c := &checker{}
	in.Name = c.handle("name", in.Name)
	in.Purpose = c.text("purpose", in.Purpose, MaxText, false, true)
	if in.Type != authz.Account && in.Type != authz.Agent {
		c.field("type", "is service or agent.")
	}
	if in.Name == authz.Operator.ID {
		c.field("name", "is the operator's: choose another.")
	}
	if err := c.err(); err != nil {
		return Account{}, err
	}
	var out Account
	err := s.run(ctx, action, "", func(ctx context.Context, tx graph.Tx) (deed, error) {
		if err := owns(ctx, tx, in.Owner); err != nil {
			return deed{}, err
		}
		if err := fewAccounts(ctx, tx, in.Owner); err != nil {
			return deed{}, err
		}
		var d deed
		var err error
		out, d, err = addAccount(ctx, tx, in)
		return d, err
	})
	return out, err
}

// owns tells whether somebody can own an account: a person who is not disabled.
func owns(ctx context.Context, r graph.Reader, id graph.ID) error {
	u, ok, err := get(ctx, r, userType, id)
	if err != nil {
		return err
	}
	if !ok || u.Disabled {
		return errs.Bad("owner", "is nobody who is known here.")
	}
	return nil
}

// fewAccounts holds the number of accounts that one person owns: as many as can be listed, and looked at, at once.
func fewAccounts(ctx context.Context, r graph.Reader, owner graph.ID) error {
	owned, err := list(ctx, r, accountType, []graph.Filter{{Prop: "owner", Values: []any{string(owner)}}}, "", maxAccounts)
	if err == nil && len(owned.Items) >= maxAccounts {
		return errs.Badf("owner", "has %d accounts already. Use one of them again, or have somebody else own this one.", maxAccounts)
	}
	return err
}

func addAccount(ctx context.Context, tx graph.Tx, in NewAccount) (Account, deed, error) {
	if _, there, err := find(ctx, tx, accountType, "name", in.Name); err != nil || there {
		if err == nil {
			err = taken("name")
		}
		return Account{}, deed{}, err
	}
	a, err := put(ctx, tx, accountType, newID(accountType.Spec.Prefix), graph.Create,
		Account{Name: in.Name, Type: in.Type, Owner: in.Owner, Purpose: in.Purpose})
	if err != nil {
		return Account{}, deed{}, err
	}
	changes := changed(nil, a.ID, "name", "", a.Name)
	changes = changed(changes, a.ID, "owner", "", string(a.Owner))
	changes = changed(changes, a.ID, "purpose", "", a.Purpose)
	return a, deed{target: a.ID, facts: map[string]string{"type": string(a.Type)}, changes: changes}, nil
}

// AccountEdit changes an account; nil fields stay. Version is the one that was looked at; 0 is any.
type AccountEdit struct {
	Version int64
	Owner   *graph.ID
	Purpose *string
}

// EditAccount changes an account: its owner may, and whoever may manage people; only the latter gives it another owner.
// Errors: Forbidden, Invalid with the fields, NotFound, Conflict.
func (s *Service) EditAccount(ctx context.Context, id graph.ID, e AccountEdit) (Account, error) {
	c := &checker{}
	if e.Purpose != nil {
		*e.Purpose = c.text("purpose", *e.Purpose, MaxText, false, true)
	}
	if err := c.err(); err != nil {
		return Account{}, err
	}
	return s.editAccount(ctx, "identity.account-edit", id, e.Version, func(ctx context.Context, tx graph.Tx, a *Account) ([]audit.Change, error) {
		was := *a
		set(&a.Owner, e.Owner)
		set(&a.Purpose, e.Purpose)
		if a.Owner != was.Owner {
			if err := s.policy.Require(ctx, authz.People, authz.Everywhere, authz.Manage); err != nil {
				return nil, err
			}
			if err := owns(ctx, tx, a.Owner); err != nil {
				return nil, err
			}
			if err := fewAccounts(ctx, tx, a.Owner); err != nil {
				return nil, err
			}
		}
		changes := changed(nil, id, "owner", string(was.Owner), string(a.Owner))
		return changed(changes, id, "purpose", was.Purpose, a.Purpose), nil
	})
}

// DisableAccount stops an account: its tokens end at once. Errors: Forbidden, NotFound.
func (s *Service) DisableAccount(ctx context.Context, id graph.ID) error {
	return s.ableAccount(ctx, "identity.account-disable", id, true)
}

// EnableAccount lets an account work again. Errors: Forbidden, NotFound.
func (s *Service) EnableAccount(ctx context.Context, id graph.ID) error {
	return s.ableAccount(ctx, "identity.account-enable", id, false)
}

func (s *Service) ableAccount(ctx context.Context, action string, id graph.ID, disabled bool) error {
	_, err := s.editAccount(ctx, action, id, 0, func(_ context.Context, _ graph.Tx, a *Account) ([]audit.Change, error) {
		was := a.Disabled
		a.Disabled = disabled
		return changed(nil, id, "disabled", word(was), word(disabled)), nil
	})
	return err
}

// editAccount runs one change of an account.
func (s *Service) editAccount(ctx context.Context, action string, id graph.ID, version int64,
	do func(context.Context, graph.Tx, *Account) ([]audit.Change, error),
) (Account, error) {
	var out Account
	err := s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		a, err := accountAt(ctx, tx, id, version)
		if err != nil {
			return deed{}, err
		}
		if err := s.overAccount(ctx, tx, a); err != nil {
			return deed{}, err
		}
		changes, err := do(ctx, tx, &a)
		if err != nil {
			return deed{}, err
		}
		out, err = put(ctx, tx, accountType, id, graph.Upsert, a)
		return deed{target: id, changes: changes}, err
	})
	return out, err
}

// accountAt reads an account in the version that was looked at; 0 is any.
func accountAt(ctx context.Context, r graph.Reader, id graph.ID, version int64) (Account, error) {
	a, ok, err := get(ctx, r, accountType, id)
	if err != nil {
		return Account{}, err
	}
	if !ok {
		return Account{}, noAccount()
	}
	return a, sameVersion(version, a.Version)
}

// overAccount tells whether the principal in ctx may manage an account: its owner, or whoever may manage people and, where
// the account holds roles, roles.
func (s *Service) overAccount(ctx context.Context, r graph.Reader, a Account) error {
	if own := ownOr(ctx, a.Owner); own == authz.Self {
		return s.policy.Require(ctx, own, authz.Everywhere, authz.Manage)
	}
	if err := s.policy.Require(ctx, authz.People, authz.Everywhere, authz.Manage); err != nil {
		return err
	}
	return s.overRoles(ctx, r, a.ID)
}
