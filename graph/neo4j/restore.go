package neo4j

import (
	"context"
	"crypto/rand"
	"iter"
	"maps"
	"slices"

	"weir/errs"
	"weir/graph"
)

// restoreBatch is how many records one transaction of a restore writes.
const restoreBatch = 5000

// Restore writes in batches, each in one transaction: a whole store wouldn't fit into one.
func (e *engine) Restore(ctx context.Context, records iter.Seq2[graph.Record, error]) error {
	rows, err := e.run(ctx, "MATCH (n:_Node) RETURN 1 LIMIT 1", nil)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		return errs.E(errs.Conflict, "The store is not empty.")
	}
	var batch []graph.Record
	for r, err := range records {
		if err != nil {
			return err
		}
		if batch = append(batch, r); len(batch) < restoreBatch {
			continue
		}
		if err := e.restore(ctx, batch); err != nil {
			return err
		}
		batch = batch[:0]
	}
	return e.restore(ctx, batch)
}

const restoreSequences = `UNWIND $rows AS row MERGE (s:_Sequence {_name: row.name}) SET s._last = row.last`

// restore writes some records as they are.
func (e *engine) restore(ctx context.Context, records []graph.Record) error {
	nodes := batch{layout: e.layout}
	var current, past byRel
	var sequences []any
	for _, r := range records {
		switch {
		case r.Node != nil:
			nodes.add(*r.Node, graph.Node{}, false)
		case r.Sequence != nil:
			sequences = append(sequences, map[string]any{"name": r.Sequence.Name, "last": r.Sequence.Last})
		case r.Edge != nil:
			row := map[string]any{"from": string(r.Edge.From), "to": string(r.Edge.To), "props": storedRow(*r.Edge)}
			if r.Edge.Known.Until.IsZero() {
				current.add(r.Edge.Rel, row)
				continue
			}
			past.add(r.Edge.Rel, row)
		}
	}
	return e.Update(ctx, rand.Text(), func(ctx context.Context, gtx graph.Tx) error {
		t, ok := gtx.(*tx)
		if !ok {
			return errForeignTx
		}
		if err := t.write(ctx, nodes); err != nil {
			return err
		}
		if err := t.endsThere(ctx, records); err != nil {
			return err
		}
		if err := t.writeRows(ctx, rowWrites{creates: current, history: past}); err != nil {
			return err
		}
		_, err := t.run(ctx, restoreSequences, map[string]any{"rows": sequences})
		return err
	})
}

const absentStatement = `UNWIND $ids AS id
	OPTIONAL MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id)
	WITH id, n WHERE n IS NULL
	RETURN id LIMIT 1`

// endsThere makes sure that no edge of the records is lost for want of its ends.
func (t *tx) endsThere(ctx context.Context, records []graph.Record) error {
	ends := map[string]bool{}
	for _, r := range records {
		if r.Edge != nil {
			ends[string(r.Edge.From)], ends[string(r.Edge.To)] = true, true
		}
	}
	rows, err := t.run(ctx, absentStatement, map[string]any{"ids": slices.Sorted(maps.Keys(ends))})
	if err != nil || len(rows) == 0 {
		return err
	}
	return t.fail(errs.Ef(errs.NotFound, "%s does not exist, but an edge leads there.", text(rows[0][0])))
}
