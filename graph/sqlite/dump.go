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
		e, err := s.edge(stmt)
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
	t := restorer{tx{s: s, ends: map[graph.ID]int64{}}}
	for rec, err := range records {
		if err != nil {
			return err
		}
		if err := t.record(rec); err != nil {
			return err
		}
	}
	// What comes after has to be later than everything that was restored, whoever's clock that had.
	return s.exec("UPDATE state SET clock = max(clock, ?)", t.now)
}

// restorer writes records as they are. now is the latest of their times.
type restorer struct{ tx }

func (t *restorer) record(rec graph.Record) error {
	switch {
	case rec.Node != nil:
		return t.node(*rec.Node)
	case rec.Edge != nil:
		return t.edge(*rec.Edge)
	case rec.Sequence != nil:
		return t.s.exec("INSERT OR REPLACE INTO seq(name, last) VALUES (?, ?)", rec.Sequence.Name, rec.Sequence.Last)
	}
	return errs.E(errs.Invalid, "A record is empty.")
}

func (t *restorer) node(n graph.Node) error {
	num, err := t.nextNum(t.s.plan.kinds[n.Kind])
	if err != nil {
		return err
	}
	t.seen(n.Created.UnixMicro(), n.Updated.UnixMicro())
	n.Props = merge(nil, n.Props)
	return t.s.insert(num, n)
}

func (t *restorer) edge(e graph.Edge) error {
	if len(t.ends) > dictSize {
		clear(t.ends)
	}
	name, err := t.nameEdge(e, true)
	if err != nil {
		return err
	}
	b, err := t.s.encodeProps(e.Props)
	if err != nil {
		return err
	}
	since, until := sinceMicros(e.Valid.Since), untilMicros(e.Valid.Until)
	known := e.Known.Since.UnixMicro()
	if e.Known.Until.IsZero() {
		t.seen(known)
		return t.s.exec(insertEdge, name.src, name.rel, name.dst, name.key, since, until, known, b)
	}
	gone := e.Known.Until.UnixMicro()
	t.seen(known, gone)
	return t.s.exec(insertPast, name.src, name.rel, name.dst, name.key, since, until, known, gone, b)
}

func (t *restorer) seen(times ...int64) {
	for _, at := range times {
		t.now = max(t.now, at)
	}
}
