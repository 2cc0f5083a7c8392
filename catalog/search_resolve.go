package catalog

import (
	"context"
	"slices"
	"strings"

	"weir/graph"
)

// namedIDs are the ids that a name computes to.
func namedIDs(field, name string) graph.ID {
	switch field {
	case byDomain:
		return DomainID(name)
	case byOwner:
		return OwnerID(name)
	case byTag:
		return TagID(name)
	}
	return ClassID(strings.ToLower(name))
}

// namedFields are the fields whose values are nodes of their own.
var namedFields = []string{byDomain, byOwner, byTag, byClass}

// resolve finds the nodes that the terms name, by name, and one domain or owner by its title; then the assets that
// hold the classes asked for.
func (s *Service) resolve(ctx context.Context, p *plan) error {
	want := map[string][]graph.ID{}
	var all []graph.ID
	for _, field := range namedFields {
		for _, name := range p.typed.of(field) {
			want[field] = append(want[field], namedIDs(field, name))
		}
		all = append(all, want[field]...)
	}
	if len(all) == 0 {
		return nil
	}
	found, err := s.strict(ctx, all)
	if err != nil {
		return err
	}
	p.calls++
	for i, id := range want[byDomain] {
		if _, ok := found[id]; !ok {
			want[byDomain][i] = graph.ID(DomainType.Spec.Prefix + "_") // a hidden domain finds as little as a missing one
		}
	}
	if err := s.byTitle(ctx, p, want, found); err != nil {
		return err
	}
	if ids := want[byDomain]; len(ids) > 0 {
		values := make([]any, len(ids))
		for i, id := range ids {
			values[i] = string(id)
		}
		p.filter(byDomain, "domain", values)
	}
	p.nearTo(byOwner, RelOwned, want[byOwner])
	p.nearTo(byTag, RelTagged, want[byTag])
	return s.holders(ctx, p, want[byClass])
}

func (p *plan) nearTo(field string, rel graph.Rel, to []graph.ID) {
	if len(to) > 0 {
		p.near = append(p.near, fieldNear{field, graph.Near{Rel: rel, Dir: graph.Out, To: to}})
	}
}

// byTitle adds the domains or owners whose title holds the words of a value that is no name, for the first such value.
func (s *Service) byTitle(ctx context.Context, p *plan, want map[string][]graph.ID, found map[graph.ID]Asset) error {
	asked := false
	for _, field := range namedFields {
		for _, name := range p.typed.of(field) {
			if _, ok := found[namedIDs(field, name)]; ok {
				continue
			}
			typ := map[string]graph.Kind{byDomain: DomainType.Kind, byOwner: OwnerType.Kind}[field]
			if typ == "" || asked {
				p.notes = append(p.notes, "There is no "+field+" called “"+name+"”.")
				continue
			}
			asked = true
			p.calls++
			named, err := s.findNames(ctx, name, typ, 10)
			if err != nil {
				return err
			}
			if graph.QueryWords(name) == nil || len(named) == 0 {
				p.notes = append(p.notes, "There is no "+field+" called “"+name+"”.")
				continue
			}
			want[field] = append(want[field], assetIDs(named)...)
		}
	}
	return nil
}

// holders finds the assets that hold one of the classes, declared or inherited. The store has no "or" between relations,
// so they are asked for by id. Where they are too many for that, the derived edges alone decide.
func (s *Service) holders(ctx context.Context, p *plan, classes []graph.ID) error {
	if len(classes) == 0 {
		return nil
	}
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: classes, Dir: graph.In, Rels: []graph.Rel{RelClass, RelInherits}})
	if err != nil {
		return err
	}
	p.calls++
	ids := []graph.ID{}
	for _, e := range page.Edges {
		if !strings.HasPrefix(string(e.From), ColumnType.Spec.Prefix+"_") {
			ids = append(ids, e.From)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(page.More) > 0 || len(ids) > graph.MaxBatch {
		p.nearTo(byClass, RelInherits, classes)
		p.notes = append(p.notes, "More than 10,000 things hold that class; those that only declare it themselves may be missing.")
		p.partial = true
		return nil
	}
	p.among[byClass] = ids
	return nil
}
