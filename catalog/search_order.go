package catalog

import (
	"context"
	"slices"

	"weir/errs"
	"weir/graph"
)

// find asks the store, with what the viewer may see. Of filters on missing properties, facets and sorts it leaves out
// what none of the kinds declares: the store refuses those, and they would change nothing.
func (s *Service) find(ctx context.Context, q graph.Search) (graph.Result, error) {
	q.Visible = s.visible(ctx)
	q.Where = slices.DeleteFunc(slices.Clone(q.Where), func(f graph.Filter) bool {
		return f.Op == graph.Missing && !declares(q.Kinds, f.Prop)
	})
	q.Facets = slices.DeleteFunc(slices.Clone(q.Facets), func(f graph.Facet) bool {
		return f.Rel == "" && f.Prop != "kind" && !declares(q.Kinds, f.Prop)
	})
	sorted := slices.ContainsFunc(q.Kinds, func(k graph.Kind) bool { return slices.Contains(kindSpecs[k].Sorts, q.Sort) })
	if q.Sort != "" && !sorted {
		q.Sort, q.Desc = "name", false
	}
	res, err := s.store.Search(ctx, q)
	if res.Facets == nil {
		res.Facets = map[string][]graph.Bucket{}
	}
	return res, err
}

// declares tells whether one of the kinds is filtered and counted by a property.
func declares(kinds []graph.Kind, prop string) bool {
	return slices.ContainsFunc(kinds, func(k graph.Kind) bool { return slices.Contains(kindSpecs[k].Facets, prop) })
}

// sort is the property that the store sorts by, and whether from the greatest.
func (p *plan) sort() (string, bool) {
	prop, ok := sorts[p.order]
	if !ok || prop == "" && graph.QueryWords(p.text()) == nil {
		return "name", p.desc
	}
	return prop, p.desc && prop != ""
}

// sorts are the properties behind the orders.
var sorts = map[string]string{"": "", "relevance": "", "name": "name", "written": "written", "ran": "ranAt"}

// setOrder takes the order of the input, or the one that was typed last.
func (p *plan) setOrder(in SearchInput) error {
	if _, ok := sorts[in.Sort]; !ok {
		return errs.Bad("sort", "is not one of relevance, name, written and ran.")
	}
	p.order, p.desc = in.Sort, in.Desc
	typed := p.typed.of(bySort)
	if in.Sort != "" || len(typed) == 0 {
		return nil
	}
	word := typed[len(typed)-1]
	reversed := word[0] == '-'
	if reversed {
		word = word[1:]
	}
	if _, ok := sorts[word]; !ok {
		p.notes = append(p.notes, "sort: takes relevance, name, written or ran.")
		return nil
	}
	p.order = word
	p.desc = (word == "written" || word == "ran") != reversed
	return nil
}

// checkKinds holds the kinds of a search to those that it finds.
func checkKinds(kinds []graph.Kind) error {
	for _, k := range kinds {
		if !slices.Contains(SearchKinds, k) {
			return errs.Badf("kinds", "%q is not searched.", k)
		}
	}
	return nil
}
