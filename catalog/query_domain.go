package catalog

import (
	"context"
	"slices"
	"strings"

	"weir/graph"
)

// maxDomains is how many domains the pages that show all of them hold.
const maxDomains = 100

// DomainPage is the page of domains with their owners and counts, by name, at most 100.
func (s *Service) DomainPage(ctx context.Context) ([]DomainView, error) {
	_, by, err := s.counts(ctx)
	if err != nil {
		return nil, err
	}
	domains, owned, err := s.domainsOwned(ctx)
	if err != nil {
		return nil, err
	}
	found, err := s.assets(ctx, ends(owned))
	return domainViews(domains, owned, by, found), err
}

// Domain looks a domain up; NotFound if there is none.
func (s *Service) Domain(ctx context.Context, id graph.ID) (DomainView, error) {
	d, err := one[Domain](ctx, s, id, "domain")
	if err != nil {
		return DomainView{}, err
	}
	_, by, err := s.counts(ctx)
	if err != nil {
		return DomainView{}, err
	}
	owned, err := s.ownedBy(ctx, []graph.ID{id})
	if err != nil {
		return DomainView{}, err
	}
	found, err := s.assets(ctx, ends(owned))
	if err != nil {
		return DomainView{}, err
	}
	said, err := s.store.Nodes(ctx, factsID(id))
	if err != nil {
		return DomainView{}, err
	}
	v := domainViews([]Domain{d}, owned, by, found)[0]
	edits, _ := said[factsID(id)].Props["edits"].(int64)
	v.Edits = int(edits)
	return v, nil
}

// domainsOwned are the first domains and the edges to their owners.
func (s *Service) domainsOwned(ctx context.Context) ([]Domain, []graph.Edge, error) {
	page, err := s.Domains(ctx, maxDomains, "")
	if err != nil {
		return nil, nil, err
	}
	of := make([]graph.ID, len(page.Items))
	for i, d := range page.Items {
		of[i] = d.ID
	}
	owned, err := s.ownedBy(ctx, of)
	return page.Items, owned, err
}

func (s *Service) ownedBy(ctx context.Context, of []graph.ID) ([]graph.Edge, error) {
	page, err := s.store.Edges(ctx, graph.EdgeQuery{Of: of, Dir: graph.Out, Rels: []graph.Rel{RelOwned}})
	return page.Edges, err
}

// domainViews puts domains, the edges to their owners, the counts by domain and the owners together.
func domainViews(ds []Domain, owned []graph.Edge, by map[graph.ID]*Counts, found map[graph.ID]Asset) []DomainView {
	out := make([]DomainView, len(ds))
	for i, d := range ds {
		out[i].Domain = d
		if c := by[d.ID]; c != nil {
			out[i].Counts = *c
		}
		for _, e := range owned {
			if o, ok := found[e.To].Value.(Owner); ok && e.From == d.ID {
				out[i].Owners = append(out[i].Owners, o)
			}
		}
		slices.SortFunc(out[i].Owners, func(a, b Owner) int { return strings.Compare(a.Name, b.Name) })
	}
	return out
}
