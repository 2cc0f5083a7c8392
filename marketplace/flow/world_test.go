package flow

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
	"weir/graph/graphtest"
	"weir/graph/neo4j/neo4jtest"
	"weir/graph/sqlite"
)

// day0 is before everything that the tests tell; day(n) is n days later.
var day0 = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func day(n int) time.Time { return day0.AddDate(0, 0, n) }

// engines open empty stores.
var engines = []struct {
	name string
	open func(t testing.TB) graph.Store
}{
	{"memory", func(testing.TB) graph.Store { return graphtest.Memory(catalog.Schema()) }},
	{"sqlite", openSQLite},
	{"neo4j", func(t testing.TB) graph.Store { t.Helper(); return neo4jtest.Open(t, catalog.Schema()) }},
}

func openSQLite(t testing.TB) graph.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "weir.db"), catalog.Schema(), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// each runs a test on every engine.
func each(t *testing.T, test func(t *testing.T, w *teller)) {
	t.Helper()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) { test(t, &teller{t: t, store: e.open(t)}) })
	}
}

// fataler is what a test of any kind fails by.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

// teller fills a store with what a test tells. Names are made unique by a prefix, so that worlds can share a store.
type teller struct {
	t      fataler
	store  graph.Store
	prefix string
	nodes  map[graph.ID]graph.NodeWrite
	edges  []graph.Edge
}

func (w *teller) put(n graph.NodeWrite) graph.ID {
	if w.nodes == nil {
		w.nodes = map[graph.ID]graph.NodeWrite{}
	}
	w.nodes[n.Node.ID] = n
	return n.Node.ID
}

func (w *teller) dataset(name string, change ...func(*catalog.Dataset)) graph.ID {
	d := catalog.Dataset{Namespace: "pg://db" + w.prefix, Name: name, Platform: "pg", Audience: "open"}
	for _, c := range change {
		c(&d)
	}
	return w.put(catalog.DatasetType.Write(catalog.DatasetID(d.Namespace, d.Name), graph.Upsert, d))
}

func (w *teller) column(dataset graph.ID, path string, change ...func(*catalog.Column)) graph.ID {
	c := catalog.Column{Dataset: dataset, Path: path}
	for _, f := range change {
		f(&c)
	}
	id := w.put(catalog.ColumnType.Write(catalog.ColumnID(dataset, path), graph.Upsert, c))
	w.edges = append(w.edges, graph.Edge{From: dataset, Rel: catalog.RelHas, To: id})
	return id
}

func (w *teller) transform(name string) graph.ID {
	t := catalog.Transform{Namespace: "jobs" + w.prefix, Name: name}
	return w.put(catalog.TransformType.Write(catalog.TransformID(t.Namespace, t.Name), graph.Upsert, t))
}

func (w *teller) consumer(name string) graph.ID {
	c := catalog.Consumer{Namespace: "bi" + w.prefix, Name: name, Type: catalog.Dashboard}
	return w.put(catalog.ConsumerKind.Write(catalog.ConsumerID(c.Namespace, c.Name), graph.Upsert, c))
}

func (w *teller) class(name string) graph.ID {
	return w.put(catalog.ClassType.Write(catalog.ClassID(name), graph.Upsert, catalog.Class{Name: name}))
}

func (w *teller) owner(name string) graph.ID {
	return w.put(catalog.OwnerType.Write(catalog.OwnerID(name), graph.Upsert, catalog.Owner{Name: name}))
}

// link states an edge from day 0 on.
func (w *teller) link(from graph.ID, rel graph.Rel, to graph.ID, change ...func(*graph.Edge)) {
	e := graph.Edge{From: from, Rel: rel, To: to, Valid: graph.Span{Since: day0}}
	for _, c := range change {
		c(&e)
	}
	w.edges = append(w.edges, e)
}

// via says which transform makes a column of another.
func via(transform graph.ID) func(*graph.Edge) {
	return func(e *graph.Edge) {
		e.Key, e.Props = "src/"+string(transform), graph.Props{catalog.EdgeVia: string(transform)}
	}
}

func until(at time.Time) func(*graph.Edge) { return func(e *graph.Edge) { e.Valid.Until = at } }

// through links datasets over a transform.
func (w *teller) through(from, transform, to graph.ID) {
	w.link(from, catalog.RelInput, transform)
	w.link(transform, catalog.RelOutput, to)
}

// write commits what was told so far.
func (w *teller) write() {
	w.t.Helper()
	var nodes []graph.NodeWrite
	for _, id := range sortedKeys(w.nodes) {
		nodes = append(nodes, w.nodes[id])
	}
	w.update(func(ctx context.Context, tx graph.Tx) error {
		for part := range slices.Chunk(nodes, graph.MaxBatch) {
			if _, err := tx.Put(ctx, part...); err != nil {
				return err
			}
		}
		for part := range slices.Chunk(w.edges, graph.MaxBatch) {
			if err := tx.Link(ctx, part...); err != nil {
				return err
			}
		}
		return nil
	})
	w.nodes, w.edges = nil, nil
}

func (w *teller) update(fn func(context.Context, graph.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), "", fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *teller) unlink(at time.Time, es ...graph.Edge) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx graph.Tx) error { return tx.Unlink(ctx, at, es...) })
}

// read asks about day 5.
func (w *teller) read(asks ...Ask) Snapshot {
	w.t.Helper()
	s, err := Read(context.Background(), w.store, asks, day(5))
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}
