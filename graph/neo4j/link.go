package neo4j

import (
	"cmp"
	"context"
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
)

// Link decides here what the rows of each edge become, from the rows that are there under the lock of From.
func (t *tx) Link(ctx context.Context, es ...graph.Edge) error {
	es = inOrder(es)
	have, err := t.rows(ctx, es)
	if err != nil {
		return err
	}
	var w rowWrites
	for i, e := range es {
		if have[i] == nil {
			return t.fail(t.missingEnd(ctx, e))
		}
		if err := t.link(&w, e, have[i].rows); err != nil {
			return t.fail(err)
		}
	}
	return t.writeRows(ctx, w)
}

// inOrder orders edges so that all transactions take the locks in one order.
func inOrder(es []graph.Edge) []graph.Edge {
	return slices.SortedFunc(slices.Values(es), func(a, b graph.Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Rel, b.Rel), cmp.Compare(a.Key, b.Key))
	})
}

func (t *tx) missingEnd(ctx context.Context, e graph.Edge) error {
	nodes, err := t.Nodes(ctx, e.From, e.To)
	if err != nil {
		return err
	}
	missing := e.From
	if _, ok := nodes[e.From]; ok {
		missing = e.To
	}
	return errs.Ef(errs.NotFound, "%s does not exist.", missing)
}

func (t *tx) link(w *rowWrites, e graph.Edge, rows []graph.Edge) error {
	touched := slices.DeleteFunc(rows, func(row graph.Edge) bool { return !touch(row.Valid, e.Valid) })
	slices.SortFunc(touched, func(a, b graph.Edge) int { return a.Valid.Since.Compare(b.Valid.Since) })
	union := e
	union.Props = graph.Props{}
	for _, row := range touched {
		union.Valid = unite(union.Valid, row.Valid)
		union.Props, _ = merge(union.Props, row.Props)
	}
	merged, changed := merge(union.Props, e.Props)
	if merged.Size() > graph.MaxProps {
		return errs.Ef(errs.TooLarge, "The properties of an edge of %s are too large.", e.From)
	}
	union.Props = merged
	if len(touched) == 1 && touched[0].Valid == union.Valid {
		if changed {
			union.Known = touched[0].Known
			w.changes.add(e.Rel, rowParams(union, map[string]any{"packed": packEdge(union)}))
		}
		return nil
	}
	known := t.time
	for _, row := range touched {
		known = max(known, t.end(w, row))
	}
	t.start(w, union, known)
	return nil
}

// end ends what is known of a row, and returns since when it is so. A row that this transaction made was never known.
func (t *tx) end(w *rowWrites, row graph.Edge) int64 {
	known := row.Known.Since.UnixMicro()
	if t.born[nameOf(row)] {
		delete(t.born, nameOf(row))
		w.deletes.add(row.Rel, rowParams(row, nil))
		return known
	}
	ended := max(t.time, known+1)
	row.Known.Until = timeOf(ended)
	w.ends.add(row.Rel, rowParams(row, map[string]any{"props": storedRow(row)}))
	return ended
}

// start makes a row that is known from then on.
func (t *tx) start(w *rowWrites, e graph.Edge, known int64) {
	e.Known = graph.Span{Since: timeOf(known)}
	t.born[nameOf(e)] = true
	t.linked[edgeName(e)] = true
	w.creates.add(e.Rel, map[string]any{"from": string(e.From), "to": string(e.To), "props": storedRow(e)})
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
		a.Until = time.Time{}
	} else if b.Until.After(a.Until) {
		a.Until = b.Until
	}
	return a
}

// Unlink cuts the rows that are there under the lock of From.
func (t *tx) Unlink(ctx context.Context, at time.Time, es ...graph.Edge) error {
	es = inOrder(es)
	have, err := t.rows(ctx, es)
	if err != nil {
		return err
	}
	var w rowWrites
	for i := range es {
		if have[i] == nil {
			continue
		}
		for _, row := range have[i].rows {
			if row.Valid.Until.IsZero() || row.Valid.Until.After(at) {
				t.cut(&w, row, at)
			}
		}
	}
	return t.writeRows(ctx, w)
}

func (t *tx) cut(w *rowWrites, row graph.Edge, at time.Time) {
	known := t.end(w, row)
	if row.Valid.Since.Before(at) {
		row.Valid.Until = at
		t.start(w, row, max(known, t.time))
	}
}
