package audit

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"weir/errs"
	"weir/graph"
)

// Filter says which entries are looked for; what is zero doesn't count.
type Filter struct {
	Actor    string    // id of who acted
	Action   string    // "catalog.describe", or an area of actions: "catalog" or "catalog."
	Asset    graph.ID  // what was asked for, or changed
	From, To time.Time // From <= Entry.At < To
}

// Found is a page of entries, newest first, without what lies beside their leaves: Changes are empty. It may hold fewer
// than the limit, or none, and still have a Next.
type Found struct {
	Entries []Entry
	Next    string
}

const (
	findChunk = 200  // entries read at once
	findMost  = 4000 // entries that one page reads before it gives what it has
)

// Find returns the entries that fit a filter. It goes along the index of what is rarest, so its cost doesn't grow with the log.
func Find(ctx context.Context, r graph.Reader, f Filter, limit int, after string) (Found, error) {
	if limit < 1 || limit > graph.MaxPage {
		return Found{}, errs.Badf("limit", "must be between 1 and %d.", graph.MaxPage)
	}
	s := search{r: r, f: f, from: mark{at: endOfTime}, chunk: findChunk}
	if !f.To.IsZero() {
		s.from.at = graph.Time(f.To).Add(-time.Microsecond)
	}
	if err := s.resume(after); err != nil {
		return Found{}, err
	}
	var out Found
	for read := 0; ; {
		entries, more, err := s.next(ctx)
		if err != nil {
			return Found{}, err
		}
		for _, e := range entries {
			if !f.fits(e) {
				continue
			}
			if len(out.Entries) == limit {
				out.Next = s.cursor(markOf(out.Entries[limit-1]))
				return out, nil
			}
			out.Entries = append(out.Entries, e)
		}
		if !more {
			return out, nil
		}
		if read += len(entries); read >= findMost {
			out.Next = s.cursor(s.from)
			return out, nil
		}
	}
}

// fits tells whether an entry is looked for, but for the asset, which only the index knows.
func (f Filter) fits(e Entry) bool {
	name, isArea := f.area()
	return (f.Actor == "" || e.Actor == f.Actor) &&
		(f.Action == "" || !isArea && e.Action == f.Action || isArea && area(e.Action) == name) &&
		(f.From.IsZero() || !e.At.Before(f.From))
}

// area is the area that Action names, if it doesn't name a single action.
func (f Filter) area() (string, bool) {
	name := strings.TrimSuffix(f.Action, ".")
	return name, !strings.Contains(name, ".")
}

// mark is a place in the order of a page: by time, then id, both falling.
type mark struct {
	at time.Time
	id graph.ID // "" is before all of that time
}

// endOfTime is after every entry.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func markOf(e Entry) mark { return mark{e.At, e.ID} }

// before tells whether an entry comes later in a page than the mark.
func (m mark) before(e Entry) bool {
	return e.At.Before(m.at) || e.At.Equal(m.at) && (m.id == "" || e.ID < m.id)
}

// search goes through the entries of an index in chunks.
type search struct {
	r     graph.Reader
	f     Filter
	from  mark
	chunk int
}

func (s *search) question() string {
	return fmt.Sprintf("audit %s %s %s %d %d", s.f.Actor, s.f.Action, s.f.Asset, s.f.From.UnixMicro(), s.f.To.UnixMicro())
}

func (s *search) cursor(m mark) string {
	return graph.Cursor(s.question(), strconv.FormatInt(m.at.UnixMicro(), 10), string(m.id))
}

func (s *search) resume(after string) error {
	position, err := graph.ParseCursor(s.question(), after)
	if position == nil || err != nil {
		return err
	}
	bad := errs.Bad("after", "is not a cursor of this list; begin again without it.")
	if len(position) != 2 {
		return bad
	}
	micros, err := strconv.ParseInt(position[0], 10, 64)
	if err != nil {
		return bad
	}
	s.from = mark{time.UnixMicro(micros).UTC(), graph.ID(position[1])}
	return nil
}

