package gqlschema

import (
	"strconv"

	"weir/errs"
	"weir/gqlschema/gen"
	"weir/graph"
)

// The sizes of a connection's page.
const (
	defaultFirst = 25
	mostFirst    = 100
)

// page is what first and after of a connection ask for: the catalog's page that begins at after, without its first
// skip items. That gives each edge a cursor, although the catalog has one for each page.
type page struct {
	field string // of the schema; a cursor of another one is refused
	first int
	after string
	skip  int
}

// pageOf checks first and after.
func pageOf(field string, first *int, after *string) (page, error) {
	p := page{field: field, first: or(first, defaultFirst)}
	if p.first < 1 || p.first > mostFirst {
		return p, errs.Badf("first", "is %d; a page has 1 to %d.", p.first, mostFirst)
	}
	if or(after, "") == "" {
		return p, nil
	}
	bad := errs.Bad("after", "is not a cursor of this list; begin again without it.")
	at, err := graph.ParseCursor(field, *after)
	if err != nil || len(at) != 2 {
		return p, bad
	}
	p.after = at[0]
	if p.skip, err = strconv.Atoi(at[1]); err != nil || p.skip < 0 || p.skip > graph.MaxPage-mostFirst {
		return p, bad
	}
	return p, nil
}

// limit is how many items have to be read.
func (p page) limit() int { return p.first + p.skip }

func (p page) cursor(after string, skip int) string {
	return graph.Cursor(p.field, after, strconv.Itoa(skip))
}

// window is a page as a connection shows it.
type window[T any] struct {
	items   []T
	cursors []string
	info    *gen.PageInfo
}

// windowOf cuts the page out of what was read; next is the catalog's cursor behind that.
func windowOf[T any](p page, read []T, next string) window[T] {
	w := window[T]{items: read[min(p.skip, len(read)):]}
	for i := range w.items {
		at := p.cursor(p.after, p.skip+i+1)
		if i == len(w.items)-1 && next != "" {
			at = p.cursor(next, 0)
		}
		w.cursors = append(w.cursors, at)
	}
	w.info = infoOf(w.cursors, next != "", p.after != "" || p.skip > 0)
	return w
}

func infoOf(cursors []string, next, previous bool) *gen.PageInfo {
	info := &gen.PageInfo{HasNextPage: next, HasPreviousPage: previous}
	if n := len(cursors); n > 0 {
		info.StartCursor, info.EndCursor = &cursors[0], &cursors[n-1]
	}
	return info
}

// edges shows each item and wraps it together with its cursor.
func edges[T, N, E any](w window[T], show func(T) *N, wrap func(string, *N) *E) ([]*E, []*N) {
	es, ns := make([]*E, len(w.items)), make([]*N, len(w.items))
	for i, item := range w.items {
		ns[i] = show(item)
		es[i] = wrap(w.cursors[i], ns[i])
	}
	return es, ns
}

// or is what p points to, else a default: for arguments that a client may leave out or set to null.
func or[T any](p *T, other T) T {
	if p == nil {
		return other
	}
	return *p
}

// cut is the window on a list that is read as a whole.
func cut[T any](p page, whole []T) (window[T], error) {
	from, err := p.offset()
	if err != nil {
		return window[T]{}, err
	}
	w := window[T]{items: whole[min(from, len(whole)):]}
	more := len(w.items) > p.first
	w.items = w.items[:min(p.first, len(w.items))]
	for i := range w.items {
		w.cursors = append(w.cursors, p.cursor(strconv.Itoa(from+i+1), 0))
	}
	w.info = infoOf(w.cursors, more, from > 0)
	return w, nil
}

// offset is the place in a list that is counted through.
func (p page) offset() (int, error) {
	if p.after == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(p.after)
	if err != nil || n < 0 {
		return 0, errs.Bad("after", "is not a cursor of this list; begin again without it.")
	}
	return n, nil
}
