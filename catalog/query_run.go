package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"weir/graph"
)

// noTime asks the store for now.
var noTime time.Time

// RunList asks for runs, newest first.
type RunList struct {
	// Of is a transform or consumer, or a dataset: then the runs of the jobs that write it. "" lists runs of all jobs
	// by their last event.
	Of    graph.ID
	State RunState // with Of "" only: running, completed, failed, aborted or other; "" for all
	First int      // 1 to graph.MaxPage
	After string
}

// maxWriters is the number of jobs of a dataset whose runs are merged into one list: the ones that were confirmed last.
const maxWriters = 4

// Runs lists runs, newest first. The runs of a dataset are those of the jobs that write it; of more than four such jobs
// it takes the four that wrote it last.
func (s *Service) Runs(ctx context.Context, q RunList) (Page[RunItem], error) {
	if err := checkFirst(q.First); err != nil {
		return Page[RunItem]{}, err
	}
	var page Page[Run]
	var err error
	switch {
	case q.Of == "":
		page, err = s.latestRuns(ctx, q)
	case strings.HasPrefix(string(q.Of), DatasetType.Spec.Prefix+"_"):
		page, err = s.runsOfDataset(ctx, q)
	default:
		page, err = s.runsOfJob(ctx, q.Of, q.First, q.After)
	}
	if err != nil {
		return Page[RunItem]{}, err
	}
	items, err := s.runItems(ctx, page.Items)
	return Page[RunItem]{items, page.Next}, err
}

func (s *Service) latestRuns(ctx context.Context, q RunList) (Page[Run], error) {
	ask := graph.Query{Kind: RunType.Kind, Sort: "last", Desc: true, Limit: q.First, After: q.After}
	if q.State != "" {
		ask.Where = []graph.Filter{is("state", string(q.State))}
	}
	return sifted(ctx, s, RunType, ask, siftRuns, s.seenRuns)
}

// seenRuns tells of which runs the viewer may see the job.
func (s *Service) seenRuns(ctx context.Context, runs []Run) ([]bool, error) {
	jobs := make([]graph.ID, len(runs))
	for i, r := range runs {
		jobs[i] = r.Job
	}
	found, err := s.assets(ctx, jobs)
	out := make([]bool, len(runs))
	for i, job := range jobs {
		out[i] = found[job].Value != nil
	}
	return out, err
}

// runsOfJob are the runs of a job; none of one that the viewer may not see.
func (s *Service) runsOfJob(ctx context.Context, job graph.ID, first int, after string) (Page[Run], error) {
	if s.visible(ctx) != nil {
		if found, err := s.assets(ctx, []graph.ID{job}); err != nil || found[job].Value == nil {
			return Page[Run]{}, err
		}
	}
	return page(ctx, s, RunType, graph.Query{
		Kind: RunType.Kind, Where: []graph.Filter{is("job", string(job))}, Sort: "first", Desc: true, Limit: first, After: after,
	})
}

// runsOfDataset merges the runs of the jobs that write a dataset. Its cursor is that of each job's list, joined.
func (s *Service) runsOfDataset(ctx context.Context, q RunList) (Page[Run], error) {
	d, err := one[Dataset](ctx, s, q.Of, "dataset")
	if err != nil {
		return Page[Run]{}, err
	}
	jobs, err := s.writersOf(ctx, d.ID)
	if err != nil || len(jobs) == 0 {
		return Page[Run]{}, err
	}
	if len(jobs) == 1 {
		return s.runsOfJob(ctx, jobs[0], q.First, q.After)
	}
	from, err := offset(q.After)
	if err != nil {
		return Page[Run]{}, err
	}
	var all []Run
	more := false
	for _, job := range jobs {
		page, err := s.runsOfJob(ctx, job, min(from+q.First, graph.MaxPage), "")
		if err != nil {
			return Page[Run]{}, err
		}
		all = append(all, page.Items...)
		more = more || page.Next != ""
	}
	slices.SortFunc(all, func(a, b Run) int { return cmp.Or(b.First.Compare(a.First), cmp.Compare(b.ID, a.ID)) })
	return slicePage(all, from, q.First, more && from+q.First < graph.MaxPage), nil
}

// writersOf are the jobs that write a dataset, those confirmed last first, at most maxWriters.
func (s *Service) writersOf(ctx context.Context, dataset graph.ID) ([]graph.ID, error) {
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{dataset}, Dir: graph.In, Rels: []graph.Rel{RelOutput}})
	if err != nil {
		return nil, err
	}
	last := map[graph.ID]time.Time{}
	for _, e := range page.Edges {
		at, _ := e.Props[EdgeConfirmed].(time.Time)
		if old, ok := last[e.From]; !ok || at.After(old) {
			last[e.From] = at
		}
	}
	jobs := sortedKeys(last)
	slices.SortStableFunc(jobs, func(a, b graph.ID) int { return last[b].Compare(last[a]) })
	return jobs[:min(len(jobs), maxWriters)], nil
}

// slicePage cuts a page out of a list in memory; more says that there is more behind the list.
func slicePage[T any](all []T, from, first int, more bool) Page[T] {
	rest := all[min(from, len(all)):]
	if len(rest) > first {
		return Page[T]{rest[:first], cursorAt(from + first)}
	}
	if more && len(rest) == first {
		return Page[T]{rest, cursorAt(from + first)}
	}
	return Page[T]{Items: rest}
}
