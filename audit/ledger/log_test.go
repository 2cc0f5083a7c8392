package ledger_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"weir/audit"
	"weir/audit/ledger"
	"weir/audit/verify"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
)

type thing struct {
	Name string `graph:"name"`
}

var thingType = graph.Declare[thing]("Thing", graph.Spec{Prefix: "th"})

// person is whose personal data some of the entries hold.
const person graph.ID = "usr_grace"

// engine is a store that a log may lie in.
type engine struct {
	name string
	open func(t testing.TB) graph.Store
}

var engines = []engine{
	{"memory", func(t testing.TB) graph.Store { return graphtest.Memory(schema(t)) }},
	{"sqlite", openSQLite},
	{"neo4j", func(t testing.TB) graph.Store { return neo4jtest.Open(t, schema(t)) }},
}

func schema(t testing.TB) graph.Schema {
	t.Helper()
	s, err := graph.Merge(audit.Schema(), thingType.Schema())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openSQLite(t testing.TB) graph.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "weir.db"), schema(t), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func eachStore(t *testing.T, f func(t *testing.T, s graph.Store)) {
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { f(t, e.open(t)) })
	}
}

// book is a log in a store with the commands over it.
type book struct {
	*ledger.Service
	t    testing.TB
	dir  string
	now  time.Time
	seal *audit.Sealer
}

func openBook(t testing.TB, s graph.Store) *book {
	t.Helper()
	b := &book{t: t, dir: t.TempDir(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	b.Service = &ledger.Service{Store: s, Now: func() time.Time { return b.now }}
	b.reopen(audit.Options{})
	return b
}

// reopen opens the log again with other options.
func (b *book) reopen(o audit.Options) {
	b.t.Helper()
	o.Dir, o.Host, o.Now = b.dir, "log.test", b.Now
	var err error
	if b.Log, err = audit.Open(b.t.Context(), b.Store, o); err != nil {
		b.t.Fatal(err)
	}
	b.seal = &audit.Sealer{Log: b.Log}
}

func (b *book) ctx() context.Context { return audit.Sealing(b.t.Context(), b.Log.Keys()) }

// write appends entries, every third of them without a payload, every third of the others about a person.
func (b *book) write(n int) {
	b.t.Helper()
	for i := range n {
		b.now = b.now.Add(time.Second)
		b.must(b.Store.Update(b.ctx(), "", func(ctx context.Context, tx graph.Tx) error {
			if _, err := tx.Put(ctx, thingType.Write("th_a", graph.Upsert, thing{Name: "a"})); err != nil {
				return err
			}
			e := audit.Entry{Actor: "usr_ann", Action: "thing.name", Target: "th_a", Decision: audit.Allowed}
			if i%3 != 0 {
				e.Changes = []audit.Change{{Asset: "th_a", Field: "name", Before: "x", After: fmt.Sprintf("text %d", i)}}
			}
			if i%3 == 1 {
				e.Subject = person
			}
			return audit.Append(ctx, tx, b.now, e)
		}))
	}
}

// sealed signs what there is.
func (b *book) sealed() audit.Checkpoint {
	b.t.Helper()
	c, err := b.seal.Step(b.t.Context())
	b.must(err)
	return c
}

// full is a log with a bit of everything, signed several times.
func (b *book) full() {
	for _, n := range []int{1, 6, 20, 9} {
		b.write(n)
		b.sealed()
	}
	b.must(b.Redact(b.ctx(), 4, "an order of a court"))
	b.sealed()
}

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// key is the first verifier key of the log.
func (b *book) key() string {
	b.t.Helper()
	keys, err := b.Log.Verifiers(b.t.Context())
	b.must(err)
	return keys[0].VKey
}

func (b *book) export() []byte {
	b.t.Helper()
	var out bytes.Buffer
	if _, err := b.Export(b.ctx(), &out); err != nil {
		b.t.Fatal(err)
	}
	return out.Bytes()
}

// holds demands that a bundle of the log, and the log in its store, hold.
func (b *book) holds(o verify.Options) verify.Result {
	b.t.Helper()
	if o.Key == "" {
		o.Key = b.key()
	}
	live, err := b.Verify(b.ctx(), o)
	b.must(err)
	bundle, err := verify.Bundle(bytes.NewReader(b.export()), o)
	b.must(err)
	if !live.OK || !bundle.OK {
		b.t.Fatalf("the log does not hold:\nlive:   %+v\nbundle: %+v", live, bundle)
	}
	live.What = bundle.What
	if a, c := fmt.Sprint(live), fmt.Sprint(bundle); a != c {
		b.t.Errorf("the log and its export say different things:\n%s\n%s", a, c)
	}
	return bundle
}
