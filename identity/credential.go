package identity

import (
	"context"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// temporary is how long a password lasts that somebody else has given.
const temporary = 24 * time.Hour

// ChangePassword changes one's own password; all sessions that began before end. ip is where the request comes from: wrong
// old passwords count as failures to sign in.
// Errors: Forbidden, Invalid for "old" or "password", TooMany.
func (s *Service) ChangePassword(ctx context.Context, old, fresh, ip string) error {
	const action = "identity.password-change"
	who := authz.From(ctx)
	if err := s.require(ctx, action, graph.ID(who.ID), authz.Self, authz.Manage); err != nil {
		return err
	}
	if who.Type != authz.Person || who.Token != "" {
		return s.refused(ctx, action, graph.ID(who.ID), errs.E(errs.Forbidden, "Passwords are changed by people who are signed in."))
	}
	u, err := userAt(ctx, s.store, graph.ID(who.ID), 0)
	if err != nil {
		return err
	}
	if !u.Local {
		return errs.E(errs.Conflict, "You sign in with your organisation's account; its password isn't kept here.")
	}
	if _, err := s.SignIn(ctx, u.Login, old, ip); err != nil {
		if errs.Is(err, errs.Unauthenticated) {
			return errs.Bad("old", "is not your password.")
		}
		return err
	}
	if old == fresh {
		return errs.Bad("password", "is the same as before.")
	}
	return s.replacePassword(ctx, action, u, fresh, false)
}

// SetPassword gives a person a password. It lasts a day and has to be changed, unless the operator at the machine sets it;
// an empty one makes a random one. It is returned, to be shown once. All sessions of the person end, and failures to sign
// in are forgotten.
// Errors: Forbidden, Invalid for "password", NotFound.
func (s *Service) SetPassword(ctx context.Context, id graph.ID, password string) (string, error) {
	const action = "identity.password-set"
	if err := s.require(ctx, action, id, authz.People, authz.Manage); err != nil {
		return "", err
	}
	if authz.From(ctx).ID == string(id) {
		return "", s.refused(ctx, action, id, errs.E(errs.Forbidden, "Change your own password with the one that you have."))
	}
	u, err := userAt(ctx, s.store, id, 0)
	if err != nil {
		return "", err
	}
	due := password == "" || !atMachine(authz.From(ctx))
	if password == "" {
		password = newPassword()
	}
	if err := s.replacePassword(ctx, action, u, password, due); err != nil {
		return "", err
	}
	return password, s.settle(ctx, gates(u.Login, ""))
}

// newPassword makes a random password of 100 bits, in groups that can be read out.
func newPassword() string { return grouped(base32Lower.EncodeToString(random(13))[:20], 4) }

// grouped puts a hyphen after each n characters.
func grouped(s string, n int) string {
	var out []byte
	for i := range len(s) {
		if i > 0 && i%n == 0 {
			out = append(out, '-')
		}
		out = append(out, s[i])
	}
	return string(out)
}

func (s *Service) replacePassword(ctx context.Context, action string, u User, password string, due bool) error {
	if err := CheckPassword(password, u.Login, u.Name); err != nil {
		return err
	}
	stored, err := s.hashed(ctx, password)
	if err != nil {
		return err
	}
	return s.run(ctx, action, u.ID, func(ctx context.Context, tx graph.Tx) (deed, error) {
		u, err := userAt(ctx, tx, u.ID, 0)
		if err != nil {
			return deed{}, err
		}
		if authz.From(ctx).ID != string(u.ID) {
			if err := s.overPower(ctx, tx, u.ID); err != nil {
				return deed{}, err
			}
		}
		u.Local, u.PasswordDue, u.SessionsAfter = true, due, s.sessionsEnd()
		c := credential{Hash: stored}
		if due {
			c.Expires = graph.Time(s.now().Add(temporary))
		}
		if _, err := put(ctx, tx, credentialType, credentialID(u.ID), graph.Upsert, c); err != nil {
			return deed{}, err
		}
		_, err = put(ctx, tx, userType, u.ID, graph.Upsert, u)
		return deed{target: u.ID, changes: []audit.Change{{Asset: u.ID, Field: "password", After: "changed"}}}, err
	})
}

// overPower is overRoles for whoever comes by a person's password: he also gets what that person holds for others, now or
// later, and the accounts whose tokens that person makes.
func (s *Service) overPower(ctx context.Context, r graph.Reader, id graph.ID) error {
	through := []graph.ID{id}
	standing, err := listStandIns(ctx, r, "to", id, s.now())
	if err != nil {
		return err
	}
	for _, si := range standing {
		if si.Ended.IsZero() {
			through = append(through, si.From)
		}
	}
	owned, err := list(ctx, r, accountType, []graph.Filter{{Prop: "owner", Values: []any{string(id)}}}, "", graph.MaxPage)
	if err != nil {
		return err
	}
	for _, a := range owned.Items {
		through = append(through, a.ID)
	}
	for _, one := range through {
		if err := s.overRoles(ctx, r, one); err != nil {
			return err
		}
	}
	return nil
}
