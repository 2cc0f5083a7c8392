package catalog

import (
	"context"
	"slices"
	"strconv"

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
	if err := s.recordReads(ctx, d); err != nil {
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
	if err := s.recordReads(ctx, d); err != nil {
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
