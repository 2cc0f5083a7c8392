package catalog

import (
	"context"
	"slices"
	"time"

	"weir/graph"
)

// maxRefine is how many pages of graph.MaxPage matches are looked at one by one.
const maxRefine = 3

// refine looks at the matches of what the store answers, best first, and keeps those that pass all checks.
func (s *Service) refine(ctx context.Context, p *plan) error {
	if len(p.checks) == 0 {
		return nil
	}
	needs := func(of func(check) bool) bool { return slices.ContainsFunc(p.checks, of) }
	stale := needs(func(c check) bool { return c.stale })
	pages := maxRefine
	if stale {
		pages = 1 // three more calls are needed for each match's jobs
	}
	hits, all, err := s.matching(ctx, p, pages)
	if err != nil {
		return err
	}
	if !all {
		p.partial = true
		p.notes = append(p.notes, "Terms with a minus, column:, has: and is: were looked at among the first matches only; narrow the search to see all.")
	}
	around := make(map[graph.ID]*seen, len(hits))
	for _, h := range hits {
		a, _, err := readAsset(h.Node)
		if err != nil {
			return err
		}
		around[a.ID] = &seen{asset: a, props: h.Node.Props}
	}
	if needs(func(c check) bool { return c.edges }) {
		if err := s.seeEdges(ctx, p, around); err != nil {
			return err
		}
	}
	if stale {
		if err := s.seeStale(ctx, p, around); err != nil {
			return err
		}
	}
	kept := []graph.ID{}
	for _, id := range sortedKeys(around) {
		if !slices.ContainsFunc(p.checks, func(c check) bool { return !c.holds(around[id]) }) {
			kept = append(kept, id)
		}
	}
	p.among[refined] = kept
	return nil
}

// refined is where a plan keeps what passed the checks, beside the fields.
const refined = "checks"

func (s *Service) matching(ctx context.Context, p *plan, pages int) (hits []graph.Hit, all bool, err error) {
	q := p.search("")
	q.Limit = graph.MaxPage
	q.Sort, q.Desc = p.sort()
	for range pages {
		res, err := s.find(ctx, q)
		if err != nil {
			return nil, false, err
		}
		p.calls++
		hits = append(hits, res.Hits...)
		if q.Offset += graph.MaxPage; q.Offset >= res.Total && !res.Capped {
			return hits, true, nil
		}
	}
	return hits, false, nil
}

func (s *Service) seeEdges(ctx context.Context, p *plan, around map[graph.ID]*seen) error {
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: sortedKeys(around), Dir: graph.Out, Rels: attrRels})
	p.calls++
	for _, e := range page.Edges {
		around[e.From].edges = append(around[e.From].edges, e)
	}
	return err
}

// seeStale marks the matches that have an unconfirmed lineage edge.
func (s *Service) seeStale(ctx context.Context, p *plan, around map[graph.ID]*seen) error {
	of := sortedKeys(around)
	var edges []graph.Edge
	for _, dir := range []graph.Dir{graph.Out, graph.In} {
		page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: of, Dir: dir, Rels: LineageRels})
		if err != nil {
			return err
		}
		edges = append(edges, page.Edges...)
	}
	jobs := make([]graph.ID, len(edges))
	for i, e := range edges {
		jobs[i] = jobEnd(e)
	}
	found, err := s.assets(ctx, jobs)
	if err != nil {
		return err
	}
	p.calls += 3
	for i, e := range edges {
		if !stale(e, found[jobs[i]]) {
			continue
		}
		for _, id := range []graph.ID{e.From, e.To} {
			if f, ok := around[id]; ok {
				f.stale = true
			}
		}
	}
	return nil
}

// jobEnd is the end of a lineage edge that is a transform or consumer.
func jobEnd(e graph.Edge) graph.ID {
	if e.Rel == RelOutput {
		return e.From
	}
	return e.To
}

// stale tells whether a lineage edge was confirmed last before the last completed run of its source at its job.
func stale(e graph.Edge, job Asset) bool {
	var list []string
	switch v := job.Value.(type) {
	case Transform:
		list = v.Completed
	case Consumer:
		list = v.Completed
	}
	confirmed, _ := e.Props[EdgeConfirmed].(time.Time)
	for _, s := range list {
		c, ok := parseCompletion(s)
		if ok && string(c.source) == e.Key && confirmed.Before(c.first) {
			return true
		}
	}
	return false
}
