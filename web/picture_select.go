package web

import (
	"cmp"
	"slices"

	"weir/catalog"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/link"
	"weir/views/ui"
)

// selects are the filters of a picture, with the values that are in it.
func (p *picture) selects() []view.FilterSelect {
	var named []graph.ID
	for id, a := range p.assets {
		l := p.labels[id]
		named = slices.Concat(named, l.Owners, l.Classes, l.Inherited, []graph.ID{a.DomainID()})
	}
	return filterSelects(p.q.Filters, named, p.named)
}

// filterSelects offers the fixed kinds and levels, and the domains, owners and classes among those named; what is chosen
// is always offered.
func filterSelects(chosen []link.Filter, ids []graph.ID, named map[graph.ID]catalog.Asset) []view.FilterSelect {
	offer := map[string][]view.SelectOption{
		"kind":  {{Value: "dataset", Label: "Datasets"}, {Value: "transform", Label: "Jobs"}, {Value: "consumer", Label: "Consumers"}},
		"since": {{Value: "1", Label: "Last day"}, {Value: "7", Label: "Last 7 days"}, {Value: "30", Label: "Last 30 days"}, {Value: "90", Label: "Last 90 days"}},
	}
	for _, l := range catalog.Classifications {
		offer["level"] = append(offer["level"], view.SelectOption{Value: string(l), Label: levelOf(l).Word()})
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		switch v := named[id].Value.(type) {
		case catalog.Domain:
			offer["domain"] = append(offer["domain"], view.SelectOption{Value: v.Name, Label: domainName(v)})
		case catalog.Owner:
			offer["owner"] = append(offer["owner"], view.SelectOption{Value: v.Name, Label: ownerOf(v).Name})
		case catalog.Class:
			offer["class"] = append(offer["class"], view.SelectOption{Value: v.Name, Label: classWord(v.Name)})
		}
	}
	labels := map[string]string{"kind": "Kind", "domain": "Domain", "owner": "Owner", "class": "Data class", "level": "Classification", "since": "Loaded or run within"}
	var out []view.FilterSelect
	for _, name := range lineageFilters {
		out = append(out, view.FilterSelect{Name: name, Label: labels[name], Options: withChosen(name, offer[name], chosen)})
	}
	return out
}

// withChosen puts "any" first and marks what is chosen.
func withChosen(name string, options []view.SelectOption, chosen []link.Filter) []view.SelectOption {
	if name != "level" && name != "kind" && name != "since" {
		slices.SortFunc(options, func(a, b view.SelectOption) int { return cmp.Compare(a.Label, b.Label) })
	}
	out := append([]view.SelectOption{{Label: "Any"}}, options...)
	for _, f := range chosen {
		if f.Name != name {
			continue
		}
		i := slices.IndexFunc(out, func(o view.SelectOption) bool { return o.Value == f.Value })
		if i < 0 {
			out = append(out, view.SelectOption{Value: f.Value, Label: ui.Capital(f.Value)})
			i = len(out) - 1
		}
		out[i].On = true
	}
	return out
}
