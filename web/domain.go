package web

import (
	"cmp"
	"context"
	"net/http"

	"weir/authz"
	"weir/catalog"
	"weir/graph"
	view "weir/views/catalog"
	"weir/views/link"
	"weir/views/ui"
)

// domains answers the page of all domains.
func (s *Site) domains(w http.ResponseWriter, r *http.Request) error {
	all, err := s.Catalog.DomainPage(r.Context())
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.DomainsPage(s.shell(r), view.DomainList{Cards: domainCards(all)}))
}

func domainCards(all []catalog.DomainView) []view.DomainCard {
	out := make([]view.DomainCard, len(all))
	for i, v := range all {
		d, c := v.Domain, v.Counts
		out[i] = view.DomainCard{
			Name: domainName(d), Href: link.Domain(string(d.ID), d.Name), Icon: domainIcon(d.Name), Owner: firstOwner(v.Owners),
			Holds:   ui.Count(c.Datasets, "dataset", "datasets") + ", " + ui.Count(c.Transforms, "job", "jobs"),
			Summary: firstLine(plainText(d.Description)),
		}
		if c.Failing > 0 {
			out[i].Failing = ui.Count(c.Failing, "job fails", "jobs fail")
		}
	}
	return out
}

// domainRows is how many things the page of a domain lists.
const domainRows = 50

// domain answers the page of one domain.
func (s *Site) domain(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Catalog.Domain(r.Context(), idOf(r))
	if err != nil {
		return err
	}
	found, err := s.Catalog.Search(r.Context(), catalog.SearchInput{
		Terms: []catalog.Term{{Field: "domain", Value: v.Domain.Name}}, Kinds: catalog.SearchKinds[:3], Sort: "name", Limit: domainRows,
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, view.DomainPage(s.shell(r), s.domainOf(r.Context(), v, found)))
}

func (s *Site) domainOf(ctx context.Context, v catalog.DomainView, found catalog.SearchResult) view.Domain {
	d, c := v.Domain, v.Counts
	kind := func(word string) string {
		return link.SearchQuery{Filters: []link.Filter{{Name: "domain", Value: d.Name}, {Name: "kind", Value: word}}}.URL()
	}
	out := view.Domain{
		ID: string(d.ID), Name: domainName(d), About: markdown(d.Description), Owner: firstOwner(v.Owners),
		Totals: []view.Total{
			{Count: number(c.Datasets, c.Capped), Noun: plural(c.Datasets, "dataset"), Href: kind("dataset")},
			{Count: number(c.Transforms, c.Capped), Noun: plural(c.Transforms, "job"), Href: kind("transform")},
			{Count: number(c.Consumers, c.Capped), Noun: plural(c.Consumers, "consumer"), Href: kind("consumer")},
			{Count: number(c.Failing, c.Capped), Noun: plural(c.Failing, "failing job"), Href: kind("transform")},
		},
		Shown: number(len(found.Hits), false) + " of " + number(found.Total, found.Capped),
	}
	if s.Policy.Can(ctx, authz.Domain, string(d.ID), authz.Edit) {
		out.Edit = link.DomainEdit(string(d.ID), d.Name)
	}
	levels := map[catalog.Classification]int{}
	for _, h := range found.Hits {
		out.Rows = append(out.Rows, s.assetRow(h))
		if ds, ok := h.Asset.Value.(catalog.Dataset); ok && ds.Classification != "" {
			levels[ds.Classification]++
		}
		if t, ok := h.Asset.Value.(catalog.Transform); ok && t.LastState == catalog.Failed {
			out.Failing = append(out.Failing, view.FailingRun{
				Job: linkTo(h.Asset), Run: link.Run(string(t.LastRun)), Error: "Its last run failed.", When: s.when(t.RanAt),
			})
		}
	}
	if found.Total > len(found.Hits) {
		out.All = ui.Link{Text: "All " + number(found.Total, found.Capped), Href: link.SearchFor("domain", d.Name)}
	} else {
		out.Levels = levelCounts(d.Name, levels)
	}
	return out
}

func levelCounts(domain string, levels map[catalog.Classification]int) []view.LevelCount {
	var out []view.LevelCount
	for i := len(catalog.Classifications) - 1; i >= 0; i-- {
		l := catalog.Classifications[i]
		if levels[l] == 0 {
			continue
		}
		q := link.SearchQuery{Filters: []link.Filter{{Name: "domain", Value: domain}, {Name: "classification", Value: string(l)}}}
		out = append(out, view.LevelCount{Level: levelOf(l), Count: number(levels[l], false), Href: q.URL()})
	}
	return out
}

func (s *Site) assetRow(h catalog.SearchHit) view.AssetRow {
	row := view.AssetRow{
		Name: linkTo(h.Asset), Kind: kindWord(h.Asset), Icon: iconOf(h.Asset), Stamps: stampsOf(h.Attributes), Owner: firstOwner(h.Owners),
	}
	row.Level, row.Fresh, row.Late = s.state(h.Asset)
	return row
}

// state is what lists show of an asset's own values: its classification and its last load or run.
func (s *Site) state(a catalog.Asset) (level ui.Level, fresh ui.When, late bool) {
	switch v := a.Value.(type) {
	case catalog.Dataset:
		fresh, late = s.fresh(v.Written)
		return levelOf(v.Classification), fresh, late
	case catalog.Transform:
		return "", s.when(v.RanAt), false
	case catalog.Consumer:
		return levelOf(v.Classification), s.when(v.RanAt), false
	}
	return "", ui.When{}, false
}

// idOf is the id in an address; the readable head before it isn't looked at.
func idOf(r *http.Request) graph.ID { return graph.ID(link.ID(cmp.Or(r.PathValue("id"), "none"))) }
