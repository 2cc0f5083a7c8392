package sqlite

import (
	"bytes"
	"context"
	"time"

	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// edgeNums names an edge by numbers.
type edgeNums struct{ src, rel, dst, key int64 }

// held is a row of an edge that the store holds now.
type held struct {
	num, since, until, known int64
	props                    []byte
}

const (
	heldEdges = "SELECT input.rowid, e.num, e.since, e.until, e.known, e.props FROM input CROSS JOIN edge e INDEXED BY edge_out" +
		" ON e.src = input.a AND e.rel = input.b AND e.dst = input.c AND e.key = input.d"
	dropEdges   = "DELETE FROM edge WHERE num IN (SELECT a FROM input)"
	addPast     = "INSERT OR FAIL INTO past(src, rel, dst, key, since, until, known, gone, props) SELECT a, b, c, d, e, f, g, h, i FROM input"
	addEdges    = "INSERT OR FAIL INTO edge(src, rel, dst, key, since, until, known, props) SELECT a, b, c, d, e, f, g, h FROM input"
	updateEdges = "UPDATE edge SET props = input.b FROM input WHERE num = input.a"
)

// Link makes edges hold over their spans.
func (t *tx) Link(ctx context.Context, es ...graph.Edge) error {
	return t.do(ctx, func() error {
		l := linker{tx: t}
		if err := l.find(es, true); err != nil {
			return err
		}
		for i, e := range es {
			if err := l.link(i, sinceMicros(e.Valid.Since), untilMicros(e.Valid.Until), e.Props); err != nil {
				return err
			}
		}
		return l.flush()
	})
}

// Unlink cuts [at, …) from the spans of edges.
func (t *tx) Unlink(ctx context.Context, at time.Time, es ...graph.Edge) error {
	return t.do(ctx, func() error {
		l := linker{tx: t}
		if err := l.find(es, false); err != nil {
			return err
		}
		for i := range es {
			l.unlink(i, sinceMicros(at))
		}
		return l.flush()
	})
}

// linker changes many edges at once: it finds what is held of each, then collects what is to be written.
type linker struct {
	*tx
	names   []edgeNums
	held    [][]held // by the edge, ordered by since
	drops   arguments
	past    arguments
	adds    arguments
	updates arguments
	shapes  arguments
}

// find looks up names and rows of edges. With must, both ends have to exist.
func (l *linker) find(es []graph.Edge, must bool) error {
	if err := l.lookUp(es); err != nil {
		return err
	}
	l.names, l.held = make([]edgeNums, len(es)), make([][]held, len(es))
	args := arguments{width: 4, values: make([]sqlite.Value, 0, 4*len(es))}
	for i, e := range es {
		name := edgeNums{src: l.ends[e.From], rel: l.s.plan.rels[e.Rel], dst: l.ends[e.To]}
		if must && (name.src == 0 || name.dst == 0) {
			return errs.E(errs.NotFound, "An end of the edge does not exist.")
		}
		var err error
		if must {
			name.key, err = l.s.terms.intern(l.s, e.Key)
		} else {
			name.key, _, err = l.s.terms.num(l.s, e.Key)
		}
		if err != nil {
			return err
		}
		l.names[i] = name
		args.add(sqlite.IntegerValue(name.src), sqlite.IntegerValue(name.rel),
			sqlite.IntegerValue(name.dst), sqlite.IntegerValue(name.key))
	}
	return l.s.ask(heldEdges, args, func(stmt *sqlite.Stmt) error {
		i := stmt.ColumnInt64(0)
		l.held[i] = append(l.held[i], held{
			stmt.ColumnInt64(1), stmt.ColumnInt64(2), stmt.ColumnInt64(3), stmt.ColumnInt64(4),
			bytes.Clone(l.s.blob(stmt, 5)),
		})
		return nil
	})
}

// lookUp finds the numbers of the edges' ends; those that don't exist stay out of ends.
func (t *tx) lookUp(es []graph.Edge) error {
	var unknown []graph.ID
	asked := map[graph.ID]bool{}
	for _, e := range es {
		for _, id := range []graph.ID{e.From, e.To} {
			if t.ends[id] == 0 && !asked[id] {
				asked[id] = true
				unknown = append(unknown, id)
			}
		}
	}
	nums, err := t.s.numsOf(unknown)
	if err != nil {
		return err
	}
	for i, num := range nums {
		if num != 0 {
			t.ends[unknown[i]] = num
		}
	}
	return nil
}

// link unites a span with those that it touches. Inside of one that is there, only the properties change.
func (l *linker) link(i int, since, until int64, given graph.Props) error {
	var touched []held
	var props graph.Props
	for _, h := range l.held[i] {
		if h.since > until || since > h.until {
			continue
		}
		was, err := l.s.decodeProps(h.props, nil)
		if err != nil {
			return err
		}
		touched = append(touched, h)
		if props == nil {
			props = was
		} else {
			props = merge(props, was)
		}
	}
	inside := len(touched) == 1 && touched[0].since <= since && until <= touched[0].until
	if inside && !changes(props, given) {
		return nil
	}
	props = merge(props, given)
	if n := props.Size(); n > graph.MaxProps {
		return errs.Ef(errs.TooLarge, "The edge's properties would have %d bytes; at most %d are allowed.", n, graph.MaxProps)
	}
	b, err := l.s.encodeProps(props)
	if err != nil {
		return err
	}
	if inside {
		l.updates.add(sqlite.IntegerValue(touched[0].num), sqlite.BlobValue(b))
		return nil
	}
	for _, h := range touched {
		since, until = min(since, h.since), max(until, h.until)
		l.giveUp(i, h)
	}
	l.hold(i, since, until, b)
	return nil
}

func (l *linker) unlink(i int, at int64) {
	for _, h := range l.held[i] {
		if h.until <= at {
			continue
		}
		l.giveUp(i, h)
		if h.since < at {
			l.hold(i, h.since, at, h.props)
		}
	}
}

// hold adds a row that is known from now on.
func (l *linker) hold(i int, since, until int64, props []byte) {
	e := l.names[i]
	l.shaped(e)
	l.adds.add(sqlite.IntegerValue(e.src), sqlite.IntegerValue(e.rel), sqlite.IntegerValue(e.dst),
		sqlite.IntegerValue(e.key), sqlite.IntegerValue(since), sqlite.IntegerValue(until),
		sqlite.IntegerValue(l.now), sqlite.BlobValue(props))
}

// giveUp ends a row's Known. What was born in this transaction was never known to anybody, and is not kept.
func (l *linker) giveUp(i int, h held) {
	l.drops.add(sqlite.IntegerValue(h.num))
	if h.known >= l.now {
		return
	}
	e := l.names[i]
	l.past.add(sqlite.IntegerValue(e.src), sqlite.IntegerValue(e.rel), sqlite.IntegerValue(e.dst),
		sqlite.IntegerValue(e.key), sqlite.IntegerValue(h.since), sqlite.IntegerValue(h.until),
		sqlite.IntegerValue(h.known), sqlite.IntegerValue(l.now), sqlite.BlobValue(h.props))
}

// flush writes what was collected. What goes, goes first: the index of what is held allows a span once.
func (l *linker) flush() error {
	for _, step := range []struct {
		query string
		args  arguments
	}{{dropEdges, l.drops}, {addPast, l.past}, {addEdges, l.adds}, {updateEdges, l.updates}, {addShapes, l.shapes}} {
		if err := l.s.ask(step.query, step.args, nil); err != nil {
			return err
		}
	}
	return nil
}
