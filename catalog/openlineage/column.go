package openlineage

import (
	"strings"

	"weir/catalog"
)

// origins gathers what columns are made of: one derivation for each pair of columns.
type origins struct {
	reader *reader
	list   []catalog.Derivation
	pairs  index[pair] // of list
}

type pair struct{ column, namespace, name, from string }

// columnLineage reads the columnLineage facet, versions 1-0-0 to 1-2-0.
func (r *reader) columnLineage(v value, fact *catalog.DatasetFact) (bool, error) {
	if deleted(v) {
		return true, nil
	}
	fields := v.get("fields")
	if !v.is('{') || fields.given() && !fields.is('{') {
		return false, in("fields", bad("must be an object"))
	}
	o := r.origins(fact.Derivations)
	for m := fields.members(); m.more(); {
		column := string(m.key)
		if err := o.column(column, m.value); err != nil {
			return false, in("fields", in(column, err))
		}
	}
	if err := o.inputs(v, "dataset", "", value{}); err != nil {
		return false, err
	}
	fact.Derivations = o.list
	return true, nil
}

// origins begins with what is known already, which happens when a dataset stands in a list twice.
func (r *reader) origins(known []catalog.Derivation) *origins {
	o := &origins{reader: r, list: known}
	for _, d := range known {
		o.pairs.find(pair{d.Column, d.Namespace, d.Name, d.From})
	}
	return o
}

func (o *origins) column(column string, v value) error {
	if column == "" {
		return bad("is no name of a column")
	}
	if err := checkName(column); err != nil {
		return err
	}
	if !v.is('{') {
		return bad("must be an object")
	}
	return o.inputs(v, "inputFields", column, v)
}

// inputs reads an array of input fields. Whole is where transformations of the first versions stand: at the column.
func (o *origins) inputs(v value, key, column string, whole value) error {
	list := v.get(key)
	if list.given() && !list.is('[') {
		return in(key, bad("must be an array"))
	}
	for e := list.elements(); e.more(); {
		if err := o.input(e.value, column, whole); err != nil {
			return in(key, item(e.index, err))
		}
	}
	return nil
}

func (o *origins) input(v value, column string, whole value) error {
	namespace, dataset, err := identity(v)
	if err != nil {
		return err
	}
	from, err := name(v, "field")
	if err != nil {
		return err
	}
	return o.add(catalog.Derivation{Column: column, Namespace: namespace, Name: dataset, From: from}, v, whole)
}

// add reads how the column is made of its origin.
func (o *origins) add(d catalog.Derivation, v, whole value) error {
	if o.reader.derivations++; o.reader.derivations > MaxDerivations {
		return over(MaxDerivations, "column lineage entries before it in the event")
	}
	list := v.get("transformations")
	if list.given() && !list.is('[') {
		return in("transformations", bad("must be an array"))
	}
	if list.length() == 0 {
		// Without transformations a column is made of its origin, and all columns (Column "") depend on it.
		d.Indirect = d.Column == ""
		d.Subtype = strings.ToUpper(text(whole, "transformationType"))
		d.Description = text(whole, "transformationDescription")
		d.Masked = d.Subtype == "MASKED"
		o.merge(d)
		return nil
	}
	for e := list.elements(); e.more(); {
		masking := e.value.get("masking")
		if !e.value.is('{') || masking.given() && !masking.is('t') && !masking.is('f') {
			return in("transformations", item(e.index, bad("must be an object with type and, if at all, masking true or false")))
		}
		d.Indirect = strings.EqualFold(e.value.get("type").text(), "INDIRECT")
		d.Masked = masking.truth()
		d.Subtype = strings.ToUpper(text(e.value, "subtype"))
		d.Description = text(e.value, "description")
		o.merge(d)
	}
	return nil
}

// merge keeps the strongest of what is said of one pair: direct before indirect, then clear before masked, then the
// first.
func (o *origins) merge(d catalog.Derivation) {
	i, isNew := o.pairs.find(pair{d.Column, d.Namespace, d.Name, d.From})
	if isNew {
		o.list = append(o.list, d)
		return
	}
	old := &o.list[i]
	stronger := old.Indirect && !d.Indirect
	equal := old.Indirect == d.Indirect
	if stronger || equal && old.Masked && !d.Masked {
		*old = d
	}
}
