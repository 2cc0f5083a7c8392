package identity

import (
	"context"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// operatorName is the service account of tokens that the operator at the machine makes for nobody in particular.
const operatorName = "operator"

// OperatorAccount is that account. It is made when it is first asked for, with the roles admin and platform everywhere: what
// a token of it may do is up to the token's scopes.
// Errors: Forbidden for whoever isn't the operator at the machine.
func (s *Service) OperatorAccount(ctx context.Context) (Account, error) {
	const action = "identity.account-create"
	if authz.From(ctx).Type != authz.Machine {
		return Account{}, s.refused(ctx, action, "", errs.E(errs.Forbidden, "This is for the operator at the machine."))
	}
	var out Account
	err := s.run(ctx, action, "", func(ctx context.Context, tx graph.Tx) (deed, error) {
		a, there, err := find(ctx, tx, accountType, "name", operatorName)
		if out = a; err != nil || there {
			return deed{}, err
		}
		var d deed
		out, d, err = addAccount(ctx, tx, NewAccount{Name: operatorName, Type: authz.Account, Purpose: "Tokens that the operator made at the machine"})
		if err != nil {
			return d, err
		}
		for _, role := range []string{authz.Admin, authz.Platform} {
			d.changes = append(d.changes, audit.Change{Asset: out.ID, Field: "role", After: role})
			err := tx.Link(ctx, graph.Edge{From: out.ID, Rel: authz.RelHolds, To: authz.RoleID(role), Key: authz.Everywhere,
				Valid: graph.Span{Since: graph.Time(s.now())}})
			if err != nil {
				return d, err
			}
		}
		return d, nil
	})
	return out, err
}
