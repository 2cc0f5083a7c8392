package neo4j

import (
	"context"
	"crypto/rand"
	"maps"
	"strings"

	"weir/graph"
)

// rebuildBatch is how many nodes one transaction of a rebuild writes.
const rebuildBatch = 2000

const rebuildStatement = `MATCH (n:_Node) USING INDEX SEEK n:_Node(_id)
	WHERE n._id > $after AND n._id < $end
	WITH n ORDER BY n._id LIMIT $limit
	SET n._lock = true
	RETURN n._p, properties(n)`

// derive makes the derived properties of a kind's nodes anew, in batches in the order of their ids. A batch that was
// done is right whatever becomes of the rest, so a rebuild that was broken off is simply begun again.
func (e *engine) derive(ctx context.Context, k *kindLayout) error {
	after, more := k.spec.Prefix+"_", true
	for more {
		err := e.Update(ctx, rand.Text(), func(ctx context.Context, gtx graph.Tx) error {
			t, ok := gtx.(*tx)
			if !ok {
				return errForeignTx
			}
			var err error
			after, more, err = t.derive(ctx, k, after)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// derive does one batch behind an id, and returns the last id and whether there may be more.
func (t *tx) derive(ctx context.Context, k *kindLayout, after string) (string, bool, error) {
	params := map[string]any{"after": after, "end": k.spec.Prefix + "`", "limit": rebuildBatch} // ` follows _
	rows, err := t.run(ctx, rebuildStatement, params)
	if err != nil || len(rows) == 0 {
		return after, false, err
	}
	u := newUnpacker()
	var changes []any
	for _, row := range rows {
		n := u.node(row[0])
		after = string(n.ID)
		if set := difference(derivedIn(fields(row[1])), k.derived(n)); len(set) > 0 {
			changes = append(changes, map[string]any{"id": after, "set": set})
		}
	}
	if u.err != nil {
		return after, false, t.fail(u.err)
	}
	_, err = t.run(ctx, changeStatement, map[string]any{"rows": changes})
	return after, len(rows) == rebuildBatch, err
}

// derivedIn are the derived properties that a node has in the database.
func derivedIn(stored map[string]any) map[string]any {
	out := maps.Clone(stored)
	maps.DeleteFunc(out, func(name string, _ any) bool {
		return name != propWords && !strings.HasPrefix(name, "_l_") && !strings.HasPrefix(name, "_v_")
	})
	return out
}
