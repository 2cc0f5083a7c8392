package lineage

import (
	"context"
	"maps"
	"slices"
	"time"

	"weir/errs"
	"weir/graph"
)

// The bounds of Versions.
const (
	DefaultVersions = 50
	MostVersions    = 500
	MostVersionRows = 20_000 // statements that are looked at
)

// VersionQuery asks when the lineage around an asset changed.
type VersionQuery struct {
	Root      graph.ID
	Direction Direction
	Depth     int // edges, 1 to 2*EdgesPerStep: each one costs a call
	Indirect  bool
	Max       int // times, at most MostVersions; 0: DefaultVersions
}

// Versions are the times, latest first, at which an edge within the depth of the root began or ended to hold. AsOf any
// of them is the lineage from then on until the next one.
type Versions struct {
	Root  graph.ID
	Times []time.Time
	More  bool // earlier ones are left out
}

// Versions answers a query. Errors are those of Lineage.
func (s *Service) Versions(ctx context.Context, q VersionQuery) (Versions, error) {
	if q.Depth < 1 || q.Depth > 2*EdgesPerStep {
		return Versions{}, errs.Badf("depth", "is %d; it counts edges and lies between 1 and %d.", q.Depth, 2*EdgesPerStep)
	}
	if q.Max < 0 || q.Max > MostVersions {
		return Versions{}, errs.Badf("max", "is %d; it lies between 1 and %d.", q.Max, MostVersions)
	}
	if q.Max == 0 {
		q.Max = DefaultVersions
	}
	root, err := s.asset(ctx, "root", q.Root)
	if err != nil {
		return Versions{}, err
	}
	out := Versions{Root: root.ID}
	found := map[time.Time]bool{}
	for _, side := range q.Direction.sides() {
		h, err := s.history(ctx, root, q, side.dir())
		if err != nil {
			return Versions{}, err
		}
		out.More = out.More || h.capped
		maps.Copy(found, h.changes(root.ID, q.Depth, q.Max+1))
	}
	out.Times = slices.SortedFunc(maps.Keys(found), func(a, b time.Time) int { return b.Compare(a) })
	if len(out.Times) > q.Max {
		out.Times, out.More = out.Times[:q.Max], true
	}
	return out, nil
}

// history is every statement, of any time, on any way of some length from a root.
type history struct {
	dir    graph.Dir
	rows   map[graph.ID][]graph.Edge // by the end that is nearer to the root
	times  map[time.Time]bool
	capped bool
}

// history walks hop by hop along whatever held at any time, as the store knows it now.
func (s *Service) history(ctx context.Context, root graph.Node, q VersionQuery, dir graph.Dir) (history, error) {
	h := history{dir: dir, rows: map[graph.ID][]graph.Edge{}, times: map[time.Time]bool{}}
	level := []graph.ID{root.ID}
	seen := map[graph.ID]bool{root.ID: true}
	total := 0
	for range q.Depth {
		if len(level) == 0 {
			break
		}
		if len(level) > graph.MaxBatch {
			level, h.capped = level[:graph.MaxBatch], true
		}
		page, err := s.store.Edges(ctx, graph.EdgeQuery{
			Of: level, Dir: dir, Rels: relations(root, q.Indirect), All: true, Limit: max(1, min(graph.MaxBatch, MostVersionRows/len(level))),
		})
		if err != nil {
			return h, err
		}
		total += len(page.Edges)
		h.capped = h.capped || len(page.More) > 0
		level = h.take(page.Edges, seen)
		if total >= MostVersionRows {
			h.capped = true
			break
		}
	}
	return h, nil
}

// take keeps the rows that the store still believes, and returns the nodes that they lead to for the first time.
func (h *history) take(rows []graph.Edge, seen map[graph.ID]bool) []graph.ID {
	var next []graph.ID
	for _, e := range rows {
		if !e.Known.Until.IsZero() {
			continue
		}
		near, far := asked(e, h.dir), other(e, h.dir)
		h.rows[near] = append(h.rows[near], e)
		for _, t := range []time.Time{e.Valid.Since, e.Valid.Until} {
			if !t.IsZero() {
				h.times[t] = true
			}
		}
		if !seen[far] {
			seen[far] = true
			next = append(next, far)
		}
	}
	return next
}

// changes are the latest times, at most as many as asked for, at which what can be reached differs from the moment
// before: a statement of an edge that another source states anyway, or that nothing led to, changed nothing.
func (h *history) changes(root graph.ID, depth, most int) map[time.Time]bool {
	out := map[time.Time]bool{}
	times := slices.SortedFunc(maps.Keys(h.times), time.Time.Compare)
	for i := len(times) - 1; i >= 0 && len(out) < most; i-- {
		before := graph.MinTime
		if i > 0 {
			before = times[i-1]
		}
		if !maps.Equal(h.reached(root, depth, before), h.reached(root, depth, times[i])) {
			out[times[i]] = true
		}
	}
	return out
}

// reached are the edges that a walk at a time follows.
func (h *history) reached(root graph.ID, depth int, at time.Time) map[endsOf]bool {
	edges := map[endsOf]bool{}
	seen := map[graph.ID]bool{root: true}
	level := []graph.ID{root}
	for range depth {
		var next []graph.ID
		for _, id := range level {
			for _, e := range h.rows[id] {
				if !e.Valid.Holds(at) {
					continue
				}
				edges[endsOf{e.From, e.To, e.Rel}] = true
				if far := other(e, h.dir); !seen[far] {
					seen[far] = true
					next = append(next, far)
				}
			}
		}
		level = next
	}
	return edges
}
