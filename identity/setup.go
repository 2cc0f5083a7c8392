package identity

import (
	"context"
	"strings"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// setupTime is how long the code of a first start is good.
const setupTime = 24 * time.Hour

// NeedsSetup tells whether there is nobody yet. It is over for good with the first person.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) { return nobodyYet(ctx, s.store) }

func nobodyYet(ctx context.Context, r graph.Reader) (bool, error) {
	page, err := r.List(ctx, graph.Query{Kind: userType.Kind, Sort: "name", Limit: 1})
	return err == nil && len(page.Nodes) == 0, err
}

// NewSetupCode makes a code with which the first administrator is made, once, within a day. There is no default password:
// the code is printed where the program was started. Codes from before stay good, since each server prints one.
// Errors: Conflict if there is somebody already.
func (s *Service) NewSetupCode(ctx context.Context) (string, error) {
	code := newPassword()
	err := s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		if err := setupIsOpen(ctx, tx); err != nil {
			return err
		}
		_, err := put(ctx, tx, setupType, setupID(code), graph.Create, setupCode{Expires: graph.Time(s.now().Add(setupTime))})
		return err
	})
	return code, err
}

// setupID is the node of a code, however it was typed.
func setupID(code string) graph.ID {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(code))
	return hashedID(setupType.Spec.Prefix, plain)
}

func setupIsOpen(ctx context.Context, r graph.Reader) error {
	open, err := nobodyYet(ctx, r)
	if err == nil && !open {
		return errs.E(errs.Conflict, "This Weir is set up already. Sign in, or ask an administrator to let you in.")
	}
	return err
}

// SetUpInput is the first administrator, with the code that proves that he started the program.
type SetUpInput struct{ Code, Login, Name, Email, Password string }

// SetUp makes the first person, an administrator, and closes setup.
// Errors: Invalid with the fields, Conflict if there is somebody already.
func (s *Service) SetUp(ctx context.Context, in SetUpInput) (User, error) {
	if err := setupIsOpen(ctx, s.store); err != nil {
		return User{}, err
	}
	person := NewUser{Login: in.Login, Name: in.Name, Email: in.Email, Password: in.Password}
	if err := s.checkSetUp(ctx, in.Code, &person); err != nil {
		return User{}, err
	}
	stored, err := s.hashed(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	var out User
	err = s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, authz.Lock); err != nil {
			return err
		}
		if err := setupIsOpen(ctx, tx); err != nil {
			return err
		}
		var d deed
		if out, d, err = addUser(ctx, tx, person, stored); err != nil {
			return err
		}
		return s.closeSetup(ctx, tx, d)
	})
	s.Forget()
	return out, err
}

// checkSetUp checks code and person together, so that a form says all that is wrong.
func (s *Service) checkSetUp(ctx context.Context, code string, person *NewUser) error {
	c := &checker{}
	sc, ok, err := get(ctx, s.store, setupType, setupID(code))
	if err != nil {
		return err
	}
	if !ok || !s.now().Before(sc.Expires) {
		c.field("code", "is not a code that is good. Start the program again to get a new one.")
	}
	if person.Password == "" {
		c.field("password", "is missing.")
	}
	if e, ok := errs.As(person.check()); ok {
		c.bad = append(c.bad, e.Fields...)
	}
	return c.err()
}

// closeSetup makes the new person an administrator, throws all codes away and writes the entry.
func (s *Service) closeSetup(ctx context.Context, tx graph.Tx, d deed) error {
	held := graph.Edge{From: d.target, Rel: authz.RelHolds, To: authz.RoleID(authz.Admin), Key: authz.Everywhere,
		Valid: graph.Span{Since: graph.Time(s.now())}}
	if err := tx.Link(ctx, held); err != nil {
		return err
	}
	page, err := tx.List(ctx, graph.Query{Kind: setupType.Kind, Sort: "expires", Limit: graph.MaxPage})
	if err != nil {
		return err
	}
	ids := make([]graph.ID, len(page.Nodes))
	for i, n := range page.Nodes {
		ids[i] = n.ID
	}
	if err := tx.Delete(ctx, ids...); err != nil {
		return err
	}
	d.facts = map[string]string{"role": authz.Admin}
	d.changes = append(d.changes, audit.Change{Asset: d.target, Field: "role", After: authz.Admin})
	return s.record(ctx, tx, string(d.target), "identity.set-up", d)
}
