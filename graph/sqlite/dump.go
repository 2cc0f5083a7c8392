package sqlite

import (
	"context"
	"errors"
	"iter"

	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// errStop ends a dump whose reader has had enough.
var errStop = errors.New("sqlite: the reader of the dump has stopped")

// Dump yields everything as of one moment. Its connection and its moment are held until the reader is done.
func (s *store) Dump(ctx context.Context) iter.Seq2[graph.Record, error] {
	return func(yield func(graph.Record, error) bool) {
		err := s.read(ctx, func(r *session) error {
			return r.dump(func(rec graph.Record) error {
				if !yield(rec, nil) {
					return errStop
				}
				return nil
			})
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(graph.Record{}, err)
		}
	}
}

func (s *session) dump(yield func(graph.Record) error) error {
	if err := s.dumpNodes(yield); err != nil {
		return err
	}
	const edges = "SELECT src, rel, dst, key, since, until, known, 0, props FROM edge ORDER BY num"
	const past = "SELECT src, rel, dst, key, since, until, known, gone, props FROM past ORDER BY num"
	for _, query := range []string{edges, past} {
		if err := s.dumpEdges(query, yield); err != nil {
			return err
		}
	}
	return s.each("SELECT name, last FROM seq ORDER BY name", func(stmt *sqlite.Stmt) error {
		return yield(graph.Record{Sequence: &graph.Sequence{Name: stmt.ColumnText(0), Last: stmt.ColumnInt64(1)}})
	})
}

func (s *session) dumpNodes(yield func(graph.Record) error) error {
	const all = "SELECT num, id, version, created, updated, props FROM node ORDER BY num"
	return s.each(all, func(stmt *sqlite.Stmt) error {
		n, err := s.node(nodeRow{
			num: stmt.ColumnInt64(0), id: graph.ID(stmt.ColumnText(1)), version: stmt.ColumnInt64(2),
			created: stmt.ColumnInt64(3), updated: stmt.ColumnInt64(4), props: s.blob(stmt, 5),
		}, nil)
		if err != nil {
			return err
		}
		return yield(graph.Record{Node: &n})
	})
}

func (s *session) dumpEdges(query string, yield func(graph.Record) error) error {
	ids := map[int64]graph.ID{}
	return s.each(query, func(stmt *sqlite.Stmt) error {
		src, dst := stmt.ColumnInt64(0), stmt.ColumnInt64(2)
		e, err := s.edge(stmt, 1)
		if err != nil {
			return err
		}
		if len(ids) > dictSize {
			clear(ids)
		}
		if err := s.idsOf([]int64{src, dst}, ids); err != nil {
			return err
		}
		e.From, e.To = ids[src], ids[dst]
		return yield(graph.Record{Edge: &e})
	})
}

// Restore fills an empty store, all or nothing.
func (s *store) Restore(ctx context.Context, records iter.Seq2[graph.Record, error]) error {
	var own error // of the records: it is returned as it is
	err := s.withWriter(ctx, func(w *session) error {
		return w.write(ctx, func() error {
			own = w.restore(records)
			return own
		})
	})
	if _, ok := errs.As(own); !ok && own != nil && errors.Is(err, own) {
		return exit(ctx, own)
	}
	if err == nil {
		s.committed()
	}
	return err
}

func (s *session) restore(records iter.Seq2[graph.Record, error]) error {
	nodes, err := s.number("SELECT 1 FROM node LIMIT 1")
	if err != nil {
		return err
	}
	if nodes != 0 {
		return errs.E(errs.Conflict, "The store is not empty. Restore into a new one.")
	}
	r := restorer{tx: tx{s: s, ends: map[graph.ID]int64{}}, nodes: batch{s: s}}
	for rec, err := range records {
		if err == nil {
			err = r.record(rec)
		}
		if err != nil {
			return err
		}
	}
	if err := r.flush(); err != nil {
		return err
	}
	// What comes after has to be later than everything that was restored, whoever's clock that had.
	return s.exec("UPDATE state SET clock = max(clock, ?)", r.now)
}

// restoreStep is how many records are collected before something is written.
const restoreStep = 2_000

// restorer writes records as they are. Its now is the latest of their times.
type restorer struct {
	tx
	nodes batch
	edges []graph.Edge
	count int
}

func (r *restorer) record(rec graph.Record) error {
	var err error
	switch {
	case rec.Node != nil:
		err = r.node(*rec.Node)
	case rec.Edge != nil:
		r.edges = append(r.edges, *rec.Edge)
	case rec.Sequence != nil:
		err = r.s.exec("INSERT OR REPLACE INTO seq(name, last) VALUES (?, ?)", rec.Sequence.Name, rec.Sequence.Last)
	}
	if r.count++; err != nil || r.count%restoreStep != 0 {
		return err
	}
	return r.flush()
}

func (r *restorer) flush() error {
	if err := r.nodes.flush(); err != nil {
		return err
	}
	if len(r.ends) > dictSize {
		clear(r.ends)
	}
	l := linker{tx: &r.tx}
	if err := r.lookUp(r.edges); err != nil {
		return err
	}
	for _, e := range r.edges {
		if err := r.edge(&l, e); err != nil {
			return err
		}
	}
	r.edges = r.edges[:0]
	return l.flush()
}

func (r *restorer) node(n graph.Node) error {
	num, err := r.nextNum(r.s.plan.kinds[n.Kind])
	if err != nil {
		return err
	}
	r.seen(n.Created.UnixMicro(), n.Updated.UnixMicro())
	n.Props = merge(nil, n.Props)
	return r.nodes.insert(num, n)
}

func (r *restorer) edge(l *linker, e graph.Edge) error {
	name := edgeNums{src: r.ends[e.From], rel: r.s.plan.rels[e.Rel], dst: r.ends[e.To]}
	if name.src == 0 || name.dst == 0 {
		return errs.Ef(errs.NotFound, "The edge from %s to %s has an end that does not exist.", e.From, e.To)
	}
	var err error
	if name.key, err = r.s.terms.intern(r.s, e.Key); err != nil {
		return err
	}
	b, err := r.s.encodeProps(e.Props)
	if err != nil {
		return err
	}
	row := []sqlite.Value{
		sqlite.IntegerValue(name.src), sqlite.IntegerValue(name.rel), sqlite.IntegerValue(name.dst), sqlite.IntegerValue(name.key),
		sqlite.IntegerValue(sinceMicros(e.Valid.Since)), sqlite.IntegerValue(untilMicros(e.Valid.Until)),
		sqlite.IntegerValue(e.Known.Since.UnixMicro()),
	}
	r.seen(e.Known.Since.UnixMicro())
	l.shaped(name)
	if e.Known.Until.IsZero() {
		l.adds.add(append(row, sqlite.BlobValue(b))...)
		return nil
	}
	r.seen(e.Known.Until.UnixMicro())
	l.past.add(append(row, sqlite.IntegerValue(e.Known.Until.UnixMicro()), sqlite.BlobValue(b))...)
	return nil
}

func (r *restorer) seen(times ...int64) {
	for _, at := range times {
		r.now = max(r.now, at)
	}
}
