package session_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
	"weir/identity/session"
)

var noon = time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)

// ada is the person of most sessions here.
const ada graph.ID = "usr_ada"

// world is a store with sessions, and a clock.
type world struct {
	t     *testing.T
	store graph.Store
	now   time.Time
	m     *session.Manager
}

func newWorld(t *testing.T, s graph.Store) *world {
	t.Helper()
	if err := authz.Install(t.Context(), s, noon); err != nil {
		t.Fatal(err)
	}
	policy, err := authz.NewPolicy(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: s, now: noon}
	w.m = session.New(session.Options{Store: s, Policy: policy, Now: func() time.Time { return w.now }})
	return w
}

// eachEngine runs a test on the oracle, on SQLite, and on Neo4j if there is one.
func eachEngine(t *testing.T, run func(t *testing.T, w *world)) {
	schema, err := graph.Merge(audit.Schema(), authz.Schema(), session.Schema())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("memory", func(t *testing.T) { run(t, newWorld(t, graphtest.Memory(schema))) })
	t.Run("sqlite", func(t *testing.T) {
		s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), schema, sqlite.Options{Serve: true})
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
	t.Run("neo4j", func(t *testing.T) { run(t, newWorld(t, neo4jtest.Open(t, schema))) })
}

// browser keeps the cookie that it was given last.
type browser struct {
	w      *world
	m      *session.Manager // of the server that it asks
	cookie *http.Cookie
}

func (w *world) browser() *browser { return &browser{w: w, m: w.m} }

// ask sends a request, and lets do act in it.
func (b *browser) ask(do func(w http.ResponseWriter, r *http.Request) error) error {
	b.w.t.Helper()
	r := httptest.NewRequestWithContext(b.w.t.Context(), http.MethodGet, "https://weir.example/", nil)
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	ctx, err := b.m.Load(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	err = do(rec, r.WithContext(ctx))
	if set := rec.Result().Cookies(); len(set) > 0 {
		b.cookie = set[len(set)-1]
	}
	return err
}

// begin signs ada in.
func (b *browser) begin() session.Session {
	b.w.t.Helper()
	err := b.ask(func(w http.ResponseWriter, r *http.Request) error {
		return b.m.Begin(w, r, session.Start{User: ada, Rights: "r1", How: session.HowPassword})
	})
	if err != nil {
		b.w.t.Fatal(err)
	}
	return b.current()
}

// current is the session that a request finds; without one its User is "".
func (b *browser) current() session.Session {
	b.w.t.Helper()
	var out session.Session
	if err := b.ask(func(_ http.ResponseWriter, r *http.Request) error {
		out, _ = b.m.Current(r.Context())
		return nil
	}); err != nil {
		b.w.t.Fatal(err)
	}
	return out
}

// as is a context in which a person acts.
func (w *world) as(user graph.ID, s graph.ID, roles ...authz.Held) context.Context {
	return authz.With(w.t.Context(), authz.Principal{ID: string(user), Type: authz.Person, Session: string(s), Roles: roles})
}

// actions are what the log holds of sessions, with whether it was allowed.
func (w *world) actions() []string {
	w.t.Helper()
	entries, err := audit.Since(w.t.Context(), w.store, 1, 100) // 1 are the rules
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Actor+" "+e.Action+" "+string(e.Decision))
	}
	return out
}
