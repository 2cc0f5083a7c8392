package session

import (
	"context"
	"net/http"

	"weir/audit"
	"weir/graph"
)

// Leave remembers what the way through a provider needs when the browser comes back. Whoever is signed in stays so.
func (m *Manager) Leave(w http.ResponseWriter, r *http.Request, flow string) error {
	now := graph.Time(m.Now())
	s, ok := m.Current(r.Context())
	if !ok {
		return m.replace(w, r, Session{Began: now, Seen: now, Expires: now.Add(flowTime), Flow: flow}, &change{})
	}
	c := &change{follows: s}
	s.Flow = flow
	return m.replace(w, r, s, c)
}

// Return takes what Leave remembered, "" for nothing. It is there once: a second time finds nothing.
func (m *Manager) Return(ctx context.Context) (string, error) {
	s, _ := m.guarded.Get(ctx, valueKey).(Session)
	if s.Flow == "" {
		return "", nil
	}
	flow := ""
	err := m.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		if err := tx.Lock(ctx, Lock(s.User), "flow "+string(s.ID)); err != nil { // with those who end sessions
			return err
		}
		nodes, err := tx.Nodes(ctx, s.ID)
		if err != nil {
			return err
		}
		flow = ""
		if n, ok := nodes[s.ID]; !ok || n.Props["flow"] != s.Flow {
			return nil // somebody was faster
		}
		flow = s.Flow
		_, err = tx.Put(ctx, graph.NodeWrite{Node: graph.Node{ID: s.ID, Kind: sessionType.Kind, Props: graph.Props{"flow": nil}}})
		return err
	})
	if err != nil {
		return "", err
	}
	s.Flow = ""
	m.guarded.Put(ctx, valueKey, s)
	return flow, nil
}

// Refused writes down that somebody could not sign in. The log names nobody: who it was is not known, and what was typed
// as a name may be a password.
func (m *Manager) Refused(ctx context.Context, how string) error {
	return m.Store.Update(ctx, "", func(ctx context.Context, tx graph.Tx) error {
		return audit.Append(ctx, tx, m.Now(), audit.Entry{Action: "identity.sign-in-refused", Decision: audit.Denied,
			Facts: map[string]string{"how": how}})
	})
}
