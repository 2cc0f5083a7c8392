package graphtest

import (
	"bytes"
	"context"
	"maps"
	"reflect"
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
)

// memoryTx changes a state that nobody else sees until it is committed.
type memoryTx struct{ view }

// Lock is held already: the oracle runs one transaction at a time.
func (t *memoryTx) Lock(context.Context, ...string) error { return nil }

func (t *memoryTx) Put(_ context.Context, ws ...graph.NodeWrite) ([]graph.Node, error) {
	out := make([]graph.Node, len(ws))
	for i, w := range ws {
		n, err := t.put(w)
		if err != nil {
			return nil, err
		}
		out[i] = own(n)
	}
	return out, nil
}

func (t *memoryTx) put(w graph.NodeWrite) (graph.Node, error) {
	old, there := t.nodes[w.Node.ID]
	switch {
	case w.Mode == graph.Create && there:
		return graph.Node{}, errs.Ef(errs.Exists, "%s exists.", w.Node.ID)
	case w.Mode == graph.Ensure && there:
		return old, nil
	case w.Mode == graph.IfVersion && !there:
		return graph.Node{}, errs.Ef(errs.NotFound, "%s does not exist.", w.Node.ID)
	case w.Mode == graph.IfVersion && old.Version != w.Version:
		return graph.Node{}, errs.Ef(errs.Conflict, "%s was changed meanwhile.", w.Node.ID)
	}
	n := graph.Node{ID: w.Node.ID, Kind: w.Node.Kind, Props: merge(old.Props, w.Node.Props), Version: old.Version + 1,
		Created: old.Created, Updated: t.last}
	if !there {
		n.Created = t.last
	} else if sameProps(n.Props, old.Props) {
		return old, nil
	}
	if err := t.unique(n); err != nil {
		return graph.Node{}, err
	}
	t.nodes[n.ID] = n
	return n, nil
}

// unique looks for another node with the same value.
func (t *memoryTx) unique(n graph.Node) error {
	for _, p := range t.schema.Kinds[n.Kind].Unique {
		value, ok := n.Props[p]
		if !ok {
			continue
		}
		for _, other := range t.nodes {
			if other.ID != n.ID && other.Kind == n.Kind && other.Props[p] == value {
				return errs.Ef(errs.Exists, "another %s has that %s.", n.Kind, p)
			}
		}
	}
	return nil
}

// merge sets the given keys and deletes those given as nil.
func merge(old, given graph.Props) graph.Props {
	out := graph.Props{}
	maps.Copy(out, old)
	maps.Copy(out, given)
	maps.DeleteFunc(out, func(_ string, v any) bool { return v == nil })
	return out
}

func sameProps(a, b graph.Props) bool { return maps.EqualFunc(a, b, sameValue) }

func sameValue(a, b any) bool {
	switch a := a.(type) {
	case time.Time:
		t, ok := b.(time.Time)
		return ok && a.Equal(t)
	case []byte:
		s, ok := b.([]byte)
		return ok && bytes.Equal(a, s)
	}
	return reflect.DeepEqual(a, b)
}

func (t *memoryTx) Delete(_ context.Context, ids ...graph.ID) error {
	for _, id := range ids {
		delete(t.nodes, id)
		maps.DeleteFunc(t.rows, func(e edgeName, _ []graph.Edge) bool { return e.from == id || e.to == id })
	}
	return nil
}

func (t *memoryTx) Link(_ context.Context, es ...graph.Edge) error {
	for _, e := range es {
		for _, end := range []graph.ID{e.From, e.To} {
			if _, ok := t.nodes[end]; !ok {
				return errs.Ef(errs.NotFound, "%s does not exist.", end)
			}
		}
		if err := t.link(e); err != nil {
			return err
		}
	}
	return nil
}

func (t *memoryTx) link(e graph.Edge) error {
	var touched []graph.Edge
	for _, row := range t.rows[nameOf(e)] {
		if row.Known.Until.IsZero() && touch(row.Valid, e.Valid) {
			touched = append(touched, row)
		}
	}
	slices.SortFunc(touched, func(a, b graph.Edge) int { return a.Valid.Since.Compare(b.Valid.Since) })
	union := graph.Edge{From: e.From, To: e.To, Rel: e.Rel, Key: e.Key, Valid: e.Valid}
	for _, row := range touched {
		union.Valid = unite(union.Valid, row.Valid)
		union.Props = merge(union.Props, row.Props)
	}
	union.Props = merge(union.Props, e.Props)
	if union.Props.Size() > graph.MaxProps {
		return errs.E(errs.TooLarge, "the edge's properties are too large.")
	}
	if len(touched) == 1 && touched[0].Valid == union.Valid {
		union.Known = touched[0].Known
		t.replace(touched, union)
		return nil
	}
	for _, row := range touched {
		t.close(row)
	}
	union.Known.Since = t.last
	t.rows[nameOf(e)] = append(slices.Clone(t.rows[nameOf(e)]), union)
	return nil
}

// replace puts one row in the place of another.
func (t *memoryTx) replace(old []graph.Edge, row graph.Edge) {
	rows := slices.Clone(t.rows[nameOf(row)])
	for i := range rows {
		if sameRow(rows[i], old[0]) {
			rows[i] = row
		}
	}
	t.rows[nameOf(row)] = rows
}

func sameRow(a, b graph.Edge) bool { return a.Valid == b.Valid && a.Known == b.Known }

// close ends what is known of a row. One that was born in this transaction was never known and goes.
func (t *memoryTx) close(row graph.Edge) {
	if row.Known.Since.Equal(t.last) {
		t.rows[nameOf(row)] = slices.DeleteFunc(slices.Clone(t.rows[nameOf(row)]), func(r graph.Edge) bool { return sameRow(r, row) })
		return
	}
	closed := row
	closed.Known.Until = t.last
	t.replace([]graph.Edge{row}, closed)
}

// touch tells whether two spans overlap or meet.
func touch(a, b graph.Span) bool {
	return (a.Until.IsZero() || !b.Since.After(a.Until)) && (b.Until.IsZero() || !a.Since.After(b.Until))
}

// unite is the span from the earlier beginning to the later end.
func unite(a, b graph.Span) graph.Span {
	if b.Since.Before(a.Since) {
		a.Since = b.Since
	}
	if a.Until.IsZero() || b.Until.IsZero() {
		return graph.Span{Since: a.Since}
	}
	return graph.Span{Since: a.Since, Until: latest(a.Until, b.Until)}
}

func (t *memoryTx) Unlink(_ context.Context, at time.Time, es ...graph.Edge) error {
	for _, e := range es {
		for _, row := range t.rows[nameOf(e)] {
			if !row.Known.Until.IsZero() || (!row.Valid.Until.IsZero() && !row.Valid.Until.After(at)) {
				continue
			}
			t.close(row)
			if row.Valid.Since.Before(at) {
				rest := row
				rest.Valid.Until, rest.Known = at, graph.Span{Since: t.last}
				t.rows[nameOf(e)] = append(slices.Clone(t.rows[nameOf(e)]), rest)
			}
		}
	}
	return nil
}

func (t *memoryTx) Append(_ context.Context, sequence string, ns ...graph.NodeWrite) (int64, error) {
	first := t.sequences[sequence] + 1
	for _, w := range ns {
		t.sequences[sequence]++
		w.Node.Props = merge(w.Node.Props, graph.Props{graph.PropSeq: t.sequences[sequence]})
		if _, err := t.put(w); err != nil {
			return 0, err
		}
	}
	return first, nil
}
