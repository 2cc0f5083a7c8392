package flow

import (
	"context"

	"weir/catalog"
	"weir/graph"
)

// asked is what asks stand for: columns of datasets that stand for themselves.
type asked struct {
	columns []graph.ID
	whole   []graph.ID // datasets of which all present columns are asked
	missing []graph.ID
}

// resolve looks the asked ids up. A dataset that is another one under another name answers as that one, and its columns as
// the columns of the same path there: lineage and classes stand at these.
func resolve(ctx context.Context, r reader, asks []Ask) (asked, error) {
	var want []graph.ID
	for _, a := range asks {
		want = append(append(want, a.Dataset), a.Columns...)
	}
	nodes, err := r.nodes(ctx, want)
	if err != nil {
		return asked{}, err
	}
	var out asked
	for _, a := range asks {
		if err := out.add(a, nodes); err != nil {
			return asked{}, err
		}
	}
	return out, nil
}

func (out *asked) add(a Ask, nodes map[graph.ID]graph.Node) error {
	n, ok := nodes[a.Dataset]
	if !ok || n.Kind != catalog.DatasetType.Kind {
		out.missing = append(append(out.missing, a.Dataset), a.Columns...)
		return nil
	}
	d, err := read(catalog.DatasetType, n)
	if err != nil {
		return err
	}
	head := d.ID
	if d.Head != "" {
		head = d.Head
	}
	if len(a.Columns) == 0 {
		out.whole = append(out.whole, head)
	}
	for _, id := range a.Columns {
		n, ok := nodes[id]
		if !ok || n.Kind != catalog.ColumnType.Kind {
			out.missing = append(out.missing, id)
			continue
		}
		c, err := read(catalog.ColumnType, n)
		switch {
		case err != nil:
			return err
		case c.Dataset == head:
			out.columns = append(out.columns, id)
		case c.Dataset == a.Dataset:
			out.columns = append(out.columns, catalog.ColumnID(head, c.Path))
		default:
			out.missing = append(out.missing, id)
		}
	}
	return nil
}
