package openlineage

import (
	"strings"

	"weir/catalog"
)

// dataset reads a dataset with the facets of its role.
func (r *reader) dataset(v value, role catalog.Role) error {
	namespace, name, err := identity(v)
	if err != nil {
		return err
	}
	fact := r.fact(namespace, name, role)
	understand := func(f facet) (bool, error) { return r.datasetFacet(f, fact) }
	if err := each(v, "facets", &fact.Facets, understand); err != nil {
		return err
	}
	if err := each(v, "inputFacets", &fact.Facets, understand); err != nil {
		return err
	}
	return each(v, "outputFacets", &fact.Facets, understand)
}

// datasetFacet reads one facet of a dataset.
func (r *reader) datasetFacet(f facet, fact *catalog.DatasetFact) (placed bool, err error) {
	if placed, known, err := about(f, &fact.Values, &fact.ColumnValues); known {
		return placed, err
	}
	switch f.key {
	case "schema":
		return schemaFacet(f.value, fact)
	case "columnLineage":
		return r.columnLineage(f.value, fact)
	case "lineage":
		return r.lineageOfDataset(f.value, fact)
	case "symlinks":
		return symlinksFacet(f.value, fact)
	case "version", "datasetVersion":
		fact.Version = text(f.value, "datasetVersion")
		return fact.Version != "", nil
	case "datasetType":
		return datasetType(f.value, fact), nil
	case "lifecycleStateChange":
		return lifecycle(f.value, fact), nil
	case "dataSource":
		return dataSource(f, fact), nil
	case "outputStatistics":
		if fact.Role == catalog.Output {
			fact.Rows, fact.Bytes = f.value.get("rowCount").count(), f.value.get("size").count()
		}
	}
	return false, nil // the number of files of outputStatistics and all that isn't known have no other place
}

// datasetType is placed only without a subtype, which has no place of its own.
func datasetType(v value, fact *catalog.DatasetFact) bool {
	if deleted(v) {
		stateEmpty(&fact.Values, catalog.FieldType)
		return true
	}
	state(&fact.Values, catalog.FieldType, strings.ToUpper(text(v, "datasetType")))
	return v.get("datasetType").is('"') && !v.get("subType").given()
}

// lifecycle reads what happened to a dataset. What was renamed is the same dataset under its former name, so that its
// lineage goes on: a symlink of type RENAMED.
func lifecycle(v value, fact *catalog.DatasetFact) bool {
	change := strings.ToUpper(text(v, "lifecycleStateChange"))
	state(&fact.Values, catalog.FieldLifecycle, change)
	former := v.get("previousIdentifier")
	if change != "RENAME" || !former.given() {
		return change != "" && !former.given()
	}
	return symlink(former, fact, "RENAMED") == nil
}

// dataSource keeps the facet, without the credentials that clients put into connection URIs.
func dataSource(f facet, fact *catalog.DatasetFact) bool {
	for m := f.value.members(); m.more(); {
		if string(m.key) != "uri" && string(m.key) != "name" {
			continue
		}
		if uri := m.value.text(); uri != withoutCredentials(uri) {
			keep(&fact.Facets, f.key, replace(f.value, "uri", "name"))
			return true
		}
	}
	return false
}
