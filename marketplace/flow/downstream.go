package flow

import (
	"context"
	"maps"
	"slices"
	"time"

	"weir/catalog"
	"weir/graph"
)

// mostNearest is how many consumers a Reach shows.
const mostNearest = 50

// Reach is what data leads on to.
type Reach struct {
	Datasets, Transforms, Consumers int
	// Nearest are up to 50 of the consumers, nearest first.
	Nearest []Dependent
	// Partial tells that there is more downstream than was counted.
	Partial bool
}

// Dependent is a consumer that depends on data, through transforms or at first hand.
type Dependent struct {
	Consumer graph.ID
	Depth    int // edges: 1 reads the data itself
	Thing    Thing
}

// Downstream counts what depends on datasets at a time (zero: now), themselves not counted. Its errors are the reader's.
func Downstream(ctx context.Context, r graph.Reader, datasets []graph.ID, at time.Time) (Reach, error) {
	d, err := downstream(ctx, reader{r, at}, datasets)
	if err != nil {
		return Reach{}, err
	}
	out := Reach{
		Datasets: d.totals[catalog.DatasetType.Kind], Transforms: d.totals[catalog.TransformType.Kind],
		Consumers: d.totals[catalog.ConsumerKind.Kind], Partial: d.partial,
	}
	out.Nearest, err = d.name(ctx, mostNearest)
	return out, err
}

// Consumers are the consumers that depend on datasets at a time (zero: now), nearest first, at most so many. Complete
// tells that these are all. Its errors are the reader's.
func Consumers(ctx context.Context, r graph.Reader, datasets []graph.ID, at time.Time, most int) (found []Dependent, complete bool, err error) {
	d, err := downstream(ctx, reader{r, at}, datasets)
	if err != nil {
		return nil, false, err
	}
	complete = !d.partial && len(d.consumers) <= most
	found, err = d.name(ctx, most)
	return found, complete, err
}

// spread is what a walk downstream found.
type spread struct {
	r         reader
	totals    map[graph.Kind]int
	consumers []Dependent // without their Thing, nearest first
	partial   bool
}

// downstream walks along the data. Datasets that are others under another name count as those.
func downstream(ctx context.Context, r reader, datasets []graph.ID) (spread, error) {
	out := spread{r: r, totals: map[graph.Kind]int{}}
	heads, err := headsOf(ctx, r, datasets)
	if err != nil || len(heads) == 0 {
		return out, err
	}
	sub, err := r.Traverse(ctx, graph.Walk{
		From: heads, Rels: catalog.LineageRels, Depth: graph.MaxDepth, At: r.at, Max: graph.MaxNodes, Fields: []string{},
	})
	if err != nil {
		return out, err
	}
	maps.Copy(out.totals, sub.Totals)
	out.partial = sub.Cut
	for _, n := range sub.Nodes {
		if n.Depth == graph.MaxDepth && n.Out > 0 {
			out.partial = true
		}
		if n.Node.Kind == catalog.ConsumerKind.Kind {
			out.consumers = append(out.consumers, Dependent{Consumer: n.Node.ID, Depth: n.Depth})
		}
	}
	return out, nil
}

// headsOf are the datasets that stand for datasets; ids of anything else are left out.
func headsOf(ctx context.Context, r reader, datasets []graph.ID) ([]graph.ID, error) {
	nodes, err := r.nodes(ctx, datasets)
	if err != nil {
		return nil, err
	}
	var out []graph.ID
	for _, n := range nodes {
		head, err := headOf(n)
		if err != nil {
			return nil, err
		}
		if head != "" {
			out = append(out, head)
		}
	}
	return distinct(out), nil
}

// name tells what the nearest consumers are.
func (s spread) name(ctx context.Context, most int) ([]Dependent, error) {
	out := slices.Clone(s.consumers[:min(max(most, 0), len(s.consumers))])
	ids := make([]graph.ID, len(out))
	for i, d := range out {
		ids[i] = d.Consumer
	}
	nodes, err := s.r.nodes(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, d := range out {
		if out[i].Thing, err = thing(nodes[d.Consumer]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
