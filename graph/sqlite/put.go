package sqlite

import (
	"bytes"
	"context"
	"maps"

	"weir/errs"
	"weir/graph"
)

const (
	insertNode = "INSERT INTO node(num, id, version, created, updated, props) VALUES (?, ?, ?, ?, ?, ?)"
	updateNode = "UPDATE node SET version = ?, updated = ?, props = ? WHERE num = ?"
	deleteNode = "DELETE FROM node WHERE num = ?"
)

// Put writes nodes.
func (t *tx) Put(ctx context.Context, ws ...graph.NodeWrite) (out []graph.Node, err error) {
	err = t.do(ctx, func() error {
		out = make([]graph.Node, len(ws))
		for i, w := range ws {
			var err error
			if out[i], err = t.put(w); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (t *tx) put(w graph.NodeWrite) (graph.Node, error) {
	row, ok, err := t.s.find(w.Node.ID)
	if err != nil {
		return graph.Node{}, err
	}
	k := t.s.plan.kinds[w.Node.Kind]
	if !ok {
		if w.Mode == graph.IfVersion {
			return graph.Node{}, errs.Ef(errs.NotFound, "There is no %s with that id.", k.name)
		}
		return t.create(k, w.Node)
	}
	if kindOf(row.num) != k.num {
		return graph.Node{}, errs.Bad("kind", "another kind of node has that id.")
	}
	if w.Mode == graph.Create {
		return graph.Node{}, errs.Ef(errs.Exists, "There is a %s with that id already.", k.name)
	}
	if w.Mode == graph.IfVersion && row.version != w.Version {
		return graph.Node{}, errs.Ef(errs.Conflict, "The %s was changed meanwhile. Read it again, then try again.", k.name)
	}
	n, err := t.s.node(row, nil)
	if err != nil || w.Mode == graph.Ensure {
		return n, err
	}
	return t.change(k, row, n, w.Node.Props)
}

func (t *tx) create(k *kindPlan, n graph.Node) (graph.Node, error) {
	num, err := t.nextNum(k)
	if err != nil {
		return n, err
	}
	n.Props = merge(nil, n.Props)
	n.Version, n.Created, n.Updated = 1, fromMicros(t.now), fromMicros(t.now)
	if err := t.s.insert(num, n); err != nil {
		return n, err
	}
	t.ends[n.ID] = num
	return n, nil
}

// insert writes a node that is not there, with everything that is derived from it.
func (s *session) insert(num int64, n graph.Node) error {
	b, err := s.encodeProps(n.Props)
	if err != nil {
		return err
	}
	err = s.exec(insertNode, num, string(n.ID), n.Version, n.Created.UnixMicro(), n.Updated.UnixMicro(), b)
	if err != nil {
		return err
	}
	return s.index(s.plan.byNum[kindOf(num)], num, n.ID, nil, n.Props)
}

func (t *tx) change(k *kindPlan, row nodeRow, n graph.Node, props graph.Props) (graph.Node, error) {
	was := n.Props
	n.Props = merge(was, props)
	b, err := t.s.encodeProps(n.Props)
	if err != nil {
		return n, err
	}
	if bytes.Equal(b, row.props) {
		return n, nil
	}
	n.Version, n.Updated = n.Version+1, fromMicros(t.now)
	if err := t.s.exec(updateNode, n.Version, t.now, b, row.num); err != nil {
		return n, err
	}
	return n, t.s.index(k, row.num, n.ID, was, n.Props)
}

// merge returns what properties are after a write: given ones are set, nil deletes, others stay.
func merge(was, given graph.Props) graph.Props {
	out := make(graph.Props, len(was)+len(given))
	maps.Copy(out, was)
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
		for i, w := range ns {
			w.Mode = graph.Create
			w.Node.Props = merge(w.Node.Props, graph.Props{graph.PropSeq: first + int64(i)})
			if _, err := t.put(w); err != nil {
				return err
			}
		}
		return t.s.exec("INSERT OR REPLACE INTO seq(name, last) VALUES (?, ?)", sequence, last+int64(len(ns)))
	})
	return first, err
}

// Delete removes nodes and all rows of their edges.
func (t *tx) Delete(ctx context.Context, ids ...graph.ID) error {
	return t.do(ctx, func() error {
		for _, id := range ids {
			if err := t.delete(id); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) delete(id graph.ID) error {
	row, ok, err := t.s.find(id)
	if err != nil || !ok {
		return err
	}
	delete(t.ends, id)
	for _, query := range []string{
		"DELETE FROM edge WHERE src = ?", "DELETE FROM edge WHERE dst = ?",
		"DELETE FROM past WHERE src = ?", "DELETE FROM past WHERE dst = ?", deleteNode,
	} {
		if err := t.s.exec(query, row.num); err != nil {
			return err
		}
	}
	k := t.s.plan.byNum[kindOf(row.num)]
	if k == nil { // a kind that the schema no longer has: only its words may be left
		return t.s.exec(deleteWords, row.num)
	}
	n, err := t.s.node(row, nil)
	if err != nil {
		return err
	}
	return t.s.index(k, row.num, id, n.Props, nil)
}
