package catalog

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"weir/errs"
	"weir/graph"
)

// table holds the nodes of one kind that a command looks at: as they were, and as they are to be.
type table[T any] struct {
	typ    *graph.Type[T]
	cells  map[graph.ID]*cell[T]
	looked *look
}

// look remembers which ids were looked up in the store. Making something without having looked would overwrite what is there,
// so blind is kept as an error that stops the command.
type look struct {
	ids   map[graph.ID]bool
	blind error
}

type cell[T any] struct {
	was, now T
	known    bool // it stood in the store
}

func newTable[T any](typ *graph.Type[T], l *look) *table[T] {
	return &table[T]{typ, map[graph.ID]*cell[T]{}, l}
}

// add takes a node from the store in.
func (t *table[T]) add(n graph.Node) error {
	if _, ok := t.cells[n.ID]; ok {
		return nil // what is to be must not be lost by reading again
	}
	v, err := t.typ.Read(n)
	if err != nil {
		return errs.Wrap(err, errs.Internal, "Something in the catalog can't be read.")
	}
	t.cells[n.ID] = &cell[T]{was: v, now: v, known: true}
	return nil
}

// find returns what is to be under id; nil if there is nothing.
func (t *table[T]) find(id graph.ID) *T {
	if c, ok := t.cells[id]; ok {
		return &c.now
	}
	return nil
}

// make returns what is to be under id, and begins with v if there is nothing; the second result tells that.
func (t *table[T]) make(id graph.ID, v T) (*T, bool) {
	if c, ok := t.cells[id]; ok {
		return &c.now, false
	}
	if !t.looked.ids[id] && t.looked.blind == nil {
		t.looked.blind = fmt.Errorf("%s %s is made without a look at the store", t.typ.Kind, id)
	}
	c := &cell[T]{now: v}
	t.cells[id] = c
	return &c.now, true
}

// writes are the nodes that differ from the store, in the order of their ids.
func (t *table[T]) writes() []graph.NodeWrite {
	var out []graph.NodeWrite
	for _, id := range slices.Sorted(maps.Keys(t.cells)) {
		c := t.cells[id]
		if !c.known || !reflect.DeepEqual(c.was, c.now) {
			out = append(out, t.typ.Write(id, graph.Upsert, c.now))
		}
	}
	return out
}

// fetch reads nodes of any number.
func fetch(ctx context.Context, r graph.Reader, want []graph.ID) (map[graph.ID]graph.Node, error) {
	slices.Sort(want)
	want = slices.Compact(want)
	out := make(map[graph.ID]graph.Node, len(want))
	for part := range slices.Chunk(want, graph.MaxBatch) {
		nodes, err := r.Nodes(ctx, part...)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, nodes)
	}
	return out, nil
}

// adjacent reads all edges of nodes in one direction that hold now or once did, of any number.
func adjacent(ctx context.Context, r graph.Reader, of []graph.ID, dir graph.Dir, rels ...graph.Rel) ([]graph.Edge, error) {
	slices.Sort(of)
	of = slices.Compact(of)
	var out []graph.Edge
	for part := range slices.Chunk(of, graph.MaxBatch) {
		page, err := r.Edges(ctx, graph.EdgeQuery{Of: part, Dir: dir, Rels: rels, All: true})
		if err != nil {
			return nil, err
		}
		out = append(out, current(page.Edges)...)
		for _, id := range page.More {
			rest, err := remaining(ctx, r, graph.EdgeQuery{Of: []graph.ID{id}, Dir: dir, Rels: rels, All: true})
			if err != nil {
				return nil, err
			}
			out = append(slices.DeleteFunc(out, func(e graph.Edge) bool {
				return dir == graph.Out && e.From == id || dir == graph.In && e.To == id
			}), current(rest)...)
		}
	}
	return out, nil
}

// remaining reads the edges of one node page by page.
func remaining(ctx context.Context, r graph.Reader, q graph.EdgeQuery) ([]graph.Edge, error) {
	var out []graph.Edge
	for {
		page, err := r.Edges(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Edges...)
		if page.Next == "" {
			return out, nil
		}
		q.After = page.Next
	}
}

// current keeps the rows that the store still believes; what it once believed is of no concern to a join.
func current(es []graph.Edge) []graph.Edge {
	return slices.DeleteFunc(es, func(e graph.Edge) bool { return !e.Known.Until.IsZero() })
}
