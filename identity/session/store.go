package session

import (
	"context"
	"encoding/json"
	"time"

	"weir/audit"
	"weir/errs"
	"weir/graph"
)

// valueKey is where a session stands among the values that scs keeps.
const valueKey = "session"

// codec carries a Session between scs and the store.
type codec struct{}

// Encode writes the session of the values; the deadline is one of its fields.
func (codec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(values[valueKey])
}

// Decode reads what Encode wrote.
func (codec) Decode(b []byte) (time.Time, map[string]any, error) {
	var s Session
	err := json.Unmarshal(b, &s)
	return s.Expires, map[string]any{valueKey: s}, err
}

// change is what has to happen in the one transaction that writes a session: what it replaces, and its entry in the log.
type change struct {
	replaces bool // a new session follows: the old one goes when that is written
	gone     []graph.ID
	follows  Session // that the new one goes on with; it has to be there still
	entry    *audit.Entry
}

type changeKey struct{}

// during returns a context in which scs makes a change.
func during(ctx context.Context, c *change) context.Context {
	return context.WithValue(ctx, changeKey{}, c)
}

func changeOf(ctx context.Context) *change {
	if c, ok := ctx.Value(changeKey{}).(*change); ok {
		return c
	}
	return &change{}
}

// sessions is the store of scs. Its methods without a context are there for scs's interface alone.
type sessions struct {
	store graph.Store
	now   func() time.Time
	idle  time.Duration
}

// FindCtx reads the session of a token, unless it is over.
func (s *sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	n, err := graph.One(ctx, s.store, idOf(token))
	if errs.Is(err, errs.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	found, err := sessionType.Read(n)
	if err != nil {
		return nil, false, errs.Wrap(err, errs.Internal, "The session can't be read.")
	}
	if found.over(s.now(), s.idle) {
		return nil, false, nil
	}
	b, err := json.Marshal(found)
	return b, err == nil, err
}

// CommitCtx writes the session of a new token, and what belongs to it, in one transaction.
func (s *sessions) CommitCtx(ctx context.Context, token string, b []byte, _ time.Time) error {
	var new Session
	if err := json.Unmarshal(b, &new); err != nil {
		return errs.Wrap(err, errs.Internal, "The session can't be written.")
	}
	c := changeOf(ctx)
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := c.still(ctx, tx); err != nil {
			return err
		}
		old, err := s.expired(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.Delete(ctx, append(old, c.gone...)...); err != nil {
			return err
		}
		if _, err := tx.Put(ctx, sessionType.Write(idOf(token), graph.Create, new)); err != nil {
			return err
		}
		return s.log(ctx, tx, c)
	})
}

// still makes sure that the session that goes on was not ended meanwhile: else a request under way would bring it back.
func (c *change) still(ctx context.Context, tx graph.Tx) error {
	if c.follows.User == "" {
		return nil
	}
	if err := tx.Lock(ctx, Lock(c.follows.User)); err != nil {
		return err
	}
	there, err := tx.Nodes(ctx, c.follows.ID)
	if err == nil && len(there) == 0 {
		return errs.E(errs.Conflict, "The session was ended or renewed meanwhile.")
	}
	return err
}

// Lock is the key that is taken to end sessions of a person, and to go on with one.
func Lock(user graph.ID) string { return "sessions " + string(user) }

// purgeBatch is how many sessions that are over each new one clears away.
const purgeBatch = 100

// expired finds sessions that are over: each new session clears some away, so that they don't pile up.
func (s *sessions) expired(ctx context.Context, tx graph.Tx) ([]graph.ID, error) {
	page, err := tx.List(ctx, graph.Query{Kind: sessionType.Kind, Sort: "expires", Limit: purgeBatch,
		Where: []graph.Filter{{Prop: "expires", Op: graph.Less, Values: []any{graph.Time(s.now())}}}})
	if err != nil {
		return nil, err
	}
	ids := make([]graph.ID, len(page.Nodes))
	for i, n := range page.Nodes {
		ids[i] = n.ID
	}
	return ids, nil
}

func (s *sessions) log(ctx context.Context, tx graph.Tx, c *change) error {
	if c.entry == nil {
		return nil
	}
	return audit.Append(ctx, tx, s.now(), *c.entry)
}

// DeleteCtx ends the session of a token: with its entry, or together with the session that replaces it.
func (s *sessions) DeleteCtx(ctx context.Context, token string) error {
	c := changeOf(ctx)
	if c.replaces {
		c.gone = append(c.gone, idOf(token))
		return nil
	}
	return s.store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Delete(ctx, idOf(token)); err != nil {
			return err
		}
		return s.log(ctx, tx, c)
	})
}

// Find, Commit and Delete are never called: scs prefers the methods with a context.

// Find is FindCtx.
func (s *sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (s *sessions) Commit(token string, b []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expires)
}

// Delete is DeleteCtx.
func (s *sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
