package catalog

import (
	"context"
	"maps"
	"slices"
	"strings"

	"weir/graph"
)

// describe puts together what the page of an asset shows beside it, and the members of its alias class.
func (s *Service) describe(ctx context.Context, a Asset) (Described, []graph.ID, error) {
	at, err := s.attributesOf(ctx, []Asset{a})
	if err != nil {
		return Described{}, nil, err
	}
	own, err := s.factsOf(ctx, a.ID)
	if err != nil {
		return Described{}, nil, err
	}
	members := ids(own[a.ID].Members)
	all := own
	if len(members) > 1 {
		if all, err = s.factsOf(ctx, members...); err != nil {
			return Described{}, nil, err
		}
	}
	rs, err := joined(all)
	if err != nil {
		return Described{}, nil, err
	}
	d := Described{Attributes: at[a.ID], Seen: own[a.ID].Seen, Edits: own[a.ID].Edits}
	if d.Said, d.Facets, err = s.said(ctx, rs); err != nil {
		return d, nil, err
	}
	d.Facets, err = s.facetsFor(ctx, a.ID, d.Facets)
	return d, members, err
}

// factsOf reads the facts beside assets; those that have none are absent.
func (s *Service) factsOf(ctx context.Context, subjects ...graph.ID) (map[graph.ID]facts, error) {
	want := make([]graph.ID, len(subjects))
	for i, id := range subjects {
		want[i] = factsID(id)
	}
	nodes, err := fetch(ctx, s.store, want)
	if err != nil {
		return nil, err
	}
	out := make(map[graph.ID]facts, len(nodes))
	for _, n := range nodes {
		f, err := factsType.Read(n)
		if err != nil {
			return nil, unreadable(err)
		}
		out[f.Subject] = f
	}
	return out, nil
}

// joined are the registers of all names of an asset: of each key the greatest.
func joined(all map[graph.ID]facts) (registers, error) {
	out := registers{}
	for _, f := range all {
		rs, err := parseRegisters(f.Registers)
		if err != nil {
			return nil, unreadable(err)
		}
		for key, r := range rs {
			if old, ok := out[key]; !ok || old.less(stamp{r.At, r.Hash, r.Source}) {
				out[key] = r
			}
		}
	}
	return out, nil
}

// said tells who stated each shown value, and shows the facets, in one call.
func (s *Service) said(ctx context.Context, rs registers) (map[Field]Said, []FacetText, error) {
	var want []graph.ID
	for key, r := range rs {
		want = append(want, r.Source)
		if strings.HasPrefix(key, keyFacet) {
			want = append(want, graph.ID(rs.value(key)))
		}
	}
	nodes, err := fetch(ctx, s.store, present(want))
	if err != nil {
		return nil, nil, err
	}
	bodies, err := texts(nodes)
	if err != nil {
		return nil, nil, err
	}
	said := map[Field]Said{}
	var facets []FacetText
	for _, key := range slices.Sorted(maps.Keys(rs)) {
		by, err := rs[key].said(key, nodes)
		if err != nil {
			return nil, nil, err
		}
		body := rs.value(key) // the facet itself, or the id of its document
		if text, ok := bodies[graph.ID(body)]; ok {
			body = text
		}
		switch {
		case strings.HasPrefix(key, keyFacet):
			facets = append(facets, FacetText{key[len(keyFacet):], body, by})
		case strings.HasPrefix(key, keyEvent), strings.HasPrefix(key, keyPerson):
			said[Field(key[len(keyEvent):])] = by // a person's key comes later in the order, and outranks
		}
	}
	return said, facets, nil
}

func (r register) said(key string, nodes map[graph.ID]graph.Node) (Said, error) {
	out := Said{Person: strings.HasPrefix(key, keyPerson), By: string(r.Source), At: registers{key: r}.at(key)}
	n, ok := nodes[r.Source]
	if !ok || n.Kind != SourceType.Kind {
		return out, nil
	}
	src, err := SourceType.Read(n)
	out.By = src.Producer
	return out, unreadable(err)
}
