package sqlite

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"

	"weir/errs"
	"weir/graph"
)

// Put writes nodes.
func (t *tx) Put(ctx context.Context, ws ...graph.NodeWrite) (out []graph.Node, err error) {
	err = t.do(ctx, func() (err error) {
		out, err = t.put(ws)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// there is a node that a write finds.
type there struct {
	num  int64
	node graph.Node
}

func (t *tx) put(ws []graph.NodeWrite) ([]graph.Node, error) {
	ids := make([]graph.ID, len(ws))
	for i, w := range ws {
		ids[i] = w.Node.ID
	}
	found := make([]there, len(ws))
	err := t.s.find(ids, func(i int, row nodeRow) (err error) {
		found[i].num = row.num
		found[i].node, err = t.s.node(row, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]graph.Node, len(ws))
	b := &batch{s: t.s}
	for i, w := range ws {
		if out[i], err = t.write(b, w, found[i]); err != nil {
			return nil, err
		}
	}
	return out, b.flush()
}

// write adds one write to the batch, if its condition holds.
func (t *tx) write(b *batch, w graph.NodeWrite, was there) (graph.Node, error) {
	k := t.s.plan.kinds[w.Node.Kind]
	if was.num == 0 {
		if w.Mode == graph.IfVersion {
			return w.Node, errs.Ef(errs.NotFound, "There is no %s with that id.", k.name)
		}
		return t.create(b, k, w.Node)
	}
	if kindOf(was.num) != k.num {
		return w.Node, errs.Bad("kind", "another kind of node has that id.")
	}
	if w.Mode == graph.Create {
		return w.Node, errs.Ef(errs.Exists, "There is a %s with that id already.", k.name)
	}
	if w.Mode == graph.IfVersion && was.node.Version != w.Version {
		return w.Node, errs.Ef(errs.Conflict, "The %s was changed meanwhile. Read it again, then try again.", k.name)
	}
	if w.Mode == graph.Ensure || !changes(was.node.Props, w.Node.Props) {
		return was.node, nil
	}
	n := was.node
	n.Props = merge(was.node.Props, w.Node.Props)
	n.Version, n.Updated = n.Version+1, fromMicros(t.now)
	return n, b.update(was.num, n, was.node.Props)
}

func (t *tx) create(b *batch, k *kindPlan, n graph.Node) (graph.Node, error) {
	num, err := t.nextNum(k)
	if err != nil {
		return n, err
	}
	maps.DeleteFunc(n.Props, func(_ string, v any) bool { return v == nil }) // the map is ours: Checked made it
	n.Version, n.Created, n.Updated = 1, fromMicros(t.now), fromMicros(t.now)
	t.ends[n.ID] = num
	return n, b.insert(num, n)
}

// changes tells whether a write of given properties would change anything.
func changes(was, given graph.Props) bool {
	for name, v := range given {
		old, ok := was[name]
		if v == nil && !ok {
			continue
		}
		if v == nil || !ok || !equal(old, v) {
			return true
		}
	}
	return false
}

// equal compares two values of a property.
func equal(a, b any) bool {
	switch a := a.(type) {
	case []byte:
		b, ok := b.([]byte)
		return ok && bytes.Equal(a, b)
	case []string:
		b, ok := b.([]string)
		return ok && slices.Equal(a, b)
	case time.Time:
		b, ok := b.(time.Time)
		return ok && a.Equal(b)
	}
	switch b.(type) {
	case []byte, []string:
		return false
	}
	return a == b
}

// merge returns what properties are after a write: given ones are set, nil deletes, others stay.
func merge(was, given graph.Props) graph.Props {
	out := maps.Clone(was)
	if out == nil {
		out = make(graph.Props, len(given))
	}
	for name, v := range given {
		if v == nil {
			delete(out, name)
		} else {
			out[name] = v
		}
	}
	return out
}

// nextNum gives a new node its number. Numbers grow, so new nodes go to the end of the table.
func (t *tx) nextNum(k *kindPlan) (int64, error) {
	if t.last == 0 {
		newest, err := t.s.number("SELECT max(num) FROM node")
		if err != nil {
			return 0, err
		}
		t.last = newest >> 8
	}
	t.last++
	return t.last<<8 | k.num, nil
}

// Append creates nodes numbered by a sequence.
func (t *tx) Append(ctx context.Context, sequence string, ns ...graph.NodeWrite) (first int64, err error) {
	err = t.do(ctx, func() error {
		last, err := t.s.number("SELECT last FROM seq WHERE name = ?", sequence)
		if err != nil {
			return err
		}
		first = last + 1
		ws := make([]graph.NodeWrite, len(ns))
		for i, w := range ns {
			w.Mode = graph.Create
			w.Node.Props = merge(w.Node.Props, graph.Props{graph.PropSeq: first + int64(i)})
			ws[i] = w
		}
		if _, err := t.put(ws); err != nil {
			return err
		}
		return t.s.exec("INSERT OR REPLACE INTO seq(name, last) VALUES (?, ?)", sequence, last+int64(len(ns)))
	})
	return first, err
}

// Delete removes nodes and all rows of their edges.
func (t *tx) Delete(ctx context.Context, ids ...graph.ID) error {
	return t.do(ctx, func() error {
		var nums []int64
		b := &batch{s: t.s}
		err := t.s.find(ids, func(_ int, row nodeRow) error {
			nums = append(nums, row.num)
			delete(t.ends, row.id)
			return t.drop(b, row)
		})
		if err != nil {
			return err
		}
		for _, query := range deletes {
			if err := t.s.ask(query, numbers(nums), nil); err != nil {
				return err
			}
		}
		return b.flush()
	})
}

// deletes are the statements that remove nodes and their edges.
var deletes = []string{
	"DELETE FROM edge WHERE src IN (SELECT a FROM input)", "DELETE FROM edge WHERE dst IN (SELECT a FROM input)",
	"DELETE FROM past WHERE src IN (SELECT a FROM input)", "DELETE FROM past WHERE dst IN (SELECT a FROM input)",
	"DELETE FROM node WHERE num IN (SELECT a FROM input)",
}

// drop adds to the batch that nothing derived from a node stays.
func (t *tx) drop(b *batch, row nodeRow) error {
	k := t.s.plan.byNum[kindOf(row.num)]
	if k == nil { // a kind that the schema no longer has: only its words may be left
		b.oldWords.add(sqlite.IntegerValue(row.num))
		return nil
	}
	n, err := t.s.node(row, nil)
	if err != nil {
		return err
	}
	return b.index(k, row.num, row.id, n.Props, nil)
}
