package graphtest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"weir/graph"
)

// view answers questions from one state.
type view struct {
	*state
	schema graph.Schema
}

func (v view) Nodes(_ context.Context, ids ...graph.ID) (map[graph.ID]graph.Node, error) {
	out := map[graph.ID]graph.Node{}
	for _, id := range ids {
		if n, ok := v.nodes[id]; ok {
			out[id] = own(n)
		}
	}
	return out, nil
}

// own is a node whose properties the caller may change.
func own(n graph.Node) graph.Node {
	n.Props = maps.Clone(n.Props)
	return n
}

// moment is a pair of times to look at: what held at one of them, as the store knew it at the other.
type moment struct{ at, known time.Time }

func momentOf(at, known time.Time) moment {
	if at.IsZero() {
		at = now()
	}
	return moment{at, known}
}

func (m moment) holds(e graph.Edge) bool {
	known := e.Known.Until.IsZero()
	if !m.known.IsZero() {
		known = e.Known.Holds(m.known)
	}
	return known && e.Valid.Holds(m.at)
}

// rowsOf are all rows of the relations that a node has along a direction.
func (v view) rowsOf(id graph.ID, dir graph.Dir, rels []graph.Rel) []graph.Edge {
	var out []graph.Edge
	for _, name := range v.namesOf(id) {
		end := name.from
		if dir == graph.In {
			end = name.to
		}
		if end == id && slices.Contains(rels, name.rel) {
			out = append(out, v.rows[name]...)
		}
	}
	return out
}

// namesOf are the edges that may be a node's: of a state that still changes, all there are.
func (v view) namesOf(id graph.ID) []edgeName {
	if v.ends != nil {
		return v.ends[id]
	}
	return slices.Collect(maps.Keys(v.rows))
}

func (s *state) index() {
	s.ends = map[graph.ID][]edgeName{}
	for name := range s.rows {
		s.ends[name.from] = append(s.ends[name.from], name)
		if name.to != name.from {
			s.ends[name.to] = append(s.ends[name.to], name)
		}
	}
}

func other(e graph.Edge, dir graph.Dir) graph.ID {
	if dir == graph.In {
		return e.From
	}
	return e.To
}

func (v view) Edges(_ context.Context, q graph.EdgeQuery) (graph.EdgePage, error) {
	after, err := graph.ParseCursor(q.Question(), q.After)
	if err != nil {
		return graph.EdgePage{}, err
	}
	m := momentOf(q.At, q.Known)
	var page graph.EdgePage
	for _, id := range q.Of {
		rows := v.rowsOf(id, q.Dir, q.Rels)
		rows = slices.DeleteFunc(rows, func(e graph.Edge) bool {
			return !q.All && !m.holds(e) || after != nil && slices.Compare(position(e, q.Dir), after) <= 0
		})
		slices.SortFunc(rows, func(a, b graph.Edge) int { return slices.Compare(position(a, q.Dir), position(b, q.Dir)) })
		if len(rows) > q.Limit {
			rows = rows[:q.Limit]
			page.More = append(page.More, id)
			if len(q.Of) == 1 {
				page.Next = graph.Cursor(q.Question(), position(rows[q.Limit-1], q.Dir)...)
			}
		}
		for _, e := range rows {
			e.Props = maps.Clone(e.Props)
			page.Edges = append(page.Edges, e)
		}
	}
	return page, nil
}

// position is where an edge stands in an edge list, in strings that sort as the list does.
func position(e graph.Edge, dir graph.Dir) []string {
	const most = 1 << 62 // more than any time's microseconds, so that what is left has one length and no sign
	since := strconv.FormatInt(most-e.Valid.Since.UnixMicro(), 10)
	known := strconv.FormatInt(most+e.Known.Since.UnixMicro(), 10)
	return []string{since, string(other(e, dir)), string(e.Rel), e.Key, known}
}

func (v view) Degrees(_ context.Context, ids []graph.ID, rels []graph.Rel, at time.Time) (map[graph.ID]graph.Degree, error) {
	out := map[graph.ID]graph.Degree{}
	for _, id := range ids {
		if _, ok := v.nodes[id]; ok {
			out[id] = v.degree(id, rels, momentOf(at, time.Time{}))
		}
	}
	return out, nil
}

func (v view) degree(id graph.ID, rels []graph.Rel, m moment) graph.Degree {
	return graph.Degree{In: v.count(id, graph.In, rels, m), Out: v.count(id, graph.Out, rels, m)}
}

func (v view) count(id graph.ID, dir graph.Dir, rels []graph.Rel, m moment) int {
	type end struct {
		rel graph.Rel
		id  graph.ID
	}
	ends := map[end]bool{}
	for _, e := range v.rowsOf(id, dir, rels) {
		if m.holds(e) {
			ends[end{e.Rel, other(e, dir)}] = true
		}
	}
	return len(ends)
}

func compareEdges(a, b graph.Edge) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Rel, b.Rel), cmp.Compare(a.To, b.To), cmp.Compare(a.Key, b.Key))
}
