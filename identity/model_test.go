package identity_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/identity"
)

// someone is what the model knows of a person or an account.
type someone struct {
	id       graph.ID
	owner    *someone
	agent    bool
	disabled bool
}

func (s *someone) in() bool { return !s.disabled && (!s.agent || s.owner.in()) }

type ticket struct {
	of      *someone
	id      graph.ID
	text    string
	expires time.Time
	revoked bool
}

// TestModel: in whatever order people come, go and get tokens, who is unknown, disabled, revoked or expired never becomes a
// principal: at once on the server that was told, and within a second on one that heard of nothing.
func TestModel(t *testing.T) {
	kept := schema(t)
	rapid.Check(t, func(r *rapid.T) {
		w := &world{t: t, store: graphtest.Memory(kept), clock: &clock{t: time.Now().Add(-72 * time.Hour)}, op: authz.With(t.Context(), authz.Operator)}
		w.Service = w.replica(identity.Options{})
		other, n := w.replica(identity.Options{}), 0
		var people, all []*someone
		var tickets []*ticket
		add := func(s *someone, err error) {
			w.fine(err)
			all = append(all, s)
		}
		anyone := func() *someone { return rapid.SampledFrom(all).Draw(r, "who") }
		born := func(*rapid.T) {
			n++
			u, err := w.CreateUser(w.op, identity.NewUser{Login: fmt.Sprint("u", n), Name: "N"})
			s := &someone{id: u.ID}
			people = append(people, s)
			add(s, err)
		}
		born(r)
		r.Repeat(map[string]func(*rapid.T){
			"person": born,
			"account": func(r *rapid.T) {
				owner, agent := rapid.SampledFrom(people).Draw(r, "owner"), rapid.Bool().Draw(r, "agent")
				if owner.disabled {
					r.Skip("nobody disabled owns anything new")
				}
				n++
				sort := map[bool]authz.Type{true: authz.Agent, false: authz.Account}[agent]
				a, err := w.CreateAccount(w.op, identity.NewAccount{Name: fmt.Sprint("a", n), Type: sort, Owner: owner.id})
				add(&someone{id: a.ID, owner: owner, agent: agent}, err)
			},
			"token": func(*rapid.T) {
				s := anyone()
				end := w.clock.now().Add(time.Duration(rapid.IntRange(1, 5).Draw(r, "seconds")) * time.Second)
				tok, text, err := w.CreateToken(w.op, identity.NewToken{Principal: s.id, Name: "t", Scopes: []string{authz.ScopeRead}, Expires: end})
				w.fine(err)
				tickets = append(tickets, &ticket{of: s, id: tok.ID, text: text, expires: tok.Expires})
			},
			"revoke": func(r *rapid.T) {
				if len(tickets) == 0 {
					r.Skip("no token")
				}
				tk := rapid.SampledFrom(tickets).Draw(r, "token")
				w.fine(w.RevokeToken(w.op, tk.id))
				tk.revoked = true
			},
			"disable": func(*rapid.T) { able(w, anyone(), true) },
			"enable":  func(*rapid.T) { able(w, anyone(), false) },
			"wait":    func(*rapid.T) { w.clock.add(700 * time.Millisecond) },
			"": func(*rapid.T) {
				late := rapid.Bool().Draw(r, "late")
				if late {
					w.clock.add(time.Second)
				}
				for _, s := range all {
					_, err := w.PrincipalOf(t.Context(), s.id)
					answers(r, s.in(), err)
					if late {
						_, err = other.PrincipalOf(t.Context(), s.id)
						answers(r, s.in(), err)
					}
				}
				for _, tk := range tickets {
					good := tk.of.in() && !tk.revoked && w.clock.now().Before(tk.expires)
					_, err := w.ByToken(t.Context(), tk.text)
					answers(r, good, err)
					if late {
						_, err = other.ByToken(t.Context(), tk.text)
						answers(r, good, err)
					}
				}
			},
		})
	})
}

func able(w *world, s *someone, disabled bool) {
	w.t.Helper()
	do := map[[2]bool]func(id graph.ID) error{
		{true, true}:   func(id graph.ID) error { return w.DisableUser(w.op, id) },
		{true, false}:  func(id graph.ID) error { return w.EnableUser(w.op, id) },
		{false, true}:  func(id graph.ID) error { return w.DisableAccount(w.op, id) },
		{false, false}: func(id graph.ID) error { return w.EnableAccount(w.op, id) },
	}[[2]bool{s.owner == nil, disabled}]
	w.fine(do(s.id))
	s.disabled = disabled
}

func answers(r *rapid.T, want bool, err error) {
	if want && err != nil || !want && !errs.Is(err, errs.Unauthenticated) {
		r.Fatalf("in: %t, but %v", want, err)
	}
}
