package neo4j

import (
	"context"
	"maps"
	"slices"

	"weir/graph"
)

// pair are the current rows of an edge whose ends are there.
type pair struct{ rows []graph.Edge }

// rows locks the nodes that edges come from and reads the edges' current rows. Where an end is missing it is nil.
func (t *tx) rows(ctx context.Context, es []graph.Edge) ([]*pair, error) {
	out := make([]*pair, len(es))
	var asked []any
	for i, e := range es {
		if t.fresh(e) {
			out[i] = &pair{}
			continue
		}
		asked = append(asked, map[string]any{"i": i, "from": string(e.From), "to": string(e.To), "type": escape(string(e.Rel)), "key": e.Key})
	}
	if len(asked) == 0 {
		return out, nil
	}
	found, err := gathered(t.run(ctx, rowsStatement(t.layout.types), map[string]any{"rows": asked}))
	if err != nil {
		return nil, err
	}
	u := newUnpacker()
	for _, row := range found {
		i := number(row[0])
		p := &pair{}
		for _, packed := range list(row[1]) {
			p.rows = append(p.rows, u.edge(es[i].From, es[i].To, packed))
		}
		out[i] = p
	}
	if u.err != nil {
		return nil, t.fail(u.err)
	}
	return out, nil
}

// fresh tells whether an edge can have no rows: both ends are there and locked, and one was made just now. Most edges of
// an intake are fresh.
func (t *tx) fresh(e graph.Edge) bool {
	madeFrom, from := t.nodes[e.From]
	madeTo, to := t.nodes[e.To]
	return from && to && (madeFrom || madeTo) && !t.linked[edgeName(e)]
}

// ends finds the ends of an edge by the index. What follows can only go between them.
const ends = `UNWIND $rows AS row
	MATCH (a:_Node {_id: row.from}) USING INDEX SEEK a:_Node(_id)
	MATCH (b:_Node {_id: row.to}) USING INDEX SEEK b:_Node(_id)
	`

func rowsStatement(types string) string {
	return ends + `SET a._lock = true
	WITH row, a, b
	CALL {
		WITH row, a, b
		MATCH (a)-[r:` + types + `]->(b)
		WHERE type(r) = row.type AND r._key = row.key
		RETURN collect(r._p) AS found
	}
	RETURN collect([row.i, found])`
}

// rowWrites gathers what is to be done to rows, by relation, since types can't be parameters.
type rowWrites struct{ changes, ends, deletes, creates, history byRel }

type byRel map[graph.Rel][]any

func (b *byRel) add(rel graph.Rel, params map[string]any) {
	if *b == nil {
		*b = byRel{}
	}
	(*b)[rel] = append((*b)[rel], params)
}

// rowParams names a row in a statement, beside what the statement does with it.
func rowParams(e graph.Edge, more map[string]any) map[string]any {
	out := map[string]any{"from": string(e.From), "to": string(e.To), "key": e.Key, "since": sinceOf(e.Valid.Since)}
	maps.Copy(out, more)
	return out
}

// writeRows ends rows before it makes others, which may begin at the same time.
func (t *tx) writeRows(ctx context.Context, w rowWrites) error {
	for _, step := range []struct {
		rows      byRel
		statement func(graph.Rel) string
	}{{w.changes, changeRow}, {w.ends, endRow}, {w.deletes, deleteRow}, {w.creates, createRow}, {w.history, createPast}} {
		for _, rel := range slices.Sorted(maps.Keys(step.rows)) {
			if _, err := t.run(ctx, step.statement(rel), map[string]any{"rows": step.rows[rel]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// onRow does something to the row r that rowParams names.
func onRow(rel graph.Rel, do string) string {
	return ends + `CALL {
		WITH row, a, b
		MATCH (a)-[r:` + relType(rel) + `]->(b)
		WHERE r._key = row.key AND r._since = row.since
		` + do + `
	}`
}

func changeRow(rel graph.Rel) string { return onRow(rel, "SET r._p = row.packed") }

func deleteRow(rel graph.Rel) string { return onRow(rel, "DELETE r") }

func endRow(rel graph.Rel) string {
	return onRow(rel, "CREATE (a)-[past:"+pastType(rel)+"]->(b) SET past = row.props DELETE r")
}

func createRow(rel graph.Rel) string { return create(relType(rel)) }

func createPast(rel graph.Rel) string { return create(pastType(rel)) }

func create(typ string) string {
	return ends + "CREATE (a)-[r:" + typ + "]->(b) SET r = row.props"
}
