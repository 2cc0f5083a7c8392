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

// RunItem is a run in a list. Its State may be Lost.
type RunItem struct {
	Run Run
	Job Asset // a Transform or a Consumer; its Value is nil if the job is gone
}

// Took is how long the run took from its start; zero while it is running or if that is unknown.
func (r Run) Took() time.Duration {
	from := r.Started
	if from.IsZero() {
		from = r.First
	}
	if r.Ended.IsZero() || r.Ended.Before(from) {
		return 0
	}
	return r.Ended.Sub(from)
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
	return list(ctx, s, RunType, ask)
}

func (s *Service) runsOfJob(ctx context.Context, job graph.ID, first int, after string) (Page[Run], error) {
	return list(ctx, s, RunType, graph.Query{
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

// runItems adds their jobs to runs, and tells which are lost, in one call.
func (s *Service) runItems(ctx context.Context, runs []Run) ([]RunItem, error) {
	var want []graph.ID
	for _, r := range runs {
		want = append(want, r.Job)
	}
	jobs, err := s.assets(ctx, want)
	if err != nil {
		return nil, err
	}
	usual := usualDurations(runs)
	out := make([]RunItem, len(runs))
	for i, r := range runs {
		out[i] = RunItem{r.settled(s.now(), usual[r.Job]), jobs[r.Job]}
	}
	return out, nil
}

// usualDurations are the medians of how long the completed runs of each job took.
func usualDurations(runs []Run) map[graph.ID]time.Duration {
	took := map[graph.ID][]time.Duration{}
	for _, r := range runs {
		if r.State == Completed && r.Took() > 0 {
			took[r.Job] = append(took[r.Job], r.Took())
		}
	}
	out := map[graph.ID]time.Duration{}
	for job, ds := range took {
		slices.Sort(ds)
		out[job] = ds[len(ds)/2]
	}
	return out
}

// settled is the run with the state Lost if it has been silent for longer than a day and three times the usual duration.
func (r Run) settled(now time.Time, usual time.Duration) Run {
	if r.State == Running && now.Sub(r.Last) > max(24*time.Hour, 3*usual) {
		r.State = Lost
	}
	return r
}
