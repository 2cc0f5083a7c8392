package catalog

import (
	"context"
	"slices"

	"weir/audit"
	"weir/graph"
)

// Home is what the first page shows.
type Home struct {
	Totals  Counts
	Domains []DomainView // by name, at most 100
	Written []Dataset    // written last
	Failing []RunItem    // last runs of jobs whose last run failed, newest first
	Changed []ChangedAsset
}

// homeRows is the length of the lists on the first page.
const homeRows = 8

// Home answers the first page in twelve calls at most.
func (s *Service) Home(ctx context.Context) (Home, error) {
	totals, by, err := s.counts(ctx)
	if err != nil {
		return Home{}, err
	}
	domains, owned, err := s.domainsOwned(ctx)
	if err != nil {
		return Home{}, err
	}
	written, err := s.Datasets(ctx, DatasetList{Recent: true, First: homeRows})
	if err != nil {
		return Home{}, err
	}
	failed, err := s.Transforms(ctx, JobList{State: Failed, First: homeRows})
	if err != nil {
		return Home{}, err
	}
	entries, err := audit.Latest(ctx, s.store, changedEntries)
	if err != nil {
		return Home{}, err
	}
	order, last := latestChanges(entries, changedSpare*homeRows)
	want := slices.Concat(order, ends(owned), lastRuns(failed.Items))
	found, err := s.Assets(ctx, want...)
	if err != nil {
		return Home{}, err
	}
	changed, err := s.shownChanges(ctx, changedAssets(order, last, found, homeRows))
	if err != nil {
		return Home{}, err
	}
	loaded := slices.DeleteFunc(written.Items, func(d Dataset) bool { return d.Written.IsZero() })
	return Home{
		Totals: totals, Domains: domainViews(domains, owned, by, found), Written: loaded,
		Failing: failing(failed.Items, found), Changed: changed,
	}, nil
}

// Failing are the last runs of the jobs whose last run failed, newest first.
func (s *Service) Failing(ctx context.Context, first int) ([]RunItem, error) {
	jobs, err := s.Transforms(ctx, JobList{State: Failed, First: first})
	if err != nil {
		return nil, err
	}
	found, err := s.assets(ctx, lastRuns(jobs.Items))
	return failing(jobs.Items, found), err
}

func lastRuns(ts []Transform) []graph.ID {
	out := make([]graph.ID, len(ts))
	for i, t := range ts {
		out[i] = t.LastRun
	}
	return out
}

func failing(ts []Transform, found map[graph.ID]Asset) []RunItem {
	var out []RunItem
	for _, t := range ts {
		if r, ok := found[t.LastRun].Value.(Run); ok {
			out = append(out, RunItem{Run: r, Job: Asset{t.ID, TransformType.Kind, t}})
		}
	}
	return out
}

// ends are the other ends of edges that were asked for in direction Out.
func ends(es []graph.Edge) []graph.ID {
	out := make([]graph.ID, len(es))
	for i, e := range es {
		out[i] = e.To
	}
	return out
}

// Counts tells how many assets there are, in four calls.
func (s *Service) Counts(ctx context.Context) (Counts, error) {
	all, _, err := s.counts(ctx)
	return all, err
}

// counts are the numbers of all assets, and those of each domain.
func (s *Service) counts(ctx context.Context) (Counts, map[graph.ID]*Counts, error) {
	var all Counts
	by := map[graph.ID]*Counts{}
	failed := []graph.Filter{is("lastState", string(Failed))}
	for _, part := range []struct {
		kind  graph.Kind
		where []graph.Filter
		count func(*Counts) *int
	}{
		{DatasetType.Kind, []graph.Filter{noAlias, notInferred}, func(c *Counts) *int { return &c.Datasets }},
		{TransformType.Kind, nil, func(c *Counts) *int { return &c.Transforms }},
		{ConsumerKind.Kind, nil, func(c *Counts) *int { return &c.Consumers }},
		{TransformType.Kind, failed, func(c *Counts) *int { return &c.Failing }},
	} {
		res, err := s.find(ctx, graph.Search{
			Kinds: []graph.Kind{part.kind}, Where: part.where, Facets: []graph.Facet{{Prop: "domain"}}})
		if err != nil {
			return all, nil, err
		}
		*part.count(&all) = res.Total
		all.Capped = all.Capped || res.Capped
		for _, b := range res.Facets["domain"] {
			c, ok := by[graph.ID(b.Value)]
			if !ok {
				c = &Counts{}
				by[graph.ID(b.Value)] = c
			}
			*part.count(c) = b.Count
			c.Capped = c.Capped || res.Capped
		}
	}
	return all, by, nil
}
