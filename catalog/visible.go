package catalog

import (
	"context"
	"maps"
	"slices"

	"weir/graph"
)

// visible is what the viewer may see; nil is all. Every list and search asks here.
func (s *Service) visible(ctx context.Context) *graph.Visible { return s.policy.Visible(ctx) }

func sees(v *graph.Visible, audience string) bool {
	return v == nil || slices.Contains(v.Audiences, audience)
}

// follows is the asset whose audience this one shares: of a column its dataset, of a run its job; "" for others.
func (a Asset) follows() graph.ID {
	switch v := a.Value.(type) {
	case Column:
		return v.Dataset
	case Run:
		return v.Job
	}
	return ""
}

// audience is the key that the asset carries; named things, such as owners, have none, and are seen where they hang on
// something that is seen.
func (a Asset) audience() (key string, has bool) {
	switch v := a.Value.(type) {
	case Dataset:
		return v.Audience, true
	case Transform:
		return v.Audience, true
	case Consumer:
		return v.Audience, true
	case Domain:
		return v.Audience, true
	case Owner, Tag, Class:
		return "", false
	}
	return "", true // nobody sees what is of no known kind, or follows what is gone
}

// sieve leaves out what the viewer may not see, in one call more at most, four where there are runs. Named things pass.
func (s *Service) sieve(ctx context.Context, all map[graph.ID]Asset) (map[graph.ID]Asset, error) {
	v := s.visible(ctx)
	if v == nil || len(all) == 0 {
		return all, nil
	}
	var want []graph.ID
	for _, a := range all {
		if home := a.follows(); home != "" && all[home].Value == nil {
			want = append(want, home)
		}
	}
	homes, err := s.unsieved(ctx, want)
	if err != nil {
		return nil, err
	}
	maps.Copy(homes, all)
	out := make(map[graph.ID]Asset, len(all))
	var runs []*Run
	for id, a := range all {
		of := a
		if home := a.follows(); home != "" {
			of = homes[home]
		}
		key, has := of.audience()
		switch r, isRun := a.Value.(Run); {
		case has && !sees(v, key):
		case isRun:
			runs = append(runs, &r)
		default:
			out[id] = a
		}
	}
	_, err = s.withhold(ctx, runs)
	for _, r := range runs {
		out[r.ID] = Asset{r.ID, RunType.Kind, *r}
	}
	return out, err
}

// assets reads nodes as they are, aliases too, as far as the viewer may see them. Owners, tags and classes pass: it is
// for ids that something visible led to.
func (s *Service) assets(ctx context.Context, ids []graph.ID) (map[graph.ID]Asset, error) {
	all, err := s.unsieved(ctx, ids)
	if err != nil {
		return nil, err
	}
	return s.sieve(ctx, all)
}

// unsieved reads nodes whether the viewer may see them or not.
func (s *Service) unsieved(ctx context.Context, ids []graph.ID) (map[graph.ID]Asset, error) {
	nodes, err := fetch(ctx, s.store, present(ids))
	if err != nil {
		return nil, err
	}
	return readAssets(nodes)
}

// strict is assets for ids that come from outside: named things that hang on nothing visible are left out.
func (s *Service) strict(ctx context.Context, ids []graph.ID) (map[graph.ID]Asset, error) {
	out, err := s.assets(ctx, ids)
	if err != nil {
		return nil, err
	}
	var named []Asset
	for _, a := range out {
		if _, has := a.audience(); !has {
			named = append(named, a)
		}
	}
	hangs, err := s.hanging(ctx, named)
	if err != nil {
		return nil, err
	}
	for _, a := range named {
		if !hangs[a.ID] {
			delete(out, a.ID)
		}
	}
	return out, nil
}
