package sqlite

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"weir/graph"
)

// edges answers an EdgeQuery node by node.
func (s *session) edges(q graph.EdgeQuery) (graph.EdgePage, error) {
	var page graph.EdgePage
	c := s.newScan(q.Dir, q.Rels, q.At, q.Known, q.All)
	after, err := parseEdgePlace(q)
	if err != nil {
		return page, err
	}
	of, err := s.numsOf(q.Of)
	if err != nil {
		return page, err
	}
	for i, id := range q.Of {
		if of[i] == 0 {
			continue
		}
		num := of[i]
		places, err := s.edgePlaces(c, num, after, q.Limit+1)
		if err != nil {
			return page, err
		}
		if len(places) > q.Limit {
			places = places[:q.Limit]
			page.More = append(page.More, id)
			if len(q.Of) == 1 {
				page.Next = places[q.Limit-1].cursor(q)
			}
		}
		nums := make([]int64, len(places))
		for i, p := range places {
			nums[i] = p.num
		}
		edges, err := s.edgesOf(nums, map[int64]graph.ID{num: id})
		if err != nil {
			return page, err
		}
		page.Edges = append(page.Edges, edges...)
	}
	return page, nil
}

// edgePlace is where an edge stands among those of one node.
type edgePlace struct {
	num, since int64
	other      graph.ID
	rel, key   string
	known      int64
}

func (a edgePlace) compare(b edgePlace) int {
	return cmp.Or(
		cmp.Compare(b.since, a.since), cmp.Compare(a.other, b.other), cmp.Compare(a.rel, b.rel),
		cmp.Compare(a.key, b.key), cmp.Compare(a.known, b.known),
	)
}

func (a edgePlace) cursor(q graph.EdgeQuery) string {
	return graph.Cursor(q.Question(), strconv.FormatInt(a.since, 10), string(a.other), a.rel, a.key,
		strconv.FormatInt(a.known, 10))
}

// parseEdgePlace returns the place that a cursor names; nil without one.
func parseEdgePlace(q graph.EdgeQuery) (*edgePlace, error) {
	p, err := graph.ParseCursor(q.Question(), q.After)
	if p == nil || err != nil {
		return nil, err
	}
	if len(p) != 5 {
		return nil, errCursor
	}
	since, err1 := strconv.ParseInt(p[0], 10, 64)
	known, err2 := strconv.ParseInt(p[4], 10, 64)
	if err1 != nil || err2 != nil {
		return nil, errCursor
	}
	return &edgePlace{since: since, other: graph.ID(p[1]), rel: p[2], key: p[3], known: known}, nil
}

// edgePlaces returns the first n places after one. The ids of other ends are read only as far as they are needed
// for the order: a hub has many edges, and a page shows few.
func (s *session) edgePlaces(c *scan, node int64, after *edgePlace, n int) ([]edgePlace, error) {
	var all []edgeRow
	err := c.each([]int64{node}, func(row edgeRow) {
		if after == nil || row.since <= after.since {
			all = append(all, row)
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b edgeRow) int { return cmp.Compare(b.since, a.since) })
	var out []edgePlace
	for len(all) > 0 && len(out) < n {
		end := 1
		for end < len(all) && all[end].since == all[0].since {
			end++
		}
		group, err := s.places(all[:end])
		if err != nil {
			return nil, err
		}
		for _, p := range group {
			if after == nil || p.compare(*after) > 0 {
				out = append(out, p)
			}
		}
		all = all[end:]
	}
	return out[:min(n, len(out))], nil
}

// places orders rows that began at one time.
func (s *session) places(group []edgeRow) ([]edgePlace, error) {
	ids := make(map[int64]graph.ID, len(group))
	nums := make([]int64, len(group))
	for i, row := range group {
		nums[i] = row.other
	}
	if err := s.idsOf(nums, ids); err != nil {
		return nil, err
	}
	out := make([]edgePlace, len(group))
	for i, row := range group {
		rel, err := s.terms.text(s, row.rel)
		if err != nil {
			return nil, err
		}
		key, err := s.terms.text(s, row.key)
		if err != nil {
			return nil, err
		}
		out[i] = edgePlace{row.num, row.since, ids[row.other], rel, key, row.known}
	}
	slices.SortFunc(out, edgePlace.compare)
	return out, nil
}

func (s *session) degrees(ids []graph.ID, rels []graph.Rel, at time.Time) (map[graph.ID]graph.Degree, error) {
	if at.IsZero() {
		at = time.Now() // one time for both directions
	}
	out := make(map[graph.ID]graph.Degree, len(ids))
	in := s.newScan(graph.In, rels, at, time.Time{}, false)
	down := s.newScan(graph.Out, rels, at, time.Time{}, false)
	nums, err := s.numsOf(ids)
	if err != nil {
		return nil, err
	}
	into, err := in.degrees(nums)
	if err != nil {
		return nil, err
	}
	outOf, err := down.degrees(nums)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if nums[i] != 0 {
			out[id] = graph.Degree{In: into[nums[i]], Out: outOf[nums[i]]}
		}
	}
	return out, nil
}

// Edges returns one hop.
func (s *store) Edges(ctx context.Context, q graph.EdgeQuery) (page graph.EdgePage, err error) {
	err = s.read(ctx, func(r *session) (err error) {
		page, err = r.edges(q)
		return err
	})
	return page, err
}

// Edges returns one hop.
func (t *tx) Edges(ctx context.Context, q graph.EdgeQuery) (page graph.EdgePage, err error) {
	err = t.do(ctx, func() (err error) {
		page, err = t.s.edges(q)
		return err
	})
	return page, err
}

// Degrees counts neighbours.
func (s *store) Degrees(ctx context.Context, ids []graph.ID, rels []graph.Rel, at time.Time) (out map[graph.ID]graph.Degree, err error) {
	err = s.read(ctx, func(r *session) (err error) {
		out, err = r.degrees(ids, rels, at)
		return err
	})
	return out, err
}

// Degrees counts neighbours.
func (t *tx) Degrees(ctx context.Context, ids []graph.ID, rels []graph.Rel, at time.Time) (out map[graph.ID]graph.Degree, err error) {
	err = t.do(ctx, func() (err error) {
		out, err = t.s.degrees(ids, rels, at)
		return err
	})
	return out, err
}
