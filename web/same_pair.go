package web

import (
	"net/http"
	"slices"

	"weir/authz"
	"weir/catalog"
	"weir/errs"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// askSame asks before something is said of a name of a dataset and another one: the opposite of what is said now.
func (s *Site) askSame(w http.ResponseWriter, r *http.Request, d catalog.Dataset, of, other graph.ID) error {
	if of == "" {
		of = d.ID
	}
	said, err := s.Catalog.SaidSame(r.Context(), d.ID)
	if err != nil {
		return err
	}
	pair, err := s.samePair(r, said, of, other)
	if err != nil {
		return err
	}
	for _, one := range []catalog.Dataset{pair.A, pair.B} {
		if err := s.Policy.Require(r.Context(), authz.Asset, string(one.Domain), authz.Link); err != nil {
			return err
		}
	}
	id := string(d.ID)
	names := link.Same(id, d.Name, "")
	page := view.SamePair{
		A: sameName(pair.A), B: sameName(pair.B), AID: string(pair.A.ID), BID: string(pair.B.ID), Same: pair.Refused || !pair.said(),
		LinkA: linkTo(assetOf(pair.A.ID, catalog.DatasetType.Kind, pair.A)), LinkB: linkTo(assetOf(pair.B.ID, catalog.DatasetType.Kind, pair.B)),
		Back: pair.Refused, Action: names, Cancel: names,
		Crumbs: []ui.Link{{Text: datasetName(d), Href: link.Dataset(id, d.Name)}, {Text: "Names", Href: names}, {Text: "Say so"}},
	}
	if !page.Same {
		page.SourcesSaid, page.StaysSame = saidBy(catalog.SameSaid{Sources: pair.Sources}), joinedWithout(said, pair.SameSaid)
	}
	return s.show(w, r, http.StatusOK, view.SamePairPage(s.shell(r), page))
}

// twoNames are two datasets with what is said of them.
type twoNames struct{ catalog.SameSaid }

// said tells whether anybody says that they are the same.
func (p twoNames) said() bool { return p.Person || len(p.Sources) > 0 }

// samePair is what is said of two datasets; both are looked up if nothing is.
func (s *Site) samePair(r *http.Request, said []catalog.SameSaid, of, other graph.ID) (twoNames, error) {
	for _, p := range said {
		if p.A.ID == of && p.B.ID == other || p.A.ID == other && p.B.ID == of {
			return twoNames{p}, nil
		}
	}
	found, err := s.Catalog.Assets(r.Context(), of, other)
	if err != nil {
		return twoNames{}, err
	}
	a, okA := found[of].Value.(catalog.Dataset)
	b, okB := found[other].Value.(catalog.Dataset)
	switch {
	case !okA || !okB:
		return twoNames{}, errs.E(errs.NotFound, "There is no such dataset.")
	case a.ID == b.ID:
		return twoNames{}, errs.Bad("other", "is the same dataset already.")
	}
	return twoNames{catalog.SameSaid{A: a, B: b}}, nil
}

// joinedWithout tells whether two names stay the same by way of others if what is said of the two alone is refused.
func joinedWithout(said []catalog.SameSaid, pair catalog.SameSaid) bool {
	seen := []graph.ID{pair.A.ID}
	for i := 0; i < len(seen); i++ {
		for _, p := range said {
			if p.Refused || p.A.ID == pair.A.ID && p.B.ID == pair.B.ID {
				continue
			}
			next := p.B.ID
			if next == seen[i] {
				next = p.A.ID
			} else if p.A.ID != seen[i] {
				continue
			}
			if next == pair.B.ID {
				return true
			}
			if !slices.Contains(seen, next) {
				seen = append(seen, next)
			}
		}
	}
	return false
}
