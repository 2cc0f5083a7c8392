package identity_test

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
	"weir/identity"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// world is a store with roles and rules, and a Service on it whose clock stands three days before now until a test moves it.
type world struct {
	*identity.Service
	t      *testing.T
	store  graph.Store
	policy *authz.Policy
	clock  *clock
	op     context.Context // of the operator at the machine
}

func schema(t testing.TB) graph.Schema {
	t.Helper()
	out, err := graph.Merge(audit.Schema(), authz.Schema(), identity.Schema())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// eachEngine runs a test on the oracle, on SQLite, and on Neo4j if there is one.
func eachEngine(t *testing.T, run func(t *testing.T, w *world)) {
	t.Run("memory", func(t *testing.T) { run(t, newWorld(t, graphtest.Memory(schema(t)))) })
	t.Run("sqlite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), schema(t), sqlite.Options{Serve: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		run(t, newWorld(t, s))
	})
	t.Run("neo4j", func(t *testing.T) { run(t, newWorld(t, neo4jtest.Open(t, schema(t)))) })
}

func memory(t *testing.T) *world { return newWorld(t, graphtest.Memory(schema(t))) }

func newWorld(t *testing.T, s graph.Store) *world {
	t.Helper()
	if err := authz.Install(t.Context(), s, time.Now()); err != nil {
		t.Fatal(err)
	}
	p, err := authz.NewPolicy(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: s, policy: p, clock: &clock{t: time.Now().Add(-72 * time.Hour)}, op: authz.With(t.Context(), authz.Operator)}
	w.Service = w.replica(identity.Options{})
	return w
}

// replica is another server on the same store.
func (w *world) replica(o identity.Options) *identity.Service {
	o.Now = w.clock.now
	return identity.New(w.store, w.policy, o)
}

const goodPassword = "seven quiet herons at dusk"

// user makes a person with goodPassword.
func (w *world) user(login string) identity.User {
	w.t.Helper()
	u, err := w.CreateUser(w.op, identity.NewUser{Login: login, Name: "Name of " + login, Password: goodPassword})
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// grant gives somebody a role.
func (w *world) grant(subject graph.ID, role, domain string) {
	w.t.Helper()
	s := authz.Service{Store: w.store, Policy: w.policy, Now: w.clock.now}
	if err := s.GrantRole(w.op, authz.RoleChange{Subject: subject, Role: role, Domain: domain}); err != nil {
		w.t.Fatal(err)
	}
	w.Forget()
}

// as is a context in which a person or account acts in a session.
func (w *world) as(id graph.ID) context.Context {
	w.t.Helper()
	p, err := w.PrincipalOf(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return authz.With(w.t.Context(), p)
}

// admin makes an administrator and a context in which he acts.
func (w *world) admin(login string) (identity.User, context.Context) {
	u := w.user(login)
	w.grant(u.ID, authz.Admin, authz.Everywhere)
	return u, w.as(u.ID)
}

func (w *world) is(err error, kind errs.Kind) {
	w.t.Helper()
	if !errs.Is(err, kind) {
		w.t.Errorf("the error is %v, want %v", err, kind)
	}
}

func (w *world) fine(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// log are the last n actions, oldest first, those refused with "!".
func (w *world) log(n int) []string {
	w.t.Helper()
	entries, err := audit.Latest(w.t.Context(), w.store, n)
	w.fine(err)
	slices.SortFunc(entries, func(a, b audit.Entry) int { return int(a.Seq - b.Seq) })
	var out []string
	for _, e := range entries {
		if e.Decision == audit.Denied {
			e.Action = "!" + e.Action
		}
		out = append(out, e.Action)
	}
	return out
}

func (w *world) logged(want ...string) {
	w.t.Helper()
	if got := w.log(len(want)); !slices.Equal(got, want) {
		w.t.Errorf("the log ends with %v, want %v", got, want)
	}
}
