package catalog

import (
	"context"
	"slices"

	"weir/errs"
	"weir/graph"
)

// Assets looks anything up by id, in at most two calls for up to graph.MaxBatch ids. Missing ids are absent. An alias
// answers, under the id asked for, with the head of its class. What the viewer may not see is absent, too; for those who
// don't see all it takes a few calls more.
func (s *Service) Assets(ctx context.Context, ids ...graph.ID) (map[graph.ID]Asset, error) {
	out, err := s.strict(ctx, ids)
	if err != nil {
		return nil, err
	}
	var heads []graph.ID
	for _, a := range out {
		if h := a.head(); h != "" {
			heads = append(heads, h)
		}
	}
	if len(heads) == 0 {
		return out, nil
	}
	found, err := s.assets(ctx, heads)
	if err != nil {
		return nil, err
	}
	for id, a := range out {
		if head, ok := found[a.head()]; ok {
			out[id] = head
		}
	}
	return out, nil
}

func readAssets(nodes map[graph.ID]graph.Node) (map[graph.ID]Asset, error) {
	out := make(map[graph.ID]Asset, len(nodes))
	for id, n := range nodes {
		a, ok, err := readAsset(n)
		if err != nil {
			return nil, err
		}
		if ok {
			out[id] = a
		}
	}
	return out, nil
}

// present returns a copy of ids that may name a node: what a client made up is nowhere, not an error.
func present(ids []graph.ID) []graph.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id graph.ID) bool { return !graph.ValidID(id) })
}

// one looks an asset of a certain type up; NotFound, with that word for it, if there is none.
func one[T any](ctx context.Context, s *Service, id graph.ID, word string) (T, error) {
	var none T
	found, err := s.Assets(ctx, id)
	if err != nil {
		return none, err
	}
	v, ok := found[id].Value.(T)
	if !ok {
		return none, errs.Ef(errs.NotFound, "There is no such %s.", word)
	}
	return v, nil
}

// DatasetByName looks a dataset up by the names that its source uses; an alias answers with its head.
func (s *Service) DatasetByName(ctx context.Context, namespace, name string) (DatasetView, error) {
	return s.Dataset(ctx, DatasetID(namespace, name))
}

// Dataset looks a dataset up; an alias answers with its head. NotFound if there is none.
func (s *Service) Dataset(ctx context.Context, id graph.ID) (DatasetView, error) {
	d, err := one[Dataset](ctx, s, id, "dataset")
	if err != nil {
		return DatasetView{}, err
	}
	if err := s.recordReads(ctx, d); err != nil {
		return DatasetView{}, err
	}
	v := DatasetView{Dataset: d}
	var members []graph.ID
	v.Described, members, err = s.describe(ctx, Asset{d.ID, DatasetType.Kind, d})
	if err != nil {
		return DatasetView{}, err
	}
	v.Aliases, err = s.aliases(ctx, d.ID, members)
	return v, err
}

// aliases are the members of a class but its head.
func (s *Service) aliases(ctx context.Context, head graph.ID, members []graph.ID) ([]Dataset, error) {
	members = slices.DeleteFunc(slices.Clone(members), func(id graph.ID) bool { return id == head })
	if len(members) == 0 {
		return nil, nil
	}
	found, err := s.assets(ctx, members)
	if err != nil {
		return nil, err
	}
	var out []Dataset
	for _, a := range found {
		if d, ok := a.Value.(Dataset); ok {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, byName)
	return out, nil
}

// Transform looks a transform up; NotFound if there is none.
func (s *Service) Transform(ctx context.Context, id graph.ID) (TransformView, error) {
	t, err := one[Transform](ctx, s, id, "job")
	if err != nil {
		return TransformView{}, err
	}
	d, _, err := s.describe(ctx, Asset{t.ID, TransformType.Kind, t})
	return TransformView{t, d}, err
}

// Consumer looks a consumer up; NotFound if there is none.
func (s *Service) Consumer(ctx context.Context, id graph.ID) (ConsumerView, error) {
	c, err := one[Consumer](ctx, s, id, "consumer")
	if err != nil {
		return ConsumerView{}, err
	}
	d, _, err := s.describe(ctx, Asset{c.ID, ConsumerKind.Kind, c})
	return ConsumerView{c, d}, err
}