// next reads the entries after the mark and moves it; more tells whether there may be others.
func (s *search) next(ctx context.Context) (entries []Entry, more bool, err error) {
	found, horizon, err := s.read(ctx)
	if err != nil {
		return nil, false, err
	}
	slices.SortFunc(found, func(a, b Entry) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(string(b.ID), string(a.ID)))
	})
	for _, e := range slices.CompactFunc(found, func(a, b Entry) bool { return a.ID == b.ID }) {
		if s.from.before(e) && e.At.After(horizon) {
			entries = append(entries, e)
		}
	}
	more = !horizon.IsZero()
	if len(entries) > 0 {
		s.from, s.chunk = markOf(entries[len(entries)-1]), findChunk
	} else if more { // a chunk of entries of the same moment
		if s.chunk *= 2; s.chunk > graph.MaxBatch {
			return nil, false, errs.E(errs.TooLarge, "Too many entries are of the same moment to be listed.")
		}
	}
	return entries, more, nil
}

// read reads a chunk from each index in question. All entries that are later than the horizon are among them; a zero one
// says that these are all.
func (s *search) read(ctx context.Context) (found []Entry, horizon time.Time, err error) {
	nodes, horizon, err := s.listed(ctx)
	if err != nil {
		return nil, horizon, err
	}
	if s.f.Asset != "" {
		changed, to, err := s.changed(ctx)
		if err != nil {
			return nil, horizon, err
		}
		nodes = append(nodes, changed...)
		if to.After(horizon) {
			horizon = to
		}
	}
	for _, n := range nodes {
		e, _, err := head(n)
		if err != nil {
			return nil, horizon, err
		}
		found = append(found, e)
	}
	return found, horizon, nil
}

// listed reads a chunk from the index of the rarest property, and how far back it reaches.
func (s *search) listed(ctx context.Context) (nodes []graph.Node, horizon time.Time, err error) {
	q := s.query()
	for {
		q.Limit = min(s.chunk-len(nodes), graph.MaxPage)
		page, err := s.r.List(ctx, q)
		if err != nil {
			return nil, horizon, err
		}
		nodes = append(nodes, page.Nodes...)
		if q.After = page.Next; q.After == "" {
			return nodes, horizon, nil
		}
		if len(nodes) >= s.chunk {
			horizon, _ = nodes[len(nodes)-1].Props["at"].(time.Time)
			return nodes, horizon, nil
		}
	}
}

// query asks for entries by the rarest property.
func (s *search) query() graph.Query {
	q := graph.Query{Kind: recordType.Kind, Sort: "at", Desc: true, Where: []graph.Filter{
		{Prop: "at", Op: graph.Less, Values: []any{s.from.at.Add(time.Microsecond)}},
	}}
	if !s.f.From.IsZero() {
		q.Where = append(q.Where, graph.Filter{Prop: "at", Op: graph.More, Values: []any{graph.Time(s.f.From)}})
	}
	name, isArea := s.f.area()
	switch {
	case s.f.Asset != "":
		q.Where = append(q.Where, equals("target", string(s.f.Asset)))
	case s.f.Actor != "":
		q.Where = append(q.Where, equals("actor", s.f.Actor))
	case s.f.Action != "" && isArea:
		q.Where = append(q.Where, equals("area", name))
	case s.f.Action != "":
		q.Where = append(q.Where, equals("action", s.f.Action))
	}
	return q
}

func equals(prop, value string) graph.Filter {
	return graph.Filter{Prop: prop, Op: graph.OneOf, Values: []any{value}}
}

// changed reads a chunk of the entries that changed the asset, and how far back it reaches.
func (s *search) changed(ctx context.Context) ([]graph.Node, time.Time, error) {
	page, err := s.r.Edges(ctx, graph.EdgeQuery{
		Of: []graph.ID{s.f.Asset}, Dir: graph.In, Rels: []graph.Rel{RelAbout}, At: s.from.at, Limit: s.chunk,
	})
	if err != nil {
		return nil, time.Time{}, err
	}
	var horizon time.Time
	if page.Next != "" {
		horizon = page.Edges[len(page.Edges)-1].Valid.Since
	}
	var ids []graph.ID
	for _, e := range page.Edges {
		_, name, _ := strings.Cut(string(e.From), "_") // an entry and its payload have one name
		ids = append(ids, graph.ID(recordType.Spec.Prefix+"_"+name))
	}
	byID, err := s.r.Nodes(ctx, ids...)
	if err != nil {
		return nil, horizon, err
	}
	var nodes []graph.Node
	for _, n := range byID {
		nodes = append(nodes, n)
	}
	return nodes, horizon, nil
}
