package identity

import (
	"context"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// NewUser is a person to be known here. Without a password he can't sign in here until he is given one.
type NewUser struct{ Login, Name, Email, Password string }

func (in *NewUser) check() error {
	c := &checker{}
	in.Login = c.handle("login", in.Login)
	in.Name = c.text("name", in.Name, MaxName, true, false)
	in.Email = c.email("email", in.Email)
	if in.Password != "" {
		c.password(in.Password, in.Login, in.Name)
	}
	return c.err()
}

// CreateUser makes a person known.
// Errors: Forbidden, Invalid with the fields, Exists if the login is taken.
func (s *Service) CreateUser(ctx context.Context, in NewUser) (User, error) {
	const action = "identity.user-create"
	if err := s.require(ctx, action, "", authz.People, authz.Manage); err != nil {
		return User{}, err
	}
	if err := in.check(); err != nil {
		return User{}, err
	}
	stored, err := s.hashed(ctx, in.Password)
	if err != nil {
		return User{}, err
	}
	var out User
	err = s.run(ctx, action, "", func(ctx context.Context, tx graph.Tx) (deed, error) {
		var d deed
		var err error
		out, d, err = addUser(ctx, tx, in, stored)
		return d, err
	})
	return out, err
}

// hashed hashes a password, if there is one, when there is room for that.
func (s *Service) hashed(ctx context.Context, password string) (string, error) {
	if password == "" {
		return "", nil
	}
	free, err := s.hashing.take(ctx)
	if err != nil {
		return "", err
	}
	defer free()
	return hash(password), nil
}

// addUser writes a new person; stored is the hash of his password, if he has one.
func addUser(ctx context.Context, tx graph.Tx, in NewUser, stored string) (User, deed, error) {
	if _, there, err := find(ctx, tx, userType, "login", in.Login); err != nil || there {
		if err == nil {
			err = taken("login")
		}
		return User{}, deed{}, err
	}
	id := newID(userType.Spec.Prefix)
	u, err := put(ctx, tx, userType, id, graph.Create, User{Login: in.Login, Name: in.Name, Email: in.Email, Local: stored != ""})
	if err != nil {
		return User{}, deed{}, err
	}
	if stored != "" {
		if _, err := put(ctx, tx, credentialType, credentialID(id), graph.Create, credential{Hash: stored}); err != nil {
			return User{}, deed{}, err
		}
	}
	return u, deed{target: id, changes: u.news()}, nil
}

// news are the changes of a person who is new.
func (u User) news() []audit.Change {
	out := changed(nil, u.ID, "login", "", u.Login)
	out = changed(out, u.ID, "name", "", u.Name)
	return changed(out, u.ID, "email", "", u.Email)
}

// UserEdit changes what is known of a person; nil fields stay. Version is the one that was looked at; 0 is any.
type UserEdit struct {
	Version     int64
	Name, Email *string
}

// EditUser changes a person: oneself, or anybody with the right to manage people.
// Errors: Forbidden, Invalid with the fields, NotFound, Conflict if somebody else changed him since Version.
func (s *Service) EditUser(ctx context.Context, id graph.ID, e UserEdit) (User, error) {
	const action = "identity.user-edit"
	if err := s.require(ctx, action, id, ownOr(ctx, id), authz.Manage); err != nil {
		return User{}, err
	}
	c := &checker{}
	if e.Name != nil {
		*e.Name = c.text("name", *e.Name, MaxName, true, false)
	}
	if e.Email != nil {
		*e.Email = c.email("email", *e.Email)
	}
	if err := c.err(); err != nil {
		return User{}, err
	}
	var out User
	err := s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		u, err := userAt(ctx, tx, id, e.Version)
		if err != nil {
			return deed{}, err
		}
		was := u
		set(&u.Name, e.Name)
		set(&u.Email, e.Email)
		changes := changed(nil, id, "name", was.Name, u.Name)
		changes = changed(changes, id, "email", was.Email, u.Email)
		out, err = put(ctx, tx, userType, id, graph.Upsert, u)
		return deed{target: id, changes: changes}, err
	})
	return out, err
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

// ownOr is what it takes to manage a person: Self if he is oneself.
func ownOr(ctx context.Context, id graph.ID) authz.Kind {
	if who := authz.From(ctx); who.Type == authz.Person && who.ID == string(id) {
		return authz.Self
	}
	return authz.People
}

// userAt reads a person in the version that was looked at; 0 is any.
func userAt(ctx context.Context, r graph.Reader, id graph.ID, version int64) (User, error) {
	u, ok, err := get(ctx, r, userType, id)
	if err != nil {
		return User{}, err
	}
	if !ok {
		return User{}, noUser()
	}
	return u, sameVersion(version, u.Version)
}

func sameVersion(looked, now int64) error {
	if looked != 0 && looked != now {
		return errs.E(errs.Conflict, "Somebody else changed this meanwhile. Look at it again, then save your changes.")
	}
	return nil
}

// DisableUser keeps a person out: his sessions, his tokens and his agents end at once, and nobody stands in for him.
// Nobody disables himself. Errors: Forbidden, NotFound.
func (s *Service) DisableUser(ctx context.Context, id graph.ID) error {
	return s.able(ctx, "identity.user-disable", id, true)
}

// EnableUser lets a person in again. Sessions from before stay ended. Errors: Forbidden, NotFound.
func (s *Service) EnableUser(ctx context.Context, id graph.ID) error {
	return s.able(ctx, "identity.user-enable", id, false)
}

func (s *Service) able(ctx context.Context, action string, id graph.ID, disabled bool) error {
	if err := s.require(ctx, action, id, authz.People, authz.Manage); err != nil {
		return err
	}
	return s.run(ctx, action, id, func(ctx context.Context, tx graph.Tx) (deed, error) {
		u, err := userAt(ctx, tx, id, 0)
		if err != nil || u.Disabled == disabled {
			return deed{}, err
		}
		if authz.From(ctx).ID == string(id) {
			return deed{}, errs.E(errs.Forbidden, "Nobody disables himself. Ask another administrator.")
		}
		if err := s.overRoles(ctx, tx, id); err != nil {
			return deed{}, err
		}
		u.Disabled, u.SessionsAfter = disabled, s.sessionsEnd()
		_, err = put(ctx, tx, userType, id, graph.Upsert, u)
		return deed{target: id, changes: changed(nil, id, "disabled", word(!disabled), word(disabled))}, err
	})
}

// sessionsEnd is the time from which sessions count that begin after this moment.
func (s *Service) sessionsEnd() time.Time { return graph.Time(s.now()) }

func word(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// overRoles asks for the right to manage roles where somebody or a team holds some: whoever decides over those that hold
// roles decides over roles.
func (s *Service) overRoles(ctx context.Context, r graph.Reader, id graph.ID) error {
	_, held, err := membership(ctx, r, id)
	if err != nil || len(held) == 0 {
		return err
	}
	return s.policy.Require(ctx, authz.Roles, authz.Everywhere, authz.Manage)
}
