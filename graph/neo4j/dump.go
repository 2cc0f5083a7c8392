package neo4j

import (
	"context"
	"iter"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"weir/graph"
)

// dumpFetch is how many rows of a dump are held at once.
const dumpFetch = 1000

const (
	gatesStatement = `MATCH (g:_Gate) USING INDEX SEEK g:_Gate(_n) WHERE g._n >= 0 SET g._lock = true RETURN count(g)`

	dumpNodes     = `MATCH (n:_Node) RETURN n._p ORDER BY n._id`
	dumpEdges     = `MATCH (a:_Node)-[r]->(b:_Node) RETURN a._id, b._id, r._p`
	dumpSequences = `MATCH (s:_Sequence) RETURN s._name, s._last ORDER BY s._name`
)

// Dump holds all gates while it reads, so that nothing is written meanwhile: writers wait.
func (e *engine) Dump(ctx context.Context) iter.Seq2[graph.Record, error] {
	return func(yield func(graph.Record, error) bool) {
		if err := e.dump(ctx, yield); err != nil {
			yield(graph.Record{}, exit(ctx, err))
		}
	}
}

func (e *engine) dump(ctx context.Context, yield func(graph.Record, error) bool) (err error) {
	s := e.driver.NewSession(ctx, e.session(driver.AccessModeWrite, dumpFetch))
	defer func() { err = closed(ctx, s, err) }()
	tx, err := s.BeginTransaction(ctx, timeout(ctx))
	if err != nil {
		return err
	}
	defer func() { err = closed(ctx, tx, err) }()
	if _, err := tx.Run(ctx, gatesStatement, nil); err != nil {
		return err
	}
	u := newUnpacker()
	for _, part := range []struct {
		statement string
		record    func(*unpacker, []any) graph.Record
	}{{dumpNodes, nodeRecord}, {dumpEdges, edgeRecord}, {dumpSequences, sequenceRecord}} {
		result, err := tx.Run(ctx, part.statement, nil)
		if err != nil {
			return err
		}
		for result.Next(ctx) {
			record := part.record(u, result.Record().Values)
			if u.err != nil {
				return u.err
			}
			if !yield(record, nil) {
				return nil
			}
		}
		if err := result.Err(); err != nil {
			return err
		}
	}
	return nil
}

func nodeRecord(u *unpacker, row []any) graph.Record {
	n := u.node(row[0])
	return graph.Record{Node: &n}
}

func edgeRecord(u *unpacker, row []any) graph.Record {
	e := u.edge(graph.ID(text(row[0])), graph.ID(text(row[1])), row[2])
	return graph.Record{Edge: &e}
}

func sequenceRecord(_ *unpacker, row []any) graph.Record {
	return graph.Record{Sequence: &graph.Sequence{Name: text(row[0]), Last: number(row[1])}}
}
