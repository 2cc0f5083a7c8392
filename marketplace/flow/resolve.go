package flow

import (
	"context"
	"maps"

	"weir/catalog"
	"weir/graph"
)

// asked is what asks stand for. A dataset that is another one under another name answers as that one, its head: lineage and
// classes stand there.
type asked struct {
	columns []wanted
	whole   map[graph.ID]bool // heads of which all present columns are asked
	missing []graph.ID
}

// wanted is a column that is asked by its id, of a dataset or another name of it.
type wanted struct {
	head graph.ID
	id   graph.ID // as asked
}

// resolve looks the asked ids up.
func resolve(ctx context.Context, r reader, asks []Ask) (asked, error) {
	var want []graph.ID
	for _, a := range asks {
		want = append(append(want, a.Dataset), a.Columns...)
	}
	nodes, err := r.nodes(ctx, want)
	if err != nil {
		return asked{}, err
	}
	if err := r.addHomes(ctx, nodes); err != nil {
		return asked{}, err
	}
	out := asked{whole: map[graph.ID]bool{}}
	for _, a := range asks {
		if err := out.add(a, nodes); err != nil {
			return asked{}, err
		}
	}
	return out, nil
}

// addHomes adds the datasets of columns that weren't asked themselves.
func (r reader) addHomes(ctx context.Context, nodes map[graph.ID]graph.Node) error {
	var want []graph.ID
	for _, n := range nodes {
		if n.Kind != catalog.ColumnType.Kind {
			continue
		}
		c, err := read(catalog.ColumnType, n)
		if err != nil {
			return err
		}
		if _, there := nodes[c.Dataset]; !there {
			want = append(want, c.Dataset)
		}
	}
	homes, err := r.nodes(ctx, want)
	maps.Copy(nodes, homes)
	return err
}

func (out *asked) add(a Ask, nodes map[graph.ID]graph.Node) error {
	head, err := headOf(nodes[a.Dataset])
	if err != nil {
		return err
	}
	if head == "" {
		out.missing = append(append(out.missing, a.Dataset), a.Columns...)
		return nil
	}
	if len(a.Columns) == 0 {
		out.whole[head] = true
	}
	for _, id := range a.Columns {
		if nodes[id].Kind != catalog.ColumnType.Kind {
			out.missing = append(out.missing, id)
			continue
		}
		c, err := read(catalog.ColumnType, nodes[id])
		if err != nil {
			return err
		}
		home, err := headOf(nodes[c.Dataset])
		if err != nil {
			return err
		}
		if home != head {
			out.missing = append(out.missing, id)
			continue
		}
		out.columns = append(out.columns, wanted{head, id})
	}
	return nil
}

// headOf is the dataset that stands for a dataset; "" for anything else.
func headOf(n graph.Node) (graph.ID, error) {
	if n.Kind != catalog.DatasetType.Kind {
		return "", nil
	}
	d, err := read(catalog.DatasetType, n)
	if err != nil || d.Head == "" {
		return n.ID, err
	}
	return d.Head, nil
}

// members are the heads and their other names, each with its head. Names that are said to be the same, but of which a
// person says that they are not, have another head.
func (r reader) members(ctx context.Context, heads map[graph.ID]bool) (map[graph.ID]graph.ID, error) {
	out := map[graph.ID]graph.ID{}
	for id := range heads {
		out[id] = id
	}
	for level := sortedKeys(heads); len(level) > 0; {
		var ends []graph.ID
		for _, dir := range []graph.Dir{graph.Out, graph.In} {
			rows, err := r.edges(ctx, level, dir, catalog.RelSame)
			if err != nil {
				return nil, err
			}
			for _, e := range rows {
				ends = append(ends, e.From, e.To)
			}
		}
		level = nil
		nodes, err := r.nodes(ctx, ends)
		if err != nil {
			return nil, err
		}
		for id, n := range nodes {
			head, err := headOf(n)
			if err != nil {
				return nil, err
			}
			if _, known := out[id]; !known && heads[head] {
				out[id] = head
				level = append(level, id)
			}
		}
	}
	return out, nil
}
