package catalog

import (
	"context"
	"slices"

	"weir/graph"
)

// someHolders is how many of the assets that hold a named thing are looked at before the search is asked.
const someHolders = 50

// namedRels are the relations by which assets hold named things.
var namedRels = map[graph.Kind][]graph.Rel{
	OwnerType.Kind: {RelOwned}, TagType.Kind: {RelTagged}, ClassType.Kind: {RelClass, RelInherits},
}

// hanging tells which named things hang on something that the viewer may see: a name that only hidden assets bear is
// hidden, too. Everything does for those who see all.
func (s *Service) hanging(ctx context.Context, named []Asset) (map[graph.ID]bool, error) {
	out := map[graph.ID]bool{}
	if s.visible(ctx) == nil {
		for _, a := range named {
			out[a.ID] = true
		}
		return out, nil
	}
	if len(named) == 0 {
		return out, nil
	}
	page, err := s.store.Edges(ctx, graph.EdgeQuery{
		Of: assetIDs(named), Dir: graph.In, Rels: []graph.Rel{RelOwned, RelTagged, RelClass, RelInherits}, Limit: someHolders,
	})
	if err != nil {
		return nil, err
	}
	holders := make([]graph.ID, len(page.Edges))
	for i, e := range page.Edges {
		holders[i] = e.From
	}
	seen, err := s.assets(ctx, holders)
	if err != nil {
		return nil, err
	}
	for _, e := range page.Edges {
		if _, ok := seen[e.From]; ok {
			out[e.To] = true
		}
	}
	return out, s.hangingFar(ctx, named, page.More, out)
}

// hangingFar asks the search about named things with so many holders that those looked at may not have been the visible
// ones.
func (s *Service) hangingFar(ctx context.Context, named []Asset, more []graph.ID, out map[graph.ID]bool) error {
	for _, a := range named {
		if out[a.ID] || !slices.Contains(more, a.ID) {
			continue
		}
		for _, rel := range namedRels[a.Kind] {
			res, err := s.find(ctx, graph.Search{Kinds: SearchKinds, Near: []graph.Near{{Rel: rel, Dir: graph.Out, To: []graph.ID{a.ID}}}})
			if err != nil {
				return err
			}
			out[a.ID] = out[a.ID] || res.Total > 0
		}
	}
	return nil
}

// seenNames keeps of named things those that hang on something visible.
func seenNames[T any](s *Service, typ *graph.Type[T], id func(T) graph.ID) func(context.Context, []T) ([]bool, error) {
	return func(ctx context.Context, items []T) ([]bool, error) {
		named := make([]Asset, len(items))
		for i, v := range items {
			named[i] = Asset{id(v), typ.Kind, v}
		}
		hangs, err := s.hanging(ctx, named)
		out := make([]bool, len(items))
		for i, a := range named {
			out[i] = hangs[a.ID]
		}
		return out, err
	}
}

// findNames searches named things by their words, as far as the viewer may see them. More are asked for than are needed,
// since the hidden ones among them fall out afterwards.
func (s *Service) findNames(ctx context.Context, text string, kind graph.Kind, limit int) ([]Asset, error) {
	q := graph.Search{Text: text, Prefix: true, Kinds: []graph.Kind{kind}, Limit: limit}
	v := s.visible(ctx)
	own := kind == DomainType.Kind // has an audience of its own
	switch {
	case own:
		q.Visible = v
	case v != nil:
		q.Limit = min(10*limit, graph.MaxPage)
	}
	res, err := s.store.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []Asset
	for _, h := range res.Hits {
		a, _, err := readAsset(h.Node)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	if own {
		return out, nil
	}
	hangs, err := s.hanging(ctx, out)
	out = slices.DeleteFunc(out, func(a Asset) bool { return !hangs[a.ID] })
	return out[:min(len(out), limit)], err
}
