package session

import (
	"context"
	"strconv"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
)

// maxListed is how many sessions of one person are listed and ended at once.
const maxListed = 200

// List returns the sessions of a person that are not over, the one used last first. Errors: Forbidden for those of others,
// unless the principal manages people.
func (m *Manager) List(ctx context.Context, user graph.ID) ([]Session, error) {
	if err := m.may(ctx, user, authz.View); err != nil {
		return nil, err
	}
	return m.read(ctx, m.Store, user)
}

func (m *Manager) may(ctx context.Context, user graph.ID, action authz.Action) error {
	if authz.From(ctx).ID == string(user) {
		return m.Policy.Require(ctx, authz.Self, authz.Everywhere, action)
	}
	return m.Policy.Require(ctx, authz.People, authz.Everywhere, authz.Manage)
}

func (m *Manager) read(ctx context.Context, r graph.Reader, user graph.ID) ([]Session, error) {
	page, err := r.List(ctx, graph.Query{Kind: sessionType.Kind, Sort: "seen", Desc: true, Limit: maxListed,
		Where: []graph.Filter{{Prop: "user", Op: graph.OneOf, Values: []any{string(user)}}}})
	if err != nil {
		return nil, err
	}
	all, err := sessionType.ReadAll(page.Nodes)
	if err != nil {
		return nil, errs.Wrap(err, errs.Internal, "The sessions can't be read.")
	}
	var out []Session
	for _, s := range all {
		if !s.over(m.Now(), m.Idle) {
			out = append(out, s)
		}
	}
	return out, nil
}

// Revoke ends one session of a person, everywhere with its next request. Errors: NotFound, also for a session of somebody
// else; Forbidden.
func (m *Manager) Revoke(ctx context.Context, user, id graph.ID) error {
	return m.revoke(ctx, user, func(s Session) bool { return s.ID == id }, true)
}

// RevokeOthers ends all sessions of a person but the one in ctx. Errors: Forbidden.
func (m *Manager) RevokeOthers(ctx context.Context, user graph.ID) error {
	own := authz.From(ctx).Session
	return m.revoke(ctx, user, func(s Session) bool { return string(s.ID) != own }, false)
}

// revoke ends the sessions chosen; some has to be among them where must is set.
func (m *Manager) revoke(ctx context.Context, user graph.ID, chosen func(Session) bool, must bool) error {
	if err := m.may(ctx, user, authz.Manage); err != nil {
		return m.denied(ctx, user, err)
	}
	return m.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, Lock(user)); err != nil {
			return err
		}
		all, err := m.read(ctx, tx, user)
		if err != nil {
			return err
		}
		var ids []graph.ID
		for _, s := range all {
			if chosen(s) {
				ids = append(ids, s.ID)
			}
		}
		if len(ids) == 0 {
			if must {
				return errs.E(errs.NotFound, "There is no such session; it may have ended already.")
			}
			return nil
		}
		if err := tx.Delete(ctx, ids...); err != nil {
			return err
		}
		return audit.Append(ctx, tx, m.Now(), audit.Entry{Actor: authz.Actor(ctx), Action: "identity.session-revoke", Target: user,
			Decision: audit.Allowed, Facts: map[string]string{"sessions": strconv.Itoa(len(ids))}})
	})
}

// Erase deletes all sessions of a person, with the addresses that they name. The caller has asked for the right, holds Lock
// and writes the entry.
func Erase(ctx context.Context, tx graph.Tx, user graph.ID) error {
	for {
		page, err := tx.List(ctx, graph.Query{Kind: sessionType.Kind, Sort: "seen", Limit: maxListed,
			Where: []graph.Filter{{Prop: "user", Op: graph.OneOf, Values: []any{string(user)}}}})
		if err != nil || len(page.Nodes) == 0 {
			return err
		}
		ids := make([]graph.ID, len(page.Nodes))
		for i, n := range page.Nodes {
			ids[i] = n.ID
		}
		if err := tx.Delete(ctx, ids...); err != nil {
			return err
		}
	}
}

// denied writes down an attempt that was not allowed, and returns why.
func (m *Manager) denied(ctx context.Context, user graph.ID, why error) error {
	return m.Policy.Refused(ctx, m.Store, m.Now(), "identity.session-revoke", user, why)
}
