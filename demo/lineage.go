package demo

import (
	"slices"
	"strings"
)

// inputs lists what a job reads. A transform reads what its query does.
func (j *job) inputs(q query) []part {
	var all []part
	for _, name := range j.names(q) {
		all = append(all, part{Namespace: tableOf(name).on.namespace, Name: name})
	}
	return all
}

// names lists the datasets that a job reads.
func (j *job) names(q query) []string {
	names := slices.Clone(j.reads)
	for _, s := range q.sources() {
		names = append(names, s[1])
	}
	return names
}

// checked adds to inputs the assertions that were tested on them.
func checked(inputs []part, producer string) {
	for i := range inputs {
		t := tableOf(inputs[i].Name)
		if t.checks == "" {
			continue
		}
		var all []object
		for _, line := range lines(t.checks) {
			words := strings.Fields(line)
			all = append(all, object{"assertion": words[0], "column": words[1], "success": len(words) < 3})
		}
		inputs[i].InputFacets = facets{}
		inputs[i].InputFacets.put("dataQualityAssertions", producer, "1-0-2/DataQualityAssertionsDatasetFacet", object{"assertions": all})
	}
}

// target is the dataset that a transform writes, under the name that its engine knows it by.
func (j *job) target() part {
	t := tableOf(j.into)
	if t.path != "" {
		return part{Namespace: lake.namespace, Name: t.path}
	}
	return part{Namespace: t.on.namespace, Name: t.name}
}

// putLineage adds to the target of a job all that its client knows of it: schema, column lineage, other names.
func (j *job) putLineage(p *part, q query) {
	t := tableOf(j.into)
	p.Facets = facets{}
	p.Facets.put("schema", j.engine.producer, "1-2-0/SchemaDatasetFacet", object{"fields": schema(t.made(q))})
	columns := object{}
	for _, o := range q.outputs() {
		kind, masked := subtype(o.expression)
		if inputs := inputFields(q.origins(o.expression), "DIRECT", kind, masked); len(inputs) > 0 {
			columns[o.column] = object{"inputFields": inputs}
		}
	}
	body := object{"fields": columns}
	var rows []object
	for _, c := range q.conditions() {
		rows = append(rows, inputFields(q.origins(c[1]), "INDIRECT", c[0], false)...)
	}
	if len(rows) > 0 {
		body["dataset"] = rows
	}
	p.Facets.put("columnLineage", j.engine.producer, "1-2-0/ColumnLineageDatasetFacet", body)
	if t.path != "" {
		p.Facets.put("symlinks", j.engine.producer, "1-0-1/SymlinksDatasetFacet", object{
			"identifiers": []object{{"namespace": t.on.namespace, "name": t.name, "type": "TABLE"}},
		})
	}
}

func inputFields(origins []origin, kind, subtype string, masked bool) []object {
	var all []object
	for _, o := range origins {
		all = append(all, object{
			"namespace": tableOf(o.dataset).on.namespace, "name": o.dataset, "field": o.column,
			"transformations": []object{{"type": kind, "subtype": subtype, "description": "", "masking": masked}},
		})
	}
	return all
}

func schema(columns []column) []object {
	all := make([]object, len(columns))
	for i, c := range columns {
		all[i] = object{"name": c.name, "type": c.kind, "ordinal_position": i + 1}
		if c.about != "" {
			all[i]["description"] = c.about
		}
	}
	return all
}
