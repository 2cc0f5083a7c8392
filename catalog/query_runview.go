package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"weir/graph"
)

// RunView is a run as its page shows it. Its State may be Lost.
type RunView struct {
	Run      Run
	Job      Asset  // Value is nil if the job is gone
	Producer string // of its source, without version
	Inputs   []RunData
	Outputs  []RunData
	Parent   *RunItem  // nil: none
	Children []RunItem // oldest first, at most maxChildren
	Events   []RawEvent
	Facets   []FacetText // of the run, as its latest event with each stated them
	// Withheld tells that the error, events and facets are left out: the job handles data that the viewer may not see.
	Withheld bool
}

// RunData is a dataset that a run read or wrote. Rows and Bytes are what it wrote, 0 if unknown.
type RunData struct {
	Dataset     Dataset
	Version     string
	Rows, Bytes int64
}

const (
	maxChildren = 200
	maxEvents   = 200
)

// Run looks a run up with all that is known of it, in ten calls at most; NotFound if there is none.
func (s *Service) Run(ctx context.Context, id graph.ID) (RunView, error) {
	r, err := one[Run](ctx, s, id, "run")
	if err != nil {
		return RunView{}, err
	}
	rs, err := s.registersOf(ctx, r)
	if err != nil {
		return RunView{}, err
	}
	closed, err := s.withheld(ctx, []graph.ID{r.Job})
	if err != nil {
		return RunView{}, err
	}
	v := RunView{Run: r, Withheld: closed[r.Job]}
	docs, children, err := s.around(ctx, id)
	if err != nil {
		return v, err
	}
	if !v.Withheld {
		if err := v.readEvents(ctx, s, docs); err != nil {
			return v, err
		}
	}
	if err := v.readData(ctx, s, rs); err != nil {
		return v, err
	}
	return v, v.readFamily(ctx, s, children)
}

// registersOf are the registers of a run that the viewer may see; they are not given out to all who may see the run.
func (s *Service) registersOf(ctx context.Context, r Run) (registers, error) {
	if r.Registers == nil && s.visible(ctx) != nil {
		all, err := s.unsieved(ctx, []graph.ID{r.ID})
		if err != nil {
			return nil, err
		}
		r, _ = all[r.ID].Value.(Run)
	}
	rs, err := parseRegisters(r.Registers)
	return rs, unreadable(err)
}

// around are the documents and the children of a run.
func (s *Service) around(ctx context.Context, run graph.ID) (docs, children []graph.ID, err error) {
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: []graph.ID{run}, Dir: graph.Out, Rels: []graph.Rel{RelDocument, RelParent}})
	for _, e := range page.Edges { // newest first
		switch {
		case e.Rel == RelParent && len(children) < maxChildren:
			children = append(children, e.To)
		case e.Rel == RelDocument && e.Key == "event" && len(docs) < maxEvents:
			docs = append(docs, e.To)
		}
	}
	return docs, children, err
}

// readData looks up what the run read and wrote, its source and its job, in one call.
func (v *RunView) readData(ctx context.Context, s *Service, rs registers) error {
	want := []graph.ID{v.Run.Job, v.Run.Source}
	for key := range rs {
		if _, id, ok := strings.Cut(key, ":"); ok {
			want = append(want, graph.ID(id))
		}
	}
	nodes, err := fetch(ctx, s.store, present(want))
	if err != nil {
		return err
	}
	found, err := readAssets(nodes)
	if err != nil {
		return err
	}
	if found, err = s.sieve(ctx, found); err != nil {
		return err
	}
	v.Job = found[v.Run.Job]
	if n, ok := nodes[v.Run.Source]; ok {
		src, err := SourceType.Read(n)
		if err != nil {
			return unreadable(err)
		}
		v.Producer = src.Producer
	}
	for key := range rs {
		part, id, _ := strings.Cut(key, ":")
		d, ok := found[graph.ID(id)].Value.(Dataset)
		switch {
		case ok && part == "in":
			v.Inputs = append(v.Inputs, RunData{Dataset: d, Version: rs.value("inv:" + id)})
		case ok && part == "out":
			v.Outputs = append(v.Outputs, wroteBy(rs, d))
		}
	}
	order := func(a, b RunData) int { return byName(a.Dataset, b.Dataset) }
	slices.SortFunc(v.Inputs, order)
	slices.SortFunc(v.Outputs, order)
	return nil
}

func wroteBy(rs registers, d Dataset) RunData {
	out := RunData{Dataset: d, Version: rs.value("outv:" + string(d.ID))}
	if vs := rs["wrote:"+string(d.ID)].Values; len(vs) == 2 {
		out.Rows, out.Bytes = number(vs[0]), number(vs[1])
	}
	return out
}

// readFamily looks up the runs that started this one and that this one started, and whether it is lost.
func (v *RunView) readFamily(ctx context.Context, s *Service, children []graph.ID) error {
	before, err := s.runsOfJob(ctx, v.Run.Job, 20, "")
	if err != nil {
		return err
	}
	v.Run = v.Run.settled(s.now(), usualDurations(before.Items)[v.Run.Job])
	found, err := s.assets(ctx, append(slices.Clone(children), v.Run.Parent))
	if err != nil {
		return err
	}
	var runs []Run
	for _, a := range found {
		if r, ok := a.Value.(Run); ok {
			runs = append(runs, r)
		}
	}
	slices.SortFunc(runs, func(a, b Run) int { return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.ID, b.ID)) })
	items, err := s.runItems(ctx, runs)
	if err != nil {
		return err
	}
	for _, item := range items {
		if item.Run.ID == v.Run.Parent {
			v.Parent = &item
		} else {
			v.Children = append(v.Children, item)
		}
	}
	return nil
}
