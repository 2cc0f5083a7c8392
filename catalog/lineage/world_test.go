package lineage

import (
	"context"
	"slices"
	"testing"
	"time"

	"weir/catalog"
	"weir/graph"
)

// day0 is before everything that the tests tell; day(n) is n days later.
var day0 = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func day(n int) time.Time { return day0.AddDate(0, 0, n) }

// world fills a store with what a test tells. Names are made unique by a prefix, so that worlds can share a store.
type world struct {
	t      testing.TB
	store  graph.Store
	prefix string
	nodes  []graph.NodeWrite
	edges  []graph.Edge
}

func newWorld(t testing.TB, store graph.Store) *world { return &world{t: t, store: store} }

func (w *world) dataset(name string, change ...func(*catalog.Dataset)) graph.ID {
	d := catalog.Dataset{Namespace: "pg://db" + w.prefix, Name: name, Platform: "pg"}
	for _, c := range change {
		c(&d)
	}
	id := catalog.DatasetID(d.Namespace, d.Name)
	w.nodes = append(w.nodes, catalog.DatasetType.Write(id, graph.Upsert, d))
	return id
}

func (w *world) transform(name string, change ...func(*catalog.Transform)) graph.ID {
	d := catalog.Transform{Namespace: "jobs" + w.prefix, Name: name}
	for _, c := range change {
		c(&d)
	}
	id := catalog.TransformID(d.Namespace, d.Name)
	w.nodes = append(w.nodes, catalog.TransformType.Write(id, graph.Upsert, d))
	return id
}

func (w *world) consumer(name string, change ...func(*catalog.Consumer)) graph.ID {
	d := catalog.Consumer{Namespace: "bi" + w.prefix, Name: name, Type: catalog.Dashboard}
	for _, c := range change {
		c(&d)
	}
	id := catalog.ConsumerID(d.Namespace, d.Name)
	w.nodes = append(w.nodes, catalog.ConsumerKind.Write(id, graph.Upsert, d))
	return id
}

func (w *world) column(dataset graph.ID, path string) graph.ID {
	id := catalog.ColumnID(dataset, path)
	w.nodes = append(w.nodes, catalog.ColumnType.Write(id, graph.Upsert, catalog.Column{Dataset: dataset, Path: path}))
	w.link(dataset, catalog.RelHas, id)
	return id
}

func (w *world) class(name string) graph.ID {
	id := catalog.ClassID(name + w.prefix)
	w.nodes = append(w.nodes, catalog.ClassType.Write(id, graph.Upsert, catalog.Class{Name: name + w.prefix}))
	return id
}

func (w *world) owner(name string) graph.ID {
	id := catalog.OwnerID(name + w.prefix)
	w.nodes = append(w.nodes, catalog.OwnerType.Write(id, graph.Upsert, catalog.Owner{Name: name + w.prefix}))
	return id
}

// source is a client of that name; its id is the key of what it states.
func (w *world) source(producer string) graph.ID {
	id := catalog.SourceID("acc"+w.prefix, producer)
	w.nodes = append(w.nodes, catalog.SourceType.Write(id, graph.Upsert, catalog.Source{Account: "acc", Producer: producer}))
	return id
}

// link states an edge from day 0 on.
func (w *world) link(from graph.ID, rel graph.Rel, to graph.ID, change ...func(*graph.Edge)) {
	e := graph.Edge{From: from, Rel: rel, To: to, Valid: graph.Span{Since: day0}}
	for _, c := range change {
		c(&e)
	}
	w.edges = append(w.edges, e)
}

func key(k graph.ID) func(*graph.Edge) { return func(e *graph.Edge) { e.Key = string(k) } }

func span(since, until time.Time) func(*graph.Edge) {
	return func(e *graph.Edge) { e.Valid = graph.Span{Since: since, Until: until} }
}

func prop(name string, value any) func(*graph.Edge) {
	return func(e *graph.Edge) {
		if e.Props == nil {
			e.Props = graph.Props{}
		}
		e.Props[name] = value
	}
}

// through links datasets over a transform.
func (w *world) through(from, transform, to graph.ID) {
	w.link(from, catalog.RelInput, transform)
	w.link(transform, catalog.RelOutput, to)
}

// write commits what was told so far.
func (w *world) write() {
	w.t.Helper()
	w.update(func(ctx context.Context, tx graph.Tx) error {
		for part := range slices.Chunk(w.nodes, 5_000) {
			if _, err := tx.Put(ctx, unique(part)...); err != nil {
				return err
			}
		}
		for part := range slices.Chunk(w.edges, 5_000) {
			if err := tx.Link(ctx, part...); err != nil {
				return err
			}
		}
		return nil
	})
	w.nodes, w.edges = nil, nil
}

// unique keeps the last write of each node.
func unique(ws []graph.NodeWrite) []graph.NodeWrite {
	last := map[graph.ID]int{}
	for i, w := range ws {
		last[w.Node.ID] = i
	}
	var out []graph.NodeWrite
	for i, w := range ws {
		if last[w.Node.ID] == i {
			out = append(out, w)
		}
	}
	return out
}

func (w *world) update(fn func(context.Context, graph.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), "", fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) unlink(at time.Time, es ...graph.Edge) {
	w.t.Helper()
	w.update(func(ctx context.Context, tx graph.Tx) error { return tx.Unlink(ctx, at, es...) })
}

func (w *world) service() *Service { return New(w.store, time.Now) }

func (w *world) ask(q Query) Answer {
	w.t.Helper()
	a, err := w.service().Lineage(context.Background(), q)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// found are the ids of nodes with their depths, but for the root.
func found(nodes []Node) map[graph.ID]int {
	out := map[graph.ID]int{}
	for _, n := range nodes {
		if n.Side != SideRoot {
			out[n.ID] = n.Depth
		}
	}
	return out
}

func total(counts []KindCount) int {
	n := 0
	for _, c := range counts {
		n += c.Count
	}
	return n
}
