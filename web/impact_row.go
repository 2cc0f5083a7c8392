package web

import (
	"slices"

	"weir/catalog"
	"weir/catalog/lineage"
	"weir/graph"
	view "weir/views/lineage"
	"weir/views/ui"
)

// impactRow is one line of the list. A step is a dataset; a job counts to the step that it leads to.
func impactRow(row lineage.ImpactRow, named map[graph.ID]catalog.Asset) view.TwinRow {
	out := view.TwinRow{Steps: (row.Depth + 1) / 2, Hidden: row.Hidden}
	if via, ok := named[row.Via]; ok {
		out.Through = shortName(via.Shown())
	}
	if row.Hidden {
		return out
	}
	a, err := readAsset(row.Node.Node)
	if err != nil {
		a = catalog.Asset{ID: row.ID, Kind: row.Node.Node.Kind} // its place in the list is known all the same
	}
	out.Name, out.Kind, out.Level = linkTo(a), kindWord(a), classificationOf(a)
	for _, id := range row.Classes {
		out.Stamps = append(out.Stamps, ui.Stamp{Class: named[id].Name(), How: ui.Declared})
	}
	for _, id := range row.Inherited {
		if !slices.Contains(row.Classes, id) {
			out.Stamps = append(out.Stamps, ui.Stamp{Class: named[id].Name(), How: ui.Inherited})
		}
	}
	sortStamps(out.Stamps)
	for _, id := range row.Owners {
		if o, ok := named[id].Value.(catalog.Owner); ok {
			out.Owner = ownerOf(o)
			break
		}
	}
	if d, ok := named[row.Domain].Value.(catalog.Domain); ok {
		out.Domain = domainLink(&d)
	}
	return out
}
