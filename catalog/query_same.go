package catalog

import (
	"cmp"
	"context"
	"slices"

	"weir/graph"
)

// SameSaid is what is said of two datasets: that they are the same under two names, by a source or a person, or, where a
// person said so, that they are not although somebody says they are.
type SameSaid struct {
	A, B    Dataset
	Sources []string // producers that say that they are the same, ordered
	Person  bool     // a person says that they are the same
	Refused bool     // a person says that they are not, which outranks the others
}

// SaidSame tells what is said of a dataset and its other names, by the names of both. Pairs of which the viewer may not see
// one are left out. NotFound if there is no such dataset.
func (s *Service) SaidSame(ctx context.Context, id graph.ID) ([]SameSaid, error) {
	d, err := one[Dataset](ctx, s, id, "dataset")
	if err != nil {
		return nil, err
	}
	own, err := s.factsOf(ctx, d.ID)
	if err != nil {
		return nil, err
	}
	of := []graph.ID{d.ID}
	for _, m := range ids(own[d.ID].Members) {
		if m != d.ID {
			of = append(of, m)
		}
	}
	pairs := map[[2]graph.ID][]graph.Edge{}
	for _, dir := range []graph.Dir{graph.Out, graph.In} {
		page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: of, Dir: dir, Rels: []graph.Rel{RelSame}})
		if err != nil {
			return nil, err
		}
		for _, e := range page.Edges {
			k := pairOf(e.From, e.To)
			pairs[k] = append(pairs[k], e)
		}
	}
	return s.saidOf(ctx, pairs)
}

// pairOf names two datasets, whichever comes first.
func pairOf(a, b graph.ID) [2]graph.ID { return [2]graph.ID{min(a, b), max(a, b)} }

// saidOf reads the datasets and sources that pairs of datasets are about.
func (s *Service) saidOf(ctx context.Context, pairs map[[2]graph.ID][]graph.Edge) ([]SameSaid, error) {
	var want, sources []graph.ID
	for k, es := range pairs {
		want = append(want, k[0], k[1])
		for _, e := range es {
			sources = append(sources, graph.ID(e.Key))
		}
	}
	ends, err := s.assets(ctx, want)
	if err != nil {
		return nil, err
	}
	nodes, err := fetch(ctx, s.store, present(sources))
	if err != nil {
		return nil, err
	}
	var out []SameSaid
	for k, es := range pairs {
		a, okA := ends[k[0]].Value.(Dataset)
		b, okB := ends[k[1]].Value.(Dataset)
		if !okA || !okB {
			continue
		}
		said := SameSaid{A: a, B: b}
		for _, e := range es {
			if err := said.add(e, nodes); err != nil {
				return nil, err
			}
		}
		slices.Sort(said.Sources)
		said.Sources = slices.Compact(said.Sources)
		out = append(out, said)
	}
	slices.SortFunc(out, func(x, y SameSaid) int {
		return cmp.Or(byName(x.A, y.A), byName(x.B, y.B), cmp.Compare(x.A.ID, y.A.ID), cmp.Compare(x.B.ID, y.B.ID))
	})
	return out, nil
}

// add joins one statement.
func (said *SameSaid) add(e graph.Edge, nodes map[graph.ID]graph.Node) error {
	said.Refused = said.Refused || readEdgeProps(e.Props).refused
	if e.Key == personKey {
		said.Person = true
		return nil
	}
	n, ok := nodes[graph.ID(e.Key)]
	if !ok || n.Kind != SourceType.Kind {
		said.Sources = append(said.Sources, e.Key)
		return nil
	}
	src, err := SourceType.Read(n)
	said.Sources = append(said.Sources, src.Producer)
	return unreadable(err)
}
