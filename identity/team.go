package identity

import (
	"context"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// NewTeam is a team to be made.
type NewTeam struct{ Name, Title, Description string }

// CreateTeam makes a team. An empty title is the name.
// Errors: Forbidden, Invalid with the fields, Exists if the name is taken.
func (s *Service) CreateTeam(ctx context.Context, in NewTeam) (Team, error) {
	const action = "identity.team-create"
	if err := s.require(ctx, action, "", authz.People, authz.Manage); err != nil {
		return Team{}, err
	}
	c := &checker{}
	in.Name = c.handle("name", in.Name)
	in.Title = c.text("title", in.Title, MaxName, false, false)
	in.Description = c.text("description", in.Description, MaxText, false, true)
	if err := c.err(); err != nil {
		return Team{}, err
	}
	if in.Title == "" {
		in.Title = in.Name
	}
	var out Team
	err := s.run(ctx, action, "", func(ctx context.Context, tx graph.Tx) (deed, error) {
		if _, there, err := find(ctx, tx, teamType, "name", in.Name); err != nil || there {
			if err == nil {
				err = taken("name")
			}
			return deed{}, err
		}
		var err error
		out, err = put(ctx, tx, teamType, newID(teamType.Spec.Prefix), graph.Create,
			Team{Name: in.Name, Title: in.Title, Description: in.Description})
		changes := changed(nil, out.ID, "name", "", out.Name)
		changes = changed(changes, out.ID, "title", "", out.Title)
		changes = changed(changes, out.ID, "description", "", out.Description)
		return deed{target: out.ID, changes: changes}, err
	})
	return out, err
}

// TeamEdit changes a team; nil fields stay. Version is the one that was looked at; 0 is any.
type TeamEdit struct {
	Version            int64
	Title, Description *string
}

// EditTeam changes what a team is called. Errors: Forbidden, Invalid with the fields, NotFound, Conflict.
func (s *Service) EditTeam(ctx context.Context, id graph.ID, e TeamEdit) (Team, error) {
	const action = "identity.team-edit"
	if err := s.require(ctx, action, id, authz.People, authz.Manage); err != nil {
		return Team{}, err
	}
	c := &checker{}
	if e.Title != nil {
		*e.Title = c.text("title", *e.Title, MaxName, true, false)
	}
	if e.Description != nil {
		*e.Description = c.text("description", *e.Description, MaxText, false, true)
	}
	if err := c.err(); err != nil {
		return Team{}, err
	}
	var out Team
	err := s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		t, err := teamAt(ctx, tx, id, e.Version)
		if err != nil {
			return deed{}, err
		}
		was := t
		set(&t.Title, e.Title)
		set(&t.Description, e.Description)
		changes := changed(nil, id, "title", was.Title, t.Title)
		changes = changed(changes, id, "description", was.Description, t.Description)
		out, err = put(ctx, tx, teamType, id, graph.Upsert, t)
		return deed{target: id, changes: changes}, err
	})
	return out, err
}

// teamAt reads a team in the version that was looked at; 0 is any. A deleted one is missing.
func teamAt(ctx context.Context, r graph.Reader, id graph.ID, version int64) (Team, error) {
	t, ok, err := get(ctx, r, teamType, id)
	if err != nil {
		return Team{}, err
	}
	if !ok || t.Deleted {
		return Team{}, noTeam()
	}
	return t, sameVersion(version, t.Version)
}

// DeleteTeam takes a team apart: its members leave it, it leaves its teams and loses its roles. Its name is free again;
// what the log says of it stays.
// Errors: Forbidden, NotFound.
func (s *Service) DeleteTeam(ctx context.Context, id graph.ID) error {
	const action = "identity.team-delete"
	if err := s.require(ctx, action, id, authz.People, authz.Manage); err != nil {
		return err
	}
	return s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		t, err := teamAt(ctx, tx, id, 0)
		if err != nil {
			return deed{}, err
		}
		if err := s.overRoles(ctx, tx, id); err != nil {
			return deed{}, err
		}
		if err := s.keepsAdmin(ctx, tx, id); err != nil {
			return deed{}, err
		}
		if err := s.loosen(ctx, tx, id); err != nil {
			return deed{}, err
		}
		name := t.Name
		t.Name, t.Deleted = "", true
		_, err = put(ctx, tx, teamType, id, graph.Upsert, t)
		return deed{target: id, changes: []audit.Change{{Asset: id, Field: "name", Before: name}}}, err
	})
}

// keepsAdmin refuses to take a team apart that is the only one to hold the role of administrators.
func (s *Service) keepsAdmin(ctx context.Context, r graph.Reader, id graph.ID) error {
	page, err := r.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{authz.RoleID(authz.Admin)}, Dir: graph.In,
		Rels: []graph.Rel{authz.RelHolds}, Limit: 2})
	if err != nil {
		return err
	}
	if len(page.Edges) == 1 && page.Edges[0].From == id {
		return errs.E(errs.Conflict, "This team holds the role of administrators alone. Make somebody else one first.")
	}
	return nil
}

// loosen ends every edge of a team. Each round is of at most graph.MaxBatch.
func (s *Service) loosen(ctx context.Context, tx graph.Tx, id graph.ID) error {
	now := graph.Time(s.now())
	for _, dir := range []graph.Dir{graph.Out, graph.In} {
		for {
			page, err := tx.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{id}, Dir: dir, Rels: []graph.Rel{RelMember, authz.RelHolds}})
			if err != nil {
				return err
			}
			if len(page.Edges) == 0 {
				break
			}
			if err := tx.Unlink(ctx, now, page.Edges...); err != nil {
				return err
			}
		}
	}
	return nil
}
