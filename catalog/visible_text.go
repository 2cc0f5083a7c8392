package catalog

import (
	"context"
	"encoding/json"
	"slices"

	"weir/graph"
)

// Texts may name anything: the code of a job, its errors, events and facets are shown only to those who may see all data
// that it reads or writes, or ever did.

// dataOfJobs are the datasets that jobs read or write or ever did, whether the viewer may see them or not, in three calls.
func (s *Service) dataOfJobs(ctx context.Context, jobs []graph.ID) (map[graph.ID][]Dataset, error) {
	in, err := adjacent(ctx, s.store, slices.Clone(jobs), graph.In, RelInput, RelDelivers)
	if err != nil {
		return nil, err
	}
	out, err := adjacent(ctx, s.store, slices.Clone(jobs), graph.Out, RelOutput)
	if err != nil {
		return nil, err
	}
	edges := slices.Concat(in, out)
	var want []graph.ID
	for _, e := range edges {
		want = append(want, dataEnd(e))
	}
	found, err := s.unsieved(ctx, want)
	if err != nil {
		return nil, err
	}
	by := map[graph.ID][]Dataset{}
	for _, e := range edges {
		if d, ok := found[dataEnd(e)].Value.(Dataset); ok {
			by[jobEnd(e)] = append(by[jobEnd(e)], d)
		}
	}
	return by, nil
}

// dataEnd is the end of a lineage edge that is a dataset.
func dataEnd(e graph.Edge) graph.ID {
	if e.Rel == RelOutput {
		return e.To
	}
	return e.From
}

// withheld tells of which jobs the viewer may not read texts.
func (s *Service) withheld(ctx context.Context, jobs []graph.ID) (map[graph.ID]bool, error) {
	v := s.visible(ctx)
	if v == nil || len(jobs) == 0 {
		return nil, nil
	}
	data, err := s.dataOfJobs(ctx, jobs)
	out := map[graph.ID]bool{}
	for job, of := range data {
		out[job] = slices.ContainsFunc(of, func(d Dataset) bool { return !sees(v, d.Audience) })
	}
	return out, err
}

// withhold takes out of runs what the viewer may not read, and tells of which it left the texts out.
func (s *Service) withhold(ctx context.Context, runs []*Run) (map[graph.ID]bool, error) {
	if s.visible(ctx) == nil || len(runs) == 0 {
		return nil, nil
	}
	jobs := make([]graph.ID, len(runs))
	for i, r := range runs {
		jobs[i] = r.Job
	}
	closed, err := s.withheld(ctx, jobs)
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		r.Registers = nil
		if closed[r.Job] {
			r.Error = ""
		}
	}
	return closed, s.withholdParents(ctx, runs)
}

// withholdParents takes out of runs the ids of those that started them, where the viewer may not see these.
func (s *Service) withholdParents(ctx context.Context, runs []*Run) error {
	var parents, jobs []graph.ID
	for _, r := range runs {
		parents = append(parents, r.Parent)
	}
	found, err := s.unsieved(ctx, parents)
	if err != nil || len(found) == 0 {
		return err
	}
	for _, a := range found {
		jobs = append(jobs, a.follows())
	}
	seen, err := s.assets(ctx, jobs)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if a, ok := found[r.Parent]; ok && seen[a.follows()].Value == nil {
			r.Parent = ""
		}
	}
	return nil
}

// named is a thing as events name it.
type named struct {
	namespace, name string
}

// namesIn collects what a JSON text names, at any depth.
func namesIn(v any, into map[named]bool) {
	switch v := v.(type) {
	case map[string]any:
		namespace, ok := v["namespace"].(string)
		name, ok2 := v["name"].(string)
		if ok && ok2 {
			into[named{namespace, name}] = true
		}
		for _, part := range v {
			namesIn(part, into)
		}
	case []any:
		for _, part := range v {
			namesIn(part, into)
		}
	}
}

// tells reports of each JSON text whether it names something that the viewer may not see, or can't be looked into, in two
// calls for all.
func (s *Service) tells(ctx context.Context, texts []string) ([]bool, error) {
	out := make([]bool, len(texts))
	if s.visible(ctx) == nil || len(texts) == 0 {
		return out, nil
	}
	ids := make([][]graph.ID, len(texts))
	var want []graph.ID
	for i, text := range texts {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			out[i] = true
			continue
		}
		names := map[named]bool{}
		namesIn(v, names)
		for n := range names {
			ids[i] = append(ids[i], DatasetID(n.namespace, n.name), TransformID(n.namespace, n.name), ConsumerID(n.namespace, n.name))
		}
		want = append(want, ids[i]...)
	}
	all, err := s.unsieved(ctx, want)
	if err != nil {
		return nil, err
	}
	seen, err := s.sieve(ctx, all)
	if err != nil {
		return nil, err
	}
	for i := range texts {
		out[i] = out[i] || slices.ContainsFunc(ids[i], func(id graph.ID) bool {
			_, there := all[id]
			_, shown := seen[id]
			return there && !shown
		})
	}
	return out, nil
}

// facetsFor leaves out the facets of an asset that tell of what the viewer may not see.
func (s *Service) facetsFor(ctx context.Context, of graph.ID, facets []FacetText) ([]FacetText, error) {
	if s.visible(ctx) == nil || len(facets) == 0 {
		return facets, nil
	}
	closed, err := s.withheld(ctx, []graph.ID{of})
	if err != nil || closed[of] {
		return nil, err
	}
	texts := make([]string, len(facets))
	for i, f := range facets {
		texts[i] = f.JSON
	}
	tell, err := s.tells(ctx, texts)
	if err != nil {
		return nil, err
	}
	var out []FacetText
	for i, f := range facets {
		if !tell[i] {
			out = append(out, f)
		}
	}
	return out, nil
}
