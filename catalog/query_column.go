package catalog

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"weir/errs"
	"weir/graph"
)

// ColumnList asks for columns of a dataset.
type ColumnList struct {
	Dataset   graph.ID // an alias answers with the columns of its class
	Text      string   // part of the path, the type or the description; "" for all
	Sensitive bool     // only those that have a data class, declared or inherited
	First     int      // 1 to graph.MaxPage
	After     string
}

// ColumnView is a column as lists and pages show it.
type ColumnView struct {
	Column  Column
	Dataset Dataset // that it is shown in: of an alias class the head
	Attributes
}

// ColumnPage is a page of columns in the order of their position, gone ones last. Total counts what the filters keep,
// All every column of the dataset.
type ColumnPage struct {
	Page[ColumnView]
	Total, All int
}

// Columns lists the columns of a dataset and of all its aliases, merged by path: of several of one path that of the
// head is shown. NotFound if there is no such dataset.
func (s *Service) Columns(ctx context.Context, q ColumnList) (ColumnPage, error) {
	from, err := offset(q.After)
	if err != nil {
		return ColumnPage{}, err
	}
	if err := checkFirst(q.First); err != nil {
		return ColumnPage{}, err
	}
	d, err := one[Dataset](ctx, s, q.Dataset, "dataset")
	if err != nil {
		return ColumnPage{}, err
	}
	all, err := s.columnsOf(ctx, d)
	if err != nil {
		return ColumnPage{}, err
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(c Column) bool { return !c.mentions(q.Text) })
	if q.Sensitive {
		if kept, err = s.sensitive(ctx, kept); err != nil {
			return ColumnPage{}, err
		}
	}
	out := ColumnPage{Total: len(kept), All: len(all)}
	kept = kept[min(from, len(kept)):]
	if len(kept) > q.First {
		kept = kept[:q.First]
		out.Next = cursorAt(from + q.First)
	}
	out.Items, err = s.viewColumns(ctx, d, kept)
	return out, err
}

// Column looks a column up; NotFound if there is none.
func (s *Service) Column(ctx context.Context, id graph.ID) (ColumnView, error) {
	c, err := one[Column](ctx, s, id, "column")
	if err != nil {
		return ColumnView{}, err
	}
	d, err := one[Dataset](ctx, s, c.Dataset, "column")
	if err != nil {
		return ColumnView{}, err
	}
	views, err := s.viewColumns(ctx, d, []Column{c})
	if err != nil {
		return ColumnView{}, err
	}
	return views[0], nil
}

// viewColumns adds their attributes to columns, in four calls.
func (s *Service) viewColumns(ctx context.Context, d Dataset, cs []Column) ([]ColumnView, error) {
	of := make([]Asset, len(cs))
	for i, c := range cs {
		of[i] = Asset{c.ID, ColumnType.Kind, c}
	}
	at, err := s.attributesOf(ctx, of)
	if err != nil {
		return nil, err
	}
	out := make([]ColumnView, len(cs))
	for i, c := range cs {
		out[i] = ColumnView{c, d, at[c.ID]}
	}
	return out, nil
}

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

// offset reads the cursor of a list that is put together in memory.
func offset(after string) (int, error) {
	if after == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(after)
	if err != nil || n < 0 {
		return 0, errs.Bad("after", "is not a cursor of this list; begin again without it.")
	}
	return n, nil
}

// checkFirst holds the size of a page to the limits.
func checkFirst(n int) error {
	if n < 1 || n > graph.MaxPage {
		return errs.Badf("first", "is %d; a page has 1 to %d.", n, graph.MaxPage)
	}
	return nil
}
