package catalog

import (
	"context"
	"slices"
	"time"

	"weir/graph"
)

// RunItem is a run in a list. Its State may be Lost.
type RunItem struct {
	Run Run
	Job Asset // a Transform or a Consumer; its Value is nil if the job is gone
	// Withheld tells that the error is left out: the job handles data that the viewer may not see.
	Withheld bool
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

// runItems adds their jobs to runs, and tells which are lost, in one call. It is for runs that the viewer may see.
func (s *Service) runItems(ctx context.Context, runs []Run) ([]RunItem, error) {
	var want []graph.ID
	for _, r := range runs {
		want = append(want, r.Job)
	}
	jobs, err := s.assets(ctx, want)
	if err != nil {
		return nil, err
	}
	mine := slices.Clone(runs)
	closed, err := s.withhold(ctx, pointers(mine))
	if err != nil {
		return nil, err
	}
	usual := usualDurations(runs)
	out := make([]RunItem, len(runs))
	for i, r := range mine {
		out[i] = RunItem{r.settled(s.now(), usual[r.Job]), jobs[r.Job], closed[r.Job]}
	}
	return out, nil
}

func pointers[T any](of []T) []*T {
	out := make([]*T, len(of))
	for i := range of {
		out[i] = &of[i]
	}
	return out
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

// settled is the run with the state Lost if it has been silent for longer than a day and three times the usual duration,
// and Other if it is known from the runs that it started alone.
func (r Run) settled(now time.Time, usual time.Duration) Run {
	if r.State == "" {
		r.State = Other
	}
	if r.State == Running && now.Sub(r.Last) > max(24*time.Hour, 3*usual) {
		r.State = Lost
	}
	return r
}
