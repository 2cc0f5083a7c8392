package marketplace

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"weir/catalog"
	"weir/graph"
	"weir/marketplace/flow"
)

// shelf is the data that grants and requests are about, read together: columns with the classes that they carry, as the
// catalog keeps them. A decision walks the lineage anew; to look ahead at thousands what is kept has to do.
type shelf struct {
	targets  map[graph.ID]target
	datasets map[graph.ID]catalog.Dataset
	columns  map[graph.ID][]flow.Column // of each dataset
	inherits map[graph.ID][]string      // of each column
	coarse   map[graph.ID][]string      // of each dataset: classes that none of its columns carries
}

func newShelf() *shelf {
	return &shelf{
		targets: map[graph.ID]target{}, datasets: map[graph.ID]catalog.Dataset{}, columns: map[graph.ID][]flow.Column{},
		inherits: map[graph.ID][]string{}, coarse: map[graph.ID][]string{},
	}
}

// read adds targets, and the datasets of parts, that aren't known yet.
func (s *shelf) read(ctx context.Context, r graph.Reader, targets []graph.ID, parts []Part) error {
	fresh := missingIn(s.targets, targets)
	products, err := getAll(ctx, r, productType, fresh)
	if err != nil {
		return err
	}
	datasets := datasetsOf(parts)
	for _, id := range fresh {
		t := target{ID: id, Datasets: s.datasets, Parts: []Part{{Dataset: id}}}
		if p, ok := products[id]; ok {
			t.Product, t.Domain, t.Title = &p, p.Domain, p.Title
			if t.Parts, err = p.parts(); err != nil {
				return err
			}
		}
		s.targets[id] = t
		datasets = append(datasets, datasetsOf(t.Parts)...)
	}
	if err := s.addDatasets(ctx, r, missingIn(s.columns, datasets)); err != nil {
		return err
	}
	for _, id := range fresh {
		if d, ok := s.datasets[id]; ok {
			t := s.targets[id]
			t.Domain, t.Title = d.Domain, titleOf(d)
			s.targets[id] = t
		}
	}
	return nil
}

// addDatasets reads datasets and their columns, with the classes of both.
func (s *shelf) addDatasets(ctx context.Context, r graph.Reader, datasets []graph.ID) error {
	known, err := getAll(ctx, r, catalog.DatasetType, datasets)
	if err != nil {
		return err
	}
	maps.Copy(s.datasets, known)
	return s.addColumns(ctx, r, datasets)
}

// addColumns reads the columns of datasets and the classes of both.
func (s *shelf) addColumns(ctx context.Context, r graph.Reader, datasets []graph.ID) error {
	has, err := allEdges(ctx, r, datasets, graph.Out, catalog.RelHas)
	if err != nil {
		return err
	}
	ids := make([]graph.ID, len(has))
	for i, e := range has {
		ids[i] = e.To
	}
	columns := map[graph.ID]catalog.Column{}
	for part := range slices.Chunk(ids, graph.MaxBatch) {
		known, err := getAll(ctx, r, catalog.ColumnType, part)
		if err != nil {
			return err
		}
		for id, c := range known {
			columns[id] = c
		}
	}
	declared, inherited, err := classesOf(ctx, r, slices.Concat(datasets, ids))
	if err != nil {
		return err
	}
	for _, id := range datasets {
		s.columns[id] = nil
	}
	carried := map[graph.ID][]string{}
	for _, id := range ids {
		c, ok := columns[id]
		if !ok {
			continue
		}
		carried[c.Dataset] = slices.Concat(carried[c.Dataset], declared[id], inherited[id])
		s.inherits[id] = inherited[id]
		if !c.Gone {
			s.columns[c.Dataset] = append(s.columns[c.Dataset],
				flow.Column{ID: id, Dataset: c.Dataset, Path: c.Path, Position: c.Position, Declared: declared[id]})
		}
	}
	for _, id := range datasets {
		all := slices.Concat(declared[id], inherited[id])
		s.coarse[id] = slices.DeleteFunc(all, func(class string) bool { return slices.Contains(carried[id], class) })
		slices.SortFunc(s.columns[id], func(a, b flow.Column) int { return cmp.Compare(a.ID, b.ID) })
	}
	return nil
}

// classesOf are the names of the data classes that things declare, and of those that flow into them in clear text.
func classesOf(ctx context.Context, r graph.Reader, ids []graph.ID) (declared, inherited map[graph.ID][]string, err error) {
	edges, err := allEdges(ctx, r, ids, graph.Out, catalog.RelClass, catalog.RelInherits)
	if err != nil {
		return nil, nil, err
	}
	seen := map[graph.ID]bool{}
	for _, e := range edges {
		seen[e.To] = true
	}
	names, err := getAll(ctx, r, catalog.ClassType, sortedIDs(seen))
	if err != nil {
		return nil, nil, err
	}
	declared, inherited = map[graph.ID][]string{}, map[graph.ID][]string{}
	for _, e := range edges {
		to := inherited
		if e.Rel == catalog.RelClass {
			to = declared
		}
		if name := names[e.To].Name; !slices.Contains(to[e.From], name) {
			to[e.From] = append(to[e.From], name)
		}
	}
	return declared, inherited, nil
}

// snapshot is what flows into columns of datasets, as far as it is kept; no columns of a part are all of them.
func (s *shelf) snapshot(parts []Part) flow.Snapshot {
	var out flow.Snapshot
	for _, p := range parts {
		var asked []graph.ID
		for _, c := range s.columns[p.Dataset] {
			if len(p.Columns) > 0 && !slices.Contains(p.Columns, c.ID) {
				continue
			}
			asked = append(asked, c.ID)
			out.Columns = append(out.Columns, c)
			for _, class := range s.inherits[c.ID] {
				out.Inflows = append(out.Inflows, flow.Inflow{Class: class, Column: c.ID})
			}
		}
		for _, class := range s.coarse[p.Dataset] {
			out.Coarse = append(out.Coarse, flow.Coarse{Class: class, Columns: asked, Origin: p.Dataset})
		}
	}
	return out
}
