package neo4j

import (
	"context"
	"slices"

	"weir/graph"
)

const deleteStatement = `UNWIND $ids AS id
	MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id)
	DETACH DELETE n`

// Delete removes nodes with all of their relationships.
func (t *tx) Delete(ctx context.Context, ids ...graph.ID) error {
	for _, id := range ids {
		delete(t.nodes, id)
	}
	_, err := t.run(ctx, deleteStatement, map[string]any{"ids": slices.Sorted(slices.Values(strs(ids)))})
	return err
}
