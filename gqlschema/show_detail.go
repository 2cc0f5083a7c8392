package gqlschema

import (
	"maps"
	"slices"

	"weir/audit"
	"weir/catalog"
	"weir/gqlschema/gen"
)

func showStatements(said map[catalog.Field]catalog.Said) []*gen.Statement {
	out := []*gen.Statement{}
	for _, field := range slices.Sorted(maps.Keys(said)) {
		s := said[field]
		out = append(out, &gen.Statement{Field: string(field), ByPerson: s.Person, By: s.By, At: when(s.At)})
	}
	return out
}

func showFacet(f catalog.FacetText) *gen.Facet {
	return &gen.Facet{Key: f.Key, JSON: f.JSON, By: f.Said.By, At: when(f.Said.At)}
}

func showCounts(c catalog.Counts) *gen.Counts {
	return &gen.Counts{Datasets: c.Datasets, Transforms: c.Transforms, Consumers: c.Consumers, Failing: c.Failing, IsCapped: c.Capped}
}

func showEntry(e audit.Entry) *gen.HistoryEntry {
	out := &gen.HistoryEntry{
		Seq: int(e.Seq), At: e.At, Actor: e.Actor, Action: e.Action, Erased: e.Erased,
		Changes: all(e.Changes, showChange),
	}
	if e.Target != "" {
		out.Target = &e.Target
	}
	return out
}

func showRunData(d catalog.RunData) *gen.RunData {
	return &gen.RunData{Dataset: showDataset(d.Dataset), Version: text(d.Version), Rows: amount(d.Rows), Bytes: amount(d.Bytes)}
}
