package neo4j

import (
	"context"
	"maps"
	"slices"

	"weir/errs"
	"weir/graph"
)

const lockNodesStatement = `UNWIND $ids AS id
	MATCH (n:_Node {_id: id}) USING INDEX SEEK n:_Node(_id)
	SET n._lock = true
	RETURN collect([n._p])`

// Put locks and reads the nodes, decides here what each write comes to, and writes what changed.
func (t *tx) Put(ctx context.Context, ws ...graph.NodeWrite) ([]graph.Node, error) {
	have, err := t.locked(ctx, ws)
	if err != nil {
		return nil, err
	}
	out := make([]graph.Node, len(ws))
	b := batch{layout: t.layout}
	for i, w := range ws {
		old, there := have[w.Node.ID]
		n, err := t.decide(w, old, there)
		if err != nil {
			return nil, t.fail(err)
		}
		out[i] = n
		b.add(n, old, there)
		t.nodes[n.ID] = t.nodes[n.ID] || !there
	}
	return out, t.write(ctx, b)
}

// locked takes the locks of the nodes that are there, in one order for everybody, and reads them.
func (t *tx) locked(ctx context.Context, ws []graph.NodeWrite) (map[graph.ID]graph.Node, error) {
	ids := make([]string, len(ws))
	for i, w := range ws {
		ids[i] = string(w.Node.ID)
	}
	slices.Sort(ids)
	rows, err := gathered(t.run(ctx, lockNodesStatement, map[string]any{"ids": ids}))
	if err != nil {
		return nil, err
	}
	have, err := nodesOf(rows)
	if err != nil {
		return nil, t.fail(err)
	}
	return have, nil
}

// decide is what a node is after a write.
func (t *tx) decide(w graph.NodeWrite, old graph.Node, there bool) (graph.Node, error) {
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
	props, changed := merge(old.Props, w.Node.Props)
	if there && !changed {
		return old, nil
	}
	n := graph.Node{ID: w.Node.ID, Kind: w.Node.Kind, Props: props, Version: old.Version + 1, Created: old.Created, Updated: timeOf(t.time)}
	if !there {
		n.Created = n.Updated
	}
	return n, nil
}

// batch gathers what is to be written.
type batch struct {
	layout  *layout
	creates map[graph.Kind][]any
	changes []any
	claims  map[claim][]any // values of unique properties that nodes take
}

// claim names a unique property.
type claim struct {
	kind graph.Kind
	prop string
}

func (b *batch) add(n, old graph.Node, there bool) {
	if there && n.Version == old.Version {
		return
	}
	k := b.layout.kinds[n.Kind]
	b.claim(k, n, old)
	if !there {
		if b.creates == nil {
			b.creates = map[graph.Kind][]any{}
		}
		b.creates[n.Kind] = append(b.creates[n.Kind], stored(k, n))
		return
	}
	set := difference(stored(k, old), stored(k, n))
	b.changes = append(b.changes, map[string]any{"id": string(n.ID), "set": set})
}

func (b *batch) claim(k *kindLayout, n, old graph.Node) {
	for _, p := range k.spec.Unique {
		v, ok := n.Props[p]
		if !ok || v == old.Props[p] {
			continue
		}
		if b.claims == nil {
			b.claims = map[claim][]any{}
		}
		c := claim{n.Kind, p}
		b.claims[c] = append(b.claims[c], map[string]any{"v": v, "id": string(n.ID)})
	}
}

// stored are all properties of a node as the database keeps it.
func stored(k *kindLayout, n graph.Node) map[string]any {
	out := k.derived(n)
	for p, v := range n.Props {
		out[escape(p)] = shown(v)
	}
	out[propID], out[propKind], out[propPacked], out[propLock] = string(n.ID), string(n.Kind), packNode(n), true
	return out
}

const changeStatement = `UNWIND $rows AS row
	MATCH (n:_Node {_id: row.id}) USING INDEX SEEK n:_Node(_id)
	SET n += row.set`

func createStatement(kind graph.Kind) string {
	return "UNWIND $rows AS row CREATE (n:_Node:" + label(kind) + ") SET n = row"
}

func (t *tx) write(ctx context.Context, b batch) error {
	if err := t.unclaimed(ctx, b); err != nil {
		return err
	}
	if len(b.changes) > 0 {
		if _, err := t.run(ctx, changeStatement, map[string]any{"rows": b.changes}); err != nil {
			return err
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(b.creates)) {
		if _, err := t.run(ctx, createStatement(kind), map[string]any{"rows": b.creates[kind]}); err != nil {
			return err
		}
	}
	return nil
}

// unclaimed looks for other nodes with values that are claimed. The constraint would find them too, but it says less
// and spoils the transaction; it is for those who claim at the same time.
func (t *tx) unclaimed(ctx context.Context, b batch) error {
	for c, rows := range b.claims {
		if twice(rows) {
			return t.fail(taken(c))
		}
		found, err := t.run(ctx, claimStatement(c), map[string]any{"rows": rows})
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return t.fail(taken(c))
		}
	}
	return nil
}

func taken(c claim) error { return errs.Ef(errs.Exists, "Another %s has that %s.", c.kind, c.prop) }

func twice(rows []any) bool {
	seen := map[any]bool{}
	for _, row := range rows {
		v := fields(row)["v"]
		if seen[v] {
			return true
		}
		seen[v] = true
	}
	return false
}

func claimStatement(c claim) string {
	n, p := label(c.kind), prop(c.prop)
	return "UNWIND $rows AS row MATCH (n:" + n + " {" + p + ": row.v}) USING INDEX SEEK n:" + n + "(" + p + ")" +
		" WHERE n._id <> row.id RETURN n._id LIMIT 1"
}
