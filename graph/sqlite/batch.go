package sqlite

import (
	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// batch collects what is to be written of nodes, with everything that is derived from them.
type batch struct {
	s              *session
	inserts        arguments
	updates        []update
	oldEntries     arguments
	newEntries     arguments
	claims         []claim
	oldWords, text arguments
}

// update is what a write changes of a node's row. Rows are updated one by one: UPDATE FROM would copy all that is given
// into a table of its own first.
type update struct {
	num, version, updated int64
	props                 []byte
}

// claim is a unique value that a node is to have.
type claim struct {
	k    *kindPlan
	idx  int64
	key  string
	node int64
}

// A statement that fails undoes the whole transaction, so it may FAIL midway: to be able to undo a statement by itself,
// SQLite would copy every page that it changes.
const (
	insertNodes = "INSERT OR FAIL INTO node(num, id, version, created, updated, props) SELECT a, b, c, d, e, f FROM input"
	updateNode  = "UPDATE OR FAIL node SET version = ?2, updated = ?3, props = ?4 WHERE num = ?1"
	dropEntries = "DELETE FROM entry WHERE (idx, aud, key, node) IN (SELECT a, b, c, d FROM input)"
	ownersOf    = "SELECT input.rowid, e.node FROM input CROSS JOIN entry e ON e.idx = input.a AND e.aud = 0 AND e.key = input.b"
	addEntries  = "INSERT OR FAIL INTO entry(idx, aud, key, node) SELECT a, b, c, d FROM input"
	dropWords   = "DELETE FROM word WHERE rowid IN (SELECT a FROM input)"
	addWords    = "INSERT INTO word(rowid, words) SELECT a, b FROM input"
)

// insert adds a node that is not there.
func (b *batch) insert(num int64, n graph.Node) error {
	props, err := b.s.encodeProps(n.Props)
	if err != nil {
		return err
	}
	b.inserts.add(sqlite.IntegerValue(num), sqlite.TextValue(string(n.ID)), sqlite.IntegerValue(n.Version),
		sqlite.IntegerValue(n.Created.UnixMicro()), sqlite.IntegerValue(n.Updated.UnixMicro()), sqlite.BlobValue(props))
	return b.index(b.s.plan.byNum[kindOf(num)], num, n.ID, nil, n.Props)
}

// update changes a node that had other properties.
func (b *batch) update(num int64, n graph.Node, was graph.Props) error {
	props, err := b.s.encodeProps(n.Props)
	if err != nil {
		return err
	}
	b.updates = append(b.updates, update{num, n.Version, n.Updated.UnixMicro(), props})
	return b.index(b.s.plan.byNum[kindOf(num)], num, n.ID, was, n.Props)
}

// index brings what is derived from what was to what is. Either may be nil: a node that is new, or that goes.
func (b *batch) index(k *kindPlan, node int64, id graph.ID, was, is graph.Props) error {
	if was != nil && is != nil && !k.touched(was, is) {
		return nil
	}
	old, oldAud, err := b.s.derived(k, id, was)
	if err != nil {
		return err
	}
	fresh, aud, err := b.s.derived(k, id, is)
	if err != nil {
		return err
	}
	for _, e := range minus(old, fresh) {
		b.oldEntries.add(e.values(node)...)
	}
	for _, e := range minus(fresh, old) {
		b.addEntry(k, e, node)
	}
	if k.spec.HasText() && (was == nil || is == nil || oldAud != aud || !k.sameText(was, is)) {
		b.reword(k, node, aud, was, is)
	}
	return nil
}

func (e entry) values(node int64) []sqlite.Value {
	return []sqlite.Value{
		sqlite.IntegerValue(e.idx), sqlite.IntegerValue(e.aud), sqlite.BlobValue([]byte(e.key)), sqlite.IntegerValue(node),
	}
}

func (b *batch) addEntry(k *kindPlan, e entry, node int64) {
	if e.unique {
		b.claims = append(b.claims, claim{k, e.idx, e.key, node})
	}
	b.newEntries.add(e.values(node)...)
}

func (b *batch) reword(k *kindPlan, node, aud int64, was, is graph.Props) {
	if was != nil {
		b.oldWords.add(sqlite.IntegerValue(node))
	}
	if is != nil {
		b.text.add(sqlite.IntegerValue(node), sqlite.TextValue(k.words(aud, is)))
	}
}

// derived returns the entries of a node and the number of its audience, 0 if it has none.
func (s *session) derived(k *kindPlan, id graph.ID, props graph.Props) ([]entry, int64, error) {
	if props == nil {
		return nil, 0, nil
	}
	var aud int64
	if text, ok := props[graph.PropAudience].(string); ok {
		var err error
		if aud, err = s.terms.intern(s, text); err != nil {
			return nil, 0, err
		}
	}
	return k.derive(id, aud, props), aud, nil
}

// flush writes what was collected. What goes, goes first: its unique values are free then.
func (b *batch) flush() error {
	if err := b.s.ask(insertNodes, b.inserts, nil); err != nil {
		return err
	}
	for _, u := range b.updates {
		if err := b.s.exec(updateNode, u.num, u.version, u.updated, u.props); err != nil {
			return err
		}
	}
	for _, step := range []struct {
		query string
		args  arguments
	}{{dropEntries, b.oldEntries}, {dropWords, b.oldWords}} {
		if err := b.s.ask(step.query, step.args, nil); err != nil {
			return err
		}
	}
	if err := b.claim(); err != nil {
		return err
	}
	if err := b.s.ask(addEntries, b.newEntries, nil); err != nil {
		return err
	}
	err := b.s.ask(addWords, b.text, nil)
	*b = batch{s: b.s}
	return err
}

// claim fails with Exists if another node has a unique value, in the store or in the batch.
func (b *batch) claim() error {
	type value struct {
		idx int64
		key string
	}
	owners := make(map[value]int64, len(b.claims))
	var args arguments
	for _, c := range b.claims {
		if owners[value{c.idx, c.key}] != 0 {
			return c.taken()
		}
		owners[value{c.idx, c.key}] = c.node
		args.add(sqlite.IntegerValue(c.idx), sqlite.BlobValue([]byte(c.key)))
	}
	return b.s.ask(ownersOf, args, func(stmt *sqlite.Stmt) error {
		return b.claims[stmt.ColumnInt64(0)].taken()
	})
}

func (c claim) taken() error {
	return errs.Ef(errs.Exists, "Another %s has that %s already.", c.k.name, c.k.uniqueProp(c.idx))
}
