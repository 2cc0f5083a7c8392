package notify_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"weir/audit"
	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
	"weir/identity"
	"weir/jobs"
	"weir/marketplace"
	"weir/notify"
)

// world is a store with people, on which a Service follows the log. Its clock stands until a test moves it.
type world struct {
	*notify.Service
	t       *testing.T
	store   graph.Store
	policy  *authz.Policy
	people  *identity.Service
	now     time.Time
	post    *post
	options notify.Options
}

func schema(t testing.TB) graph.Schema {
	t.Helper()
	out, err := graph.Merge(audit.Schema(), authz.Schema(), identity.Schema(), catalog.Schema(), marketplace.Schema(),
		jobs.Schema(), notify.Schema())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// eachEngine runs a test on the oracle and on SQLite.
func eachEngine(t *testing.T, run func(t *testing.T, w *world)) {
	t.Run("memory", func(t *testing.T) { run(t, memory(t)) })
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
}

// everywhere runs a test on Neo4j, too, if there is one: what depends on transactions that run at once, and on edges.
func everywhere(t *testing.T, run func(t *testing.T, w *world)) {
	eachEngine(t, run)
	t.Run("neo4j", func(t *testing.T) { run(t, newWorld(t, neo4jtest.Open(t, schema(t)))) })
}

func memory(t *testing.T) *world { return newWorld(t, graphtest.Memory(schema(t))) }

func newWorld(t *testing.T, s graph.Store) *world {
	t.Helper()
	if err := authz.Install(t.Context(), s, time.Now()); err != nil {
		t.Fatal(err)
	}
	policy, err := authz.NewPolicy(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: s, policy: policy, now: time.Now().Add(time.Minute).UTC().Truncate(time.Second), post: &post{}}
	w.people = identity.New(s, policy, identity.Options{Now: w.clock})
	w.options = notify.Options{Store: s, Policy: policy, Now: w.clock, Sources: []notify.Source{tells{}}, Mail: w.post,
		Site: "https://data.example.com/", AllowPrivate: true}
	w.Service = notify.New(w.options)
	return w
}

func (w *world) clock() time.Time { return w.now }

// with is the same world, served with other options.
func (w *world) with(change func(o *notify.Options)) *notify.Service {
	o := w.options
	change(&o)
	return notify.New(o)
}

// person makes a person with an address, and a context in which he acts.
func (w *world) person(login string) (graph.ID, context.Context) {
	w.t.Helper()
	op := authz.With(w.t.Context(), authz.Operator)
	u, err := w.people.CreateUser(op, identity.NewUser{Login: login, Name: "Name of " + login, Email: login + "@example.com"})
	w.fine(err)
	return u.ID, w.as(u.ID)
}

func (w *world) as(id graph.ID) context.Context {
	w.t.Helper()
	w.people.Forget()
	p, err := w.people.PrincipalOf(w.t.Context(), id)
	w.fine(err)
	return authz.With(w.t.Context(), p)
}

// operator is a person who may manage the system.
func (w *world) operator() context.Context {
	w.t.Helper()
	id, _ := w.person("olga")
	roles := authz.Service{Store: w.store, Policy: w.policy, Now: time.Now} // edges hold by the store's clock
	w.fine(roles.GrantRole(authz.With(w.t.Context(), authz.Operator), authz.RoleChange{Subject: id, Role: authz.Platform, Domain: authz.Everywhere}))
	return w.as(id)
}

func (w *world) fine(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) is(err error, kind errs.Kind) {
	w.t.Helper()
	if !errs.Is(err, kind) {
		w.t.Errorf("the error is %v, want %v", err, kind)
	}
}

// happens writes an entry of which the tells source makes notices to people.
func (w *world) happens(what string, facts map[string]string, to ...graph.ID) {
	w.t.Helper()
	w.fine(w.store.Update(w.t.Context(), "", func(ctx context.Context, tx graph.Tx) error {
		e := audit.Entry{Actor: "usr_x", Action: "test.tell", Decision: audit.Allowed, Facts: map[string]string{"what": what}}
		for k, v := range facts {
			e.Facts[k] = v
		}
		var ids []string
		for _, id := range to {
			ids = append(ids, string(id))
		}
		e.Facts["to"] = strings.Join(ids, " ")
		return audit.Append(ctx, tx, w.now, e)
	}))
}

// tells makes notices of the entries of happens.
type tells struct{}

func (tells) Notices(_ context.Context, entries []audit.Entry) ([]notify.Notice, error) {
	var out []notify.Notice
	for _, e := range entries {
		for _, to := range strings.Fields(e.Facts["to"]) {
			kind := notify.Decide
			if k := e.Facts["kind"]; k != "" {
				kind = notify.Kind(k)
			}
			out = append(out, notify.Notice{
				Key: string(e.ID) + " " + to, Event: string(e.ID), To: graph.ID(to), Kind: kind, Title: "About " + e.Facts["what"],
				Body: "All about " + e.Facts["what"] + ".", Link: "/requests/" + e.Facts["what"], At: e.At,
				Urgent: e.Facts["urgent"] != "", Once: e.Facts["once"] != "",
			})
		}
	}
	return out, nil
}

// run does one job of a Service to its end.
func run(ctx context.Context, s *notify.Service, name string) error {
	for _, j := range s.Jobs() {
		if j.Name == name {
			return j.Do(ctx)
		}
	}
	return fmt.Errorf("there is no job %s", name)
}

// works does the jobs that make and send, once each.
func (w *world) works() {
	w.t.Helper()
	for _, name := range []string{"notify.follow", "notify.digest", "notify.mail", "notify.webhook"} {
		w.fine(run(w.t.Context(), w.Service, name))
	}
}

// deliveries are all that there are, newest first.
func (w *world) deliveries() []notify.Delivery {
	w.t.Helper()
	page, err := w.Deliveries(authz.With(w.t.Context(), authz.Operator), "", "", 1_000)
	w.fine(err)
	return page.Items
}

// post is a mail server that remembers, and does what a test says.
type post struct {
	mu   sync.Mutex
	got  []notify.Message
	fate func(m notify.Message) (taken bool, err error)
}

var errPost = errors.New("the line is dead")

func (p *post) Send(ctx context.Context, m notify.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	taken, err := true, error(nil)
	if p.fate != nil {
		taken, err = p.fate(m)
	}
	if taken {
		p.got = append(p.got, m)
	}
	return errors.Join(err, ctx.Err())
}

// subjects are those of all mails to an address.
func (p *post) subjects(to string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, m := range p.got {
		if m.To == to {
			out = append(out, m.Subject)
		}
	}
	return out
}

// latest is the last entry of the log.
func (w *world) latest() audit.Entry {
	w.t.Helper()
	entries, err := audit.Latest(w.t.Context(), w.store, 1)
	w.fine(err)
	return entries[0]
}
