package catalog

import (
	"context"
	"slices"
	"strings"

	"weir/audit"
	"weir/graph"
)

// Withheld stands in a change where a name would tell of what the viewer may not see.
const Withheld = "(not shown to you)"

// lineageFields are the fields of changes whose values are names of the assets beside the changed one.
var lineageFields = []string{"input", "read by", "output", "made by"}

// sameField is the field of changes whose values are ids of other names.
const sameField = "same as"

// ShownEntries are entries of the log as the viewer may see them: without the changes of assets that he may not see, and
// without their names in the changes of others. Entries that are left without a change stay, since their numbers are no
// secret. It takes five calls for those who don't see all.
func (s *Service) ShownEntries(ctx context.Context, entries []audit.Entry) ([]audit.Entry, error) {
	if s.visible(ctx) == nil || len(entries) == 0 {
		return entries, nil
	}
	out := slices.Clone(entries)
	var want []graph.ID
	for _, e := range out {
		want = append(want, e.Target)
		for _, c := range e.Changes {
			want = append(want, c.Asset)
		}
	}
	all, err := s.unsieved(ctx, want)
	if err != nil {
		return nil, err
	}
	seen, err := s.sieve(ctx, all)
	if err != nil {
		return nil, err
	}
	for i, e := range out {
		if _, there := all[e.Target]; there && seen[e.Target].Value == nil {
			out[i].Target = ""
		}
		out[i].Changes = slices.DeleteFunc(slices.Clone(e.Changes), func(c audit.Change) bool { return seen[c.Asset].Value == nil })
	}
	return out, s.withholdNames(ctx, out)
}

// withholdNames replaces, in changes of what is visible, names of what is not.
func (s *Service) withholdNames(ctx context.Context, entries []audit.Entry) error {
	of, further := map[graph.ID]bool{}, []graph.ID{}
	for _, e := range entries {
		for _, c := range e.Changes {
			if slices.Contains(lineageFields, c.Field) {
				of[c.Asset] = true
			}
			further = append(further, others(c)...)
		}
	}
	beside, err := s.namesBeside(ctx, sortedKeys(of))
	if err != nil {
		return err
	}
	known, err := s.assets(ctx, further)
	if err != nil {
		return err
	}
	for _, e := range entries {
		for i, c := range e.Changes {
			e.Changes[i].Before = shownValue(c, c.Before, beside, known)
			e.Changes[i].After = shownValue(c, c.After, beside, known)
		}
	}
	return nil
}

// others are the ids of further assets that a change's values name.
func others(c audit.Change) []graph.ID {
	var out []graph.ID
	for _, v := range []string{c.Before, c.After} {
		switch {
		case v == "":
		case c.Field == sameField:
			out = append(out, graph.ID(v))
		case c.Field == string(FieldDomain):
			out = append(out, domainOf(v))
		}
	}
	return out
}

// domainOf is the id of a domain that a change names, by its id or by its name.
func domainOf(v string) graph.ID {
	if strings.HasPrefix(v, DomainType.Spec.Prefix+"_") {
		return graph.ID(v)
	}
	return DomainID(v)
}

func shownValue(c audit.Change, v string, beside map[graph.ID]map[string]bool, known map[graph.ID]Asset) string {
	ok := true
	switch {
	case v == "":
	case slices.Contains(lineageFields, c.Field):
		ok = beside[c.Asset][v]
	case c.Field == sameField:
		ok = known[graph.ID(v)].Value != nil
	case c.Field == string(FieldDomain):
		ok = known[domainOf(v)].Value != nil
	}
	if !ok {
		return Withheld
	}
	return v
}

// namesBeside are the names of the visible assets that lineage leads to from each of several, now or once.
func (s *Service) namesBeside(ctx context.Context, of []graph.ID) (map[graph.ID]map[string]bool, error) {
	out := map[graph.ID]map[string]bool{}
	for _, dir := range []graph.Dir{graph.In, graph.Out} {
		edges, err := adjacent(ctx, s.store, slices.Clone(of), dir, LineageRels...)
		if err != nil {
			return nil, err
		}
		far := func(e graph.Edge) (near, far graph.ID) {
			if dir == graph.Out {
				return e.From, e.To
			}
			return e.To, e.From
		}
		var want []graph.ID
		for _, e := range edges {
			_, id := far(e)
			want = append(want, id)
		}
		found, err := s.assets(ctx, want)
		if err != nil {
			return nil, err
		}
		for _, e := range edges {
			near, id := far(e)
			a, ok := found[id]
			if !ok {
				continue
			}
			if out[near] == nil {
				out[near] = map[string]bool{}
			}
			out[near][short(a.Name())] = true
		}
	}
	return out, nil
}
