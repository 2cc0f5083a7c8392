package authz

import (
	"context"

	"weir/errs"
	"weir/graph"
)

// Grantable tells whether there is a role, and its domain, and whether somebody new may hold it there. It is for those who make
// somebody together with his roles: asked before, nobody is left half made. The subject of c isn't looked at.
// Errors: Invalid, naming the role or the domain.
func (s *Service) Grantable(ctx context.Context, c RoleChange) error {
	ids := []graph.ID{RoleID(c.Role)}
	placed := c.Domain != Everywhere && c.Domain != NoDomain
	if placed {
		ids = append(ids, graph.ID(c.Domain))
	}
	nodes, err := s.Store.Nodes(ctx, ids...)
	switch {
	case err != nil:
		return err
	case nodes[RoleID(c.Role)].ID == "":
		return errs.Badf("role", "is none that there is: %q.", c.Role)
	case placed && nodes[graph.ID(c.Domain)].ID == "":
		return errs.Bad("domain", "is not a domain that there is.")
	}
	return mayHold(c, nil)
}
