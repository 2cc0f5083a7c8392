package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"weir/graph"
)

// columnsOf are the columns of a dataset and its aliases, merged and in order.
func (s *Service) columnsOf(ctx context.Context, d Dataset) ([]Column, error) {
	f, err := s.factsOf(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	members := ids(f[d.ID].Members)
	if len(members) == 0 {
		members = []graph.ID{d.ID}
	}
	edges, err := adjacent(ctx, s.store, members, graph.Out, RelHas)
	if err != nil {
		return nil, err
	}
	want := make([]graph.ID, len(edges))
	for i, e := range edges {
		want[i] = e.To
	}
	found, err := s.assets(ctx, want)
	if err != nil {
		return nil, err
	}
	by := map[string]Column{}
	for _, a := range found {
		c, ok := a.Value.(Column)
		if !ok {
			continue
		}
		if old, ok := by[c.Path]; !ok || better(c, old, d.ID) {
			by[c.Path] = c
		}
	}
	out := make([]Column, 0, len(by))
	for _, path := range sortedKeys(by) {
		out = append(out, by[path])
	}
	slices.SortStableFunc(out, byPosition)
	return out, nil
}

// better tells which of two columns of one path stands for both: the head's, else one that is still there, else the
// smaller id.
func better(a, b Column, head graph.ID) bool {
	if (a.Dataset == head) != (b.Dataset == head) {
		return a.Dataset == head
	}
	if a.Gone != b.Gone {
		return b.Gone
	}
	return a.ID < b.ID
}

// byPosition orders columns as their table does: unknown positions come after known ones, gone columns after all.
func byPosition(a, b Column) int {
	late := func(c Column) int {
		switch {
		case c.Gone:
			return 2
		case c.Position == 0:
			return 1
		}
		return 0
	}
	return cmp.Or(late(a)-late(b), a.Position-b.Position, strings.Compare(a.Path, b.Path))
}

func (c Column) mentions(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, in := range []string{c.Path, c.Type, c.Description} {
		if strings.Contains(strings.ToLower(in), text) {
			return true
		}
	}
	return false
}

// sensitive keeps the columns that have a data class.
func (s *Service) sensitive(ctx context.Context, cs []Column) ([]Column, error) {
	of := make([]graph.ID, len(cs))
	for i, c := range cs {
		of[i] = c.ID
	}
	has := map[graph.ID]bool{}
	for part := range slices.Chunk(of, graph.MaxBatch) {
		degrees, err := s.store.Degrees(ctx, part, []graph.Rel{RelClass, RelInherits}, noTime)
		if err != nil {
			return nil, err
		}
		for id, d := range degrees {
			has[id] = d.Out > 0
		}
	}
	return slices.DeleteFunc(cs, func(c Column) bool { return !has[c.ID] }), nil
}
